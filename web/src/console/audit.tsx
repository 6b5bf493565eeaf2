//! The record of every act.

import { t } from "../text";
import { AuditTable } from "./audit-table";
import { PageHead } from "./page-head";

export function Audit() {
  return (
    <>
      <PageHead title={t("audit.title")} text={t("audit.about")} />
      <AuditTable />
    </>
  );
}
