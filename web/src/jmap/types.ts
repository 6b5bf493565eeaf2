//! The parts of RFC 8621 that this app reads and writes.

export interface MailboxRights {
  mayReadItems: boolean;
  mayAddItems: boolean;
  mayRemoveItems: boolean;
  maySetSeen: boolean;
  maySetKeywords: boolean;
  mayCreateChild: boolean;
  mayRename: boolean;
  mayDelete: boolean;
  maySubmit: boolean;
}

/** What JMAP calls a mailbox is a folder here. */
export interface Folder {
  id: string;
  name: string;
  parentId: string | null;
  role: string | null;
  sortOrder: number;
  totalEmails: number;
  unreadEmails: number;
  totalThreads: number;
  unreadThreads: number;
  myRights: MailboxRights;
  isSubscribed: boolean;
}

export interface Address {
  name: string | null;
  email: string;
}

export interface BodyPart {
  partId: string | null;
  blobId: string | null;
  size: number;
  name: string | null;
  type: string;
  charset: string | null;
  disposition: string | null;
  cid: string | null;
}

/** What a list shows of an email. */
export interface EmailLine {
  id: string;
  threadId: string;
  mailboxIds: Record<string, boolean>;
  keywords: Record<string, boolean>;
  from: Address[] | null;
  to: Address[] | null;
  subject: string | null;
  receivedAt: string;
  preview: string;
  hasAttachment: boolean;
  size: number;
}

/** What the reading pane shows. */
export interface Email extends EmailLine {
  blobId: string;
  messageId: string[] | null;
  inReplyTo: string[] | null;
  references: string[] | null;
  sender: Address[] | null;
  cc: Address[] | null;
  bcc: Address[] | null;
  replyTo: Address[] | null;
  sentAt: string | null;
  htmlBody: BodyPart[];
  textBody: BodyPart[];
  attachments: BodyPart[];
  bodyValues: Record<string, { value: string; isTruncated: boolean; isEncodingProblem: boolean }>;
}

export interface Identity {
  id: string;
  name: string;
  email: string;
  replyTo: Address[] | null;
  mayDelete: boolean;
  /** How a mail goes out: as one's own, as the mailbox without a trace of the person, or for it by the person. */
  sendsAs?: string;
}

export interface SetError {
  type: string;
  description?: string;
  properties?: string[];
}

export interface SetAnswer {
  created?: Record<string, { id: string; blobId?: string; threadId?: string; size?: number }> | null;
  updated?: Record<string, unknown> | null;
  destroyed?: string[] | null;
  notCreated?: Record<string, SetError> | null;
  notUpdated?: Record<string, SetError> | null;
  notDestroyed?: Record<string, SetError> | null;
  newState: string;
}

export interface Filter {
  inMailbox?: string;
  inMailboxOtherThan?: string[];
  text?: string;
  from?: string;
  to?: string;
  subject?: string;
  body?: string;
  hasKeyword?: string;
  notKeyword?: string;
  hasAttachment?: boolean;
  after?: string;
  before?: string;
}

export const LINE_PROPERTIES = [
  "id",
  "threadId",
  "mailboxIds",
  "keywords",
  "from",
  "to",
  "subject",
  "receivedAt",
  "preview",
  "hasAttachment",
  "size",
] as const satisfies readonly (keyof EmailLine)[];

export const EMAIL_PROPERTIES = [
  ...LINE_PROPERTIES,
  "blobId",
  "messageId",
  "inReplyTo",
  "references",
  "sender",
  "cc",
  "bcc",
  "replyTo",
  "sentAt",
  "htmlBody",
  "textBody",
  "attachments",
  "bodyValues",
] as const satisfies readonly (keyof Email)[];
