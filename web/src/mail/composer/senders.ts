//! Which addresses one may send from, and which of them a mail goes out from by itself.

import { useQueries } from "@tanstack/react-query";
import { useMemo } from "react";
import { accountsOf, identitiesQuery, useJmap } from "../queries";
import type { Sender } from "./draft";

/** Every identity once. Where one stands in several accounts (send-only people have it in their own, too), the
 *  mailbox one is in comes first, so that the draft is kept where others see it. */
export function useSenders(accountId: string): Sender[] {
  const session = useJmap();
  const accounts = useMemo(() => accountsOf(session), [session]);
  const answers = useQueries({ queries: accounts.map(({ id }) => identitiesQuery(session, id)) });
  return useMemo(() => {
    const all = accounts.flatMap((account, at): Sender[] =>
      (answers[at]?.data ?? []).map((identity) => ({
        accountId: account.id,
        accountName: account.name,
        isPersonal: account.isPersonal,
        identity,
      })),
    );
    const here = (sender: Sender) => Number(sender.accountId === accountId);
    const ordered = all.sort((a, b) => here(b) - here(a));
    return ordered.filter(
      (sender, at) => ordered.findIndex((other) => other.identity.email === sender.identity.email) === at,
    );
  }, [accounts, answers, accountId]);
}

/** The address a mail was written to, else the first of the mailbox one is in, else any. */
export function usual(
  senders: readonly Sender[],
  accountId: string,
  answersFrom: readonly string[],
): Sender | undefined {
  const here = senders.filter((sender) => sender.accountId === accountId);
  const asked = (sender: Sender) => answersFrom.includes(sender.identity.email.toLowerCase());
  return here.find(asked) ?? here[0] ?? senders.find(asked) ?? senders[0];
}

/** Somebody in a shared mailbox is about to write from their own address. */
export function leaks(sender: Sender | undefined, accountId: string, own: readonly Sender[]): boolean {
  if (!sender) return false;
  const inShared = !own.some((one) => one.accountId === accountId && one.isPersonal);
  return inShared && sender.isPersonal && sender.accountId !== accountId;
}
