//! Activity: every act in the mailbox and about it.

import { AuditTable } from "../audit-table";
import { useMailboxName } from "./mailbox";

export function Activity() {
  return <AuditTable mailbox={useMailboxName()} />;
}
