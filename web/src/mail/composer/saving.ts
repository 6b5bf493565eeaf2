//! Keeps a draft on the server while it is typed. Bodies never change in JMAP: a new email is made, and the one before
//! it destroyed, in one request. One save at a time; what is typed meanwhile is saved next.

import { Refusal } from "../../api/client";
import { ask, refusedIn } from "../../jmap/client";
import type { JmapSession } from "../../jmap/session";
import type { Folder, SetAnswer } from "../../jmap/types";
import { queries } from "../../queries";
import { t } from "../../text";
import { foldersQuery } from "../queries";
import { type Draft, emailOf, type Sender } from "./draft";

export interface Saved {
  id: string;
  accountId: string;
}

async function folderOf(session: JmapSession, accountId: string, role: string): Promise<Folder> {
  const folders = await queries.ensureQueryData(foldersQuery(session, accountId));
  const found = folders.find((folder) => folder.role === role);
  if (!found) throw new Refusal(403, t("compose.no-drafts"), undefined);
  return found;
}

export async function save(
  session: JmapSession,
  draft: Draft,
  from: Sender,
  before: Saved | undefined,
): Promise<Saved> {
  const { accountId } = from;
  const drafts = await folderOf(session, accountId, "drafts");
  const replaces = before?.accountId === accountId ? { destroy: [before.id] } : {};
  const answers = await ask(session, [
    ["Email/set", { accountId, create: { draft: emailOf(draft, from, drafts.id) }, ...replaces }, "set"],
  ]);
  const answer = answers.get<SetAnswer>("set");
  const made = answer.created?.draft;
  if (!made) throw refusedIn(answer) ?? new Refusal(500, t("problem.unknown"), undefined);
  // With another From the draft moved to another mailbox.
  if (before && before.accountId !== accountId) await discard(session, before);
  return { id: made.id, accountId };
}

export async function discard(session: JmapSession, saved: Saved): Promise<void> {
  const answers = await ask(session, [["Email/set", { accountId: saved.accountId, destroy: [saved.id] }, "set"]]);
  answers.get<SetAnswer>("set");
}

/** Sends a draft that is saved. The server files the copy in Sent Items by itself, so the draft goes. */
export async function send(session: JmapSession, saved: Saved, from: Sender): Promise<void> {
  const answers = await ask(session, [
    [
      "EmailSubmission/set",
      {
        accountId: saved.accountId,
        create: { send: { emailId: saved.id, identityId: from.identity.id } },
        onSuccessDestroyEmail: ["#send"],
      },
      "send",
    ],
  ]);
  const refused = refusedIn(answers.get<SetAnswer>("send"));
  if (refused) throw refused;
}
