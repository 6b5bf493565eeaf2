//! A draft as the composer holds it, and as JMAP takes it (RFC 8621 section 4.6).

import type { Address, Email, Identity } from "../../jmap/types";

export interface Attachment {
  /** For the screen. */
  key: number;
  name: string;
  type: string;
  size: number;
  /** Absent while it is uploaded. */
  blobId?: string;
  progress: number;
  error?: string;
}

export interface Sender {
  /** Whose identity it is: drafts stand there and are sent from there. */
  accountId: string;
  accountName: string;
  isPersonal: boolean;
  identity: Identity;
}

export interface Draft {
  to: Address[];
  cc: Address[];
  bcc: Address[];
  subject: string;
  html: string;
  text: string;
  attachments: Attachment[];
  inReplyTo: string[] | null;
  references: string[] | null;
}

/** `Ann Lee <ann@example.org>, bo@example.org` as addresses; what is none is given back as it was typed. */
export function addressesIn(text: string): { addresses: Address[]; rest: string } {
  const addresses: Address[] = [];
  const rest: string[] = [];
  for (const piece of pieces(text)) {
    const named = /^\s*(?:"([^"]*)"|([^<>"]*?))\s*<\s*([^<>\s]+@[^<>\s]+)\s*>\s*$/.exec(piece);
    const bare = /^\s*([^<>\s@,;]+@[^<>\s@,;]+)\s*$/.exec(piece);
    if (named?.[3]) addresses.push({ name: (named[1] ?? named[2] ?? "").trim() || null, email: named[3] });
    else if (bare?.[1]) addresses.push({ name: null, email: bare[1] });
    else if (piece.trim() !== "") rest.push(piece.trim());
  }
  return { addresses, rest: rest.join(", ") };
}

/** Splits at commas, semicolons and line ends, but not inside quotes. */
function pieces(text: string): string[] {
  return text.match(/(?:"[^"]*"|[^",;\n])+/g) ?? [];
}

export function written({ name, email }: Address): string {
  if (!name) return email;
  return /[",;<>@]/.test(name) ? `"${name.replaceAll('"', "'")}" <${email}>` : `${name} <${email}>`;
}

/** What `Email/set` creates: text and HTML of the same, files behind them. */
export function emailOf(draft: Draft, from: Sender, draftsId: string): Record<string, unknown> {
  const files = draft.attachments.filter((one) => one.blobId !== undefined);
  return {
    mailboxIds: { [draftsId]: true },
    keywords: { $draft: true, $seen: true },
    from: [{ name: from.identity.name || null, email: from.identity.email }],
    to: draft.to,
    cc: draft.cc,
    bcc: draft.bcc,
    subject: draft.subject,
    inReplyTo: draft.inReplyTo,
    references: draft.references,
    bodyValues: { text: { value: draft.text }, html: { value: page(draft.html) } },
    textBody: [{ partId: "text", type: "text/plain" }],
    htmlBody: [{ partId: "html", type: "text/html" }],
    ...(files.length === 0
      ? {}
      : {
          attachments: files.map(({ blobId, type, name }) => ({
            blobId,
            type: type || "application/octet-stream",
            name,
            disposition: "attachment",
          })),
        }),
  };
}

function page(html: string): string {
  return `<!DOCTYPE html><html><body>${html}</body></html>`;
}

/** `Re: ` once, whatever stood there before. */
export function prefixed(prefix: "Re" | "Fwd", subject: string | null): string {
  const bare = (subject ?? "").replace(/^(?:\s*(?:re|aw|sv|fwd?|wg)\s*:\s*)+/i, "").trim();
  return bare === "" ? `${prefix}:` : `${prefix}: ${bare}`;
}

/** RFC 5322 section 3.6.4. */
export function threading(email: Email): Pick<Draft, "inReplyTo" | "references"> {
  const own = email.messageId;
  if (!own || own.length === 0) return { inReplyTo: null, references: null };
  const before = email.references ?? email.inReplyTo ?? [];
  return { inReplyTo: own, references: [...before.filter((id) => !own.includes(id)), ...own] };
}

/** Who gets an answer: who asked for it or wrote it, with everybody else for an answer to all, without ourselves. */
export function recipients(email: Email, toAll: boolean, ours: readonly string[]): Pick<Draft, "to" | "cc"> {
  const isOurs = ({ email: address }: Address) => ours.includes(address.toLowerCase());
  const seen = new Set<string>();
  const once = (addresses: readonly Address[]) =>
    addresses.filter((one) => {
      const key = one.email.toLowerCase();
      return !seen.has(key) && seen.add(key);
    });
  const replyTo = email.replyTo && email.replyTo.length > 0 ? email.replyTo : (email.from ?? []);
  // An answer to what we wrote goes to whom we wrote it.
  const wroteIt = (email.from ?? []).length > 0 && (email.from ?? []).every(isOurs);
  const to = once(wroteIt ? (email.to ?? []) : replyTo);
  if (!toAll) return { to, cc: [] };
  const others = wroteIt ? [] : (email.to ?? []).filter((one) => !isOurs(one));
  return { to: [...to, ...once(others)], cc: once((email.cc ?? []).filter((one) => !isOurs(one))) };
}
