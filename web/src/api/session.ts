//! Who is signed in.

import { queryOptions, useQuery } from "@tanstack/react-query";
import { answer, api, Refusal, type Schemas } from "./client";

export type Session = Schemas["Session"];

/** Null: nobody. */
export const sessionQuery = queryOptions({
  queryKey: ["session"],
  queryFn: async (): Promise<Session | null> => {
    try {
      return await answer(api.GET("/session"));
    } catch (error) {
      if (error instanceof Refusal && error.status === 401) return null;
      throw error;
    }
  },
  staleTime: 60_000,
});

/** For screens behind the sign-in, where somebody is. */
export function useSession(): Session {
  const { data } = useQuery(sessionQuery);
  if (!data) throw new Error("a screen behind the sign-in was shown without a session");
  return data;
}
