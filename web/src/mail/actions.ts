//! What is done with messages: shown at once, sent to the server, taken back from the screen if it refuses. What can
//! be undone offers that.

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useMemo } from "react";
import { ask, refusedIn } from "../jmap/client";
import type { JmapSession } from "../jmap/session";
import type { Email, EmailLine, Folder, SetAnswer } from "../jmap/types";
import { t } from "../text";
import { messageOf } from "../ui/note";
import { say } from "../ui/toasts";
import { foldersQuery, type ListWindow, useJmap } from "./queries";

/** What a server is asked to change in one email: JSON pointers and new values (RFC 8620 section 5.3). */
type Patch = Record<string, true | null>;

export type Target = Pick<EmailLine, "id" | "threadId" | "mailboxIds" | "keywords">;

function patched<T extends EmailLine>(email: T, patch: Patch): T {
  const next = { ...email, keywords: { ...email.keywords }, mailboxIds: { ...email.mailboxIds } };
  for (const [path, value] of Object.entries(patch)) {
    const [where, key = ""] = path.split("/");
    const map = where === "keywords" ? next.keywords : next.mailboxIds;
    if (value === null) delete map[key];
    else map[key] = true;
  }
  return next;
}

function inverse(email: Target, patch: Patch): Patch {
  return Object.fromEntries(
    Object.keys(patch).map((path) => {
      const [where, key = ""] = path.split("/");
      const had = (where === "keywords" ? email.keywords : email.mailboxIds)[key] === true;
      return [path, had ? true : null];
    }),
  );
}

/** Changes what is kept, so that the screen shows it before the server has answered. */
function show(queries: QueryClient, accountId: string, patches: ReadonlyMap<string, Patch>): void {
  const apply = <T extends EmailLine>(email: T): T => {
    const patch = patches.get(email.id);
    return patch ? patched(email, patch) : email;
  };
  queries.setQueriesData<ListWindow>(
    { queryKey: ["jmap", accountId, "list"] },
    (window) => window && { ...window, lines: window.lines.map(apply) },
  );
  queries.setQueriesData<Email[]>({ queryKey: ["jmap", accountId, "thread"] }, (emails) => emails?.map(apply));
}

async function send(session: JmapSession, accountId: string, patches: ReadonlyMap<string, Patch>): Promise<void> {
  const update = Object.fromEntries(patches);
  const answers = await ask(session, [["Email/set", { accountId, update }, "set"]]);
  const refused = refusedIn(answers.get<SetAnswer>("set"));
  if (refused) throw refused;
}

export class MailActions {
  constructor(
    private readonly session: JmapSession,
    private readonly queries: QueryClient,
    readonly accountId: string,
  ) {}

  private async change(emails: readonly Target[], patchOf: (email: Target) => Patch, said?: string): Promise<boolean> {
    const patches = new Map(emails.map((email) => [email.id, patchOf(email)]));
    const undo = new Map(emails.map((email) => [email.id, inverse(email, patchOf(email))]));
    show(this.queries, this.accountId, patches);
    try {
      await send(this.session, this.accountId, patches);
    } catch (error) {
      show(this.queries, this.accountId, undo);
      say(messageOf(error));
      await this.refresh();
      return false;
    }
    if (said !== undefined) {
      say(said, {
        label: t("action.undo"),
        run: () => {
          show(this.queries, this.accountId, undo);
          void send(this.session, this.accountId, undo)
            .catch((error: unknown) => say(messageOf(error)))
            .then(() => this.refresh());
        },
      });
    }
    await this.refresh();
    return true;
  }

  /** Where the server pushes, it does so too; asking right away makes counts follow the click. */
  private async refresh(): Promise<void> {
    await Promise.all(
      ["folders", "list"].map((kind) => this.queries.invalidateQueries({ queryKey: ["jmap", this.accountId, kind] })),
    );
  }

  private keyword(emails: readonly Target[], keyword: string, on: boolean): Promise<boolean> {
    const different = emails.filter((email) => (email.keywords[keyword] === true) !== on);
    if (different.length === 0) return Promise.resolve(true);
    return this.change(different, () => ({ [`keywords/${keyword}`]: on ? true : null }));
  }

  seen(emails: readonly Target[], on: boolean): Promise<boolean> {
    return this.keyword(emails, "$seen", on);
  }

  flag(emails: readonly Target[], on: boolean): Promise<boolean> {
    return this.keyword(emails, "$flagged", on);
  }

  /** From wherever they are into one folder. */
  move(emails: readonly Target[], to: Folder): Promise<boolean> {
    const patchOf = (email: Target): Patch => ({
      ...Object.fromEntries(Object.keys(email.mailboxIds).map((id) => [`mailboxIds/${id}`, null])),
      [`mailboxIds/${to.id}`]: true,
    });
    return this.change(emails, patchOf, t("mail.moved", { count: emails.length, folder: to.name }));
  }

  /** For good. */
  async destroy(ids: readonly string[]): Promise<boolean> {
    try {
      const answers = await ask(this.session, [["Email/set", { accountId: this.accountId, destroy: ids }, "set"]]);
      const refused = refusedIn(answers.get<SetAnswer>("set"));
      if (refused) throw refused;
      say(t("mail.destroyed", { count: ids.length }));
      return true;
    } catch (error) {
      say(messageOf(error));
      return false;
    } finally {
      await this.refresh();
    }
  }

  /** All emails of some conversations that stand in a folder. */
  async inThreads(threadIds: readonly string[], folderId: string | undefined): Promise<Target[]> {
    const answers = await ask(this.session, [
      ["Thread/get", { accountId: this.accountId, ids: threadIds }, "threads"],
      [
        "Email/get",
        {
          accountId: this.accountId,
          "#ids": { resultOf: "threads", name: "Thread/get", path: "/list/*/emailIds" },
          properties: ["id", "threadId", "mailboxIds", "keywords"],
        },
        "emails",
      ],
    ]);
    const { list } = answers.get<{ list: Target[] }>("emails");
    return folderId === undefined ? list : list.filter((email) => email.mailboxIds[folderId]);
  }

  folders(): Folder[] {
    return this.queries.getQueryData(foldersQuery(this.session, this.accountId).queryKey) ?? [];
  }

  folderOf(role: string): Folder | undefined {
    return this.folders().find((folder) => folder.role === role);
  }
}

export function useActions(accountId: string): MailActions {
  const session = useJmap();
  const queries = useQueryClient();
  return useMemo(() => new MailActions(session, queries, accountId), [session, queries, accountId]);
}
