//! What was asked of the server and is kept: one store for the whole app.

import { QueryCache, QueryClient } from "@tanstack/react-query";
import { Refusal } from "./api/client";
import { sessionQuery } from "./api/session";

const RETRIES = 2;

export const queries = new QueryClient({
  queryCache: new QueryCache({
    onError: (error, query) => {
      // The session ended elsewhere: the next look at it leads to the sign-in.
      if (error instanceof Refusal && error.status === 401 && query.queryKey[0] !== "session") {
        queries.setQueryData(sessionQuery.queryKey, null);
      }
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      // What was refused is refused again; only the network may do better.
      retry: (count, error) => error instanceof Refusal && error.isOffline && count < RETRIES,
    },
    mutations: { retry: false },
  },
});
