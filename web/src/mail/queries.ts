//! What mail asks for, under the keys it is kept by: `["jmap", account, …]`.

import { queryOptions, useQuery } from "@tanstack/react-query";
import { ask, from } from "../jmap/client";
import type { JmapSession } from "../jmap/session";
import { MAIL, SUBMISSION } from "../jmap/session";
import {
  EMAIL_PROPERTIES,
  type Email,
  type EmailLine,
  type Filter,
  type Folder,
  type Identity,
  LINE_PROPERTIES,
} from "../jmap/types";
import { mailAccountsQuery } from "./available";

/** For screens of mail, which are shown only where there is a JMAP session. */
export function useJmap(): JmapSession {
  const { data } = useQuery(mailAccountsQuery);
  if (!data) throw new Error("a mail screen was shown without a JMAP session");
  return data;
}

/** Whether mail can be sent here; without, nothing offers it. */
export function canSend(session: JmapSession): boolean {
  return SUBMISSION in session.capabilities;
}

export interface Account {
  id: string;
  name: string;
  isPersonal: boolean;
}

/** One's own first, then by name. */
export function accountsOf(session: JmapSession): Account[] {
  const primary = session.primaryAccounts[MAIL];
  return Object.entries(session.accounts)
    .filter(([, account]) => MAIL in account.accountCapabilities || SUBMISSION in account.accountCapabilities)
    .map(([id, account]) => ({ id, name: account.name, isPersonal: id === primary || account.isPersonal }))
    .sort((a, b) => Number(b.isPersonal) - Number(a.isPersonal) || a.name.localeCompare(b.name));
}

const ROLE_ORDER = ["inbox", "drafts", "sent", "outbox", "archive", "junk", "trash"];

/** Known roles first, then by name; children follow their parents. */
export function inOrder(folders: readonly Folder[]): { folder: Folder; depth: number }[] {
  const rank = (folder: Folder) => {
    const at = ROLE_ORDER.indexOf(folder.role ?? "");
    return at < 0 ? ROLE_ORDER.length : at;
  };
  const ids = new Set(folders.map((folder) => folder.id));
  const below = (parent: string | null, depth: number): { folder: Folder; depth: number }[] =>
    folders
      .filter((folder) => (folder.parentId !== null && ids.has(folder.parentId) ? folder.parentId : null) === parent)
      .sort((a, b) => rank(a) - rank(b) || a.sortOrder - b.sortOrder || a.name.localeCompare(b.name))
      .flatMap((folder) => [{ folder, depth }, ...below(folder.id, depth + 1)]);
  return below(null, 0);
}

export const foldersQuery = (session: JmapSession, accountId: string) =>
  queryOptions({
    queryKey: ["jmap", accountId, "folders"],
    queryFn: async ({ signal }) => {
      const answers = await ask(session, [["Mailbox/get", { accountId, ids: null }, "folders"]], signal);
      return answers.get<{ list: Folder[] }>("folders").list;
    },
    staleTime: Number.POSITIVE_INFINITY,
  });

export const identitiesQuery = (session: JmapSession, accountId: string) =>
  queryOptions({
    queryKey: ["jmap", accountId, "identities"],
    queryFn: async ({ signal }) => {
      if (!canSend(session)) return [];
      const answers = await ask(session, [["Identity/get", { accountId, ids: null }, "identities"]], signal);
      return answers.get<{ list: Identity[] }>("identities").list;
    },
    staleTime: 60_000,
  });

/** So many conversations are asked for at once. */
export const WINDOW = 50;

export interface Line extends EmailLine {
  /** Messages in the conversation. */
  count: number;
}

export interface ListWindow {
  lines: Line[];
  total: number;
}

export interface ListOf {
  accountId: string;
  filter: Filter;
}

export const listKey = ({ accountId, filter }: ListOf) => ["jmap", accountId, "list", filter] as const;

/** One window of a list of conversations, newest first. */
export const windowQuery = (session: JmapSession, list: ListOf, at: number) =>
  queryOptions({
    queryKey: [...listKey(list), at] as const,
    queryFn: async ({ signal }): Promise<ListWindow> => {
      const { accountId, filter } = list;
      const answers = await ask(
        session,
        [
          [
            "Email/query",
            {
              accountId,
              filter,
              sort: [{ property: "receivedAt", isAscending: false }],
              collapseThreads: true,
              position: at * WINDOW,
              limit: WINDOW,
              calculateTotal: true,
            },
            "query",
          ],
          [
            "Email/get",
            { accountId, "#ids": from("query", "Email/query", "/ids"), properties: LINE_PROPERTIES },
            "emails",
          ],
          ["Thread/get", { accountId, "#ids": from("emails", "Email/get", "/list/*/threadId") }, "threads"],
        ],
        signal,
      );
      const { ids, total } = answers.get<{ ids: string[]; total: number }>("query");
      const emails = new Map(answers.get<{ list: EmailLine[] }>("emails").list.map((email) => [email.id, email]));
      const threads = new Map(
        answers
          .get<{ list: { id: string; emailIds: string[] }[] }>("threads")
          .list.map((one) => [one.id, one.emailIds.length]),
      );
      const lines = ids.flatMap((id): Line[] => {
        const email = emails.get(id);
        return email ? [{ ...email, count: threads.get(email.threadId) ?? 1 }] : [];
      });
      return { lines, total };
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10 * 60_000,
  });

/** A conversation, oldest message first. */
export const threadQuery = (session: JmapSession, accountId: string, threadId: string) =>
  queryOptions({
    queryKey: ["jmap", accountId, "thread", threadId],
    queryFn: async ({ signal }): Promise<Email[]> => {
      const answers = await ask(
        session,
        [
          ["Thread/get", { accountId, ids: [threadId] }, "thread"],
          [
            "Email/get",
            {
              accountId,
              "#ids": from("thread", "Thread/get", "/list/*/emailIds"),
              properties: EMAIL_PROPERTIES,
              bodyProperties: ["partId", "blobId", "size", "name", "type", "charset", "disposition", "cid"],
              fetchTextBodyValues: true,
              fetchHTMLBodyValues: true,
              maxBodyValueBytes: 2_000_000,
            },
            "emails",
          ],
        ],
        signal,
      );
      const emails = answers.get<{ list: Email[] }>("emails").list;
      return emails.sort((a, b) => a.receivedAt.localeCompare(b.receivedAt));
    },
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 10 * 60_000,
  });
