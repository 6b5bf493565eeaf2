//! What others (and this person elsewhere) change shows by itself: pushed changes make what they touch be asked again.

import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { type Changed, listen } from "../jmap/push";
import type { JmapSession } from "../jmap/session";
import { mailAccountsQuery } from "./available";

/** Which kinds of what is kept a change of a type touches. */
const TOUCHES: Record<string, readonly string[]> = {
  Email: ["list", "thread"],
  Thread: ["list", "thread"],
  Mailbox: ["folders"],
  Identity: ["identities"],
};

export async function take(queries: QueryClient, session: JmapSession, changed: Changed): Promise<void> {
  await Promise.all(
    Object.entries(changed).flatMap(([accountId, types]) => {
      // An account that was not there before, or no longer is: rights changed.
      if (!(accountId in session.accounts)) return [queries.invalidateQueries(mailAccountsQuery)];
      const kinds = new Set(Object.keys(types).flatMap((type) => TOUCHES[type] ?? []));
      return [...kinds].map((kind) => queries.invalidateQueries({ queryKey: ["jmap", accountId, kind] }));
    }),
  );
}

export function useLive(session: JmapSession): void {
  const queries = useQueryClient();
  useEffect(
    () =>
      listen(
        session,
        (changed) => void take(queries, session, changed),
        () =>
          void queries.invalidateQueries({
            predicate: ({ queryKey }) => queryKey[0] === "jmap" && queryKey[1] !== "session",
          }),
      ),
    [session, queries],
  );
}
