//! What a folder is called and looks like: those that every mailbox has go by their role.

import type { Folder } from "../jmap/types";
import { isMessage, t } from "../text";
import type { IconName } from "../ui/icons";

const ICONS: Record<string, IconName> = {
  inbox: "inbox",
  drafts: "draft",
  sent: "sent",
  outbox: "clock",
  trash: "trash",
  junk: "junk",
  archive: "archive",
};

export function folderIcon(folder: Folder): IconName {
  return ICONS[folder.role ?? ""] ?? "folder";
}

export function folderName(folder: Folder): string {
  const id = `folder.${folder.role}`;
  return isMessage(id) ? t(id) : folder.name;
}

/** What waits there for somebody: unread mail, or drafts that were not sent. */
export function waiting(folder: Folder): number {
  if (folder.role === "drafts" || folder.role === "outbox") return folder.totalEmails;
  if (folder.role === "sent" || folder.role === "trash" || folder.role === "junk") return 0;
  return folder.unreadEmails;
}
