//! Opens the composer: empty, as an answer, as a forward, or with a draft that was saved. It lives outside the screens,
//! so that what is typed stays while one looks at other mail. Its editor is loaded when it is first opened.

import { useSyncExternalStore } from "react";
import type { JmapSession } from "../../jmap/session";
import type { Email } from "../../jmap/types";
import { queries } from "../../queries";
import { fullMoment, t } from "../../text";
import { say } from "../../ui/toasts";
import { accountsOf, identitiesQuery } from "../queries";
import { type Draft, prefixed, recipients, threading, written } from "./draft";

export interface Opened {
  key: number;
  /** The mailbox one is in. */
  accountId: string;
  draft: Draft;
  /** The address it was written to, which answers first. */
  answersFrom?: string[];
  /** The email of a draft that was saved before. */
  savedId?: string;
  /** Whose draft it is, when it was saved before. */
  savedFrom?: string;
}

let opened: Opened | undefined;
let next = 1;
const listeners = new Set<() => void>();

function set(to: Opened | undefined): void {
  opened = to;
  for (const listener of listeners) listener();
}

export function closeComposer(): void {
  set(undefined);
}

export function useOpened(): Opened | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => opened,
  );
}

const EMPTY: Draft = {
  to: [],
  cc: [],
  bcc: [],
  subject: "",
  html: "<p></p>",
  text: "",
  attachments: [],
  inReplyTo: null,
  references: null,
};

/** One at a time: what stands open is never thrown away for something else. */
function open(what: Omit<Opened, "key">): void {
  if (opened) {
    say(t("compose.busy"));
    document.querySelector<HTMLElement>(".composer")?.focus();
    return;
  }
  set({ ...what, key: next });
  next += 1;
}

export function composeNew(accountId: string): void {
  open({ accountId, draft: EMPTY });
}

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function plainText(email: Email): string {
  const text = email.textBody.map((part) => email.bodyValues[part.partId ?? ""]?.value ?? "").join("\n");
  if (email.textBody.every((part) => part.type === "text/plain")) return text.replace(/\r\n/g, "\n").trimEnd();
  // Parsed, never shown: no script runs and nothing loads in a document made this way.
  const page = new DOMParser().parseFromString(text, "text/html");
  for (const element of page.querySelectorAll("style, script, head")) element.remove();
  for (const element of page.querySelectorAll("br, p, div, tr, li, h1, h2, h3")) element.append("\n");
  return (page.body.textContent ?? "").replace(/\n{3,}/g, "\n\n").trim();
}

function paragraphs(text: string): string {
  return text
    .split("\n")
    .map((line) => `<p>${escapeHtml(line)}</p>`)
    .join("");
}

async function ourAddresses(session: JmapSession): Promise<string[]> {
  const all = await Promise.all(
    accountsOf(session).map(({ id }) => queries.ensureQueryData(identitiesQuery(session, id)).catch(() => [])),
  );
  return all.flat().map((identity) => identity.email.toLowerCase());
}

export function reply(session: JmapSession, accountId: string, email: Email, toAll: boolean): void {
  void ourAddresses(session).then((ours) => {
    const who = email.from?.[0] ? written(email.from[0]) : t("mail.unknown-sender");
    const intro = t("compose.wrote", { at: fullMoment(email.sentAt ?? email.receivedAt), who });
    const quoted = paragraphs(plainText(email));
    const writtenTo = [...(email.to ?? []), ...(email.cc ?? [])].map((one) => one.email.toLowerCase());
    open({
      accountId,
      answersFrom: writtenTo.filter((address) => ours.includes(address)),
      draft: {
        ...EMPTY,
        ...recipients(email, toAll, ours),
        ...threading(email),
        subject: prefixed("Re", email.subject),
        html: `<p></p><p>${escapeHtml(intro)}</p><blockquote>${quoted}</blockquote>`,
      },
    });
  });
}

export function forward(_session: JmapSession, accountId: string, email: Email): void {
  const head = [
    t("compose.forwarded"),
    `${t("mail.field.from")}: ${(email.from ?? []).map(written).join(", ")}`,
    `${t("mail.field.to")}: ${(email.to ?? []).map(written).join(", ")}`,
    `${t("mail.field.date")}: ${fullMoment(email.sentAt ?? email.receivedAt)}`,
    `${t("mail.field.subject")}: ${email.subject ?? ""}`,
    "",
  ].join("\n");
  open({
    accountId,
    draft: {
      ...EMPTY,
      subject: prefixed("Fwd", email.subject),
      html: `<p></p>${paragraphs(head)}${paragraphs(plainText(email))}`,
      attachments: attachmentsOf(email),
    },
  });
}

function attachmentsOf(email: Email): Draft["attachments"] {
  return email.attachments.flatMap((part, key) =>
    part.blobId === null
      ? []
      : [
          {
            key: -key - 1,
            name: part.name ?? t("mail.unnamed-file"),
            type: part.type,
            size: part.size,
            blobId: part.blobId,
            progress: 1,
          },
        ],
  );
}

export function openDraft(_session: JmapSession, accountId: string, email: Email): void {
  const html = email.htmlBody.find((part) => part.type === "text/html");
  const value = html && email.bodyValues[html.partId ?? ""]?.value;
  open({
    accountId,
    savedId: email.id,
    ...(email.from?.[0] ? { savedFrom: email.from[0].email } : {}),
    draft: {
      to: email.to ?? [],
      cc: email.cc ?? [],
      bcc: email.bcc ?? [],
      subject: email.subject ?? "",
      html: value ?? paragraphs(plainText(email)),
      text: plainText(email),
      attachments: attachmentsOf(email),
      inReplyTo: email.inReplyTo,
      references: email.references,
    },
  });
}
