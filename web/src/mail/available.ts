//! Whether this server offers mail to browsers (JMAP). Where it does not, nothing of it is shown.

import { queryOptions } from "@tanstack/react-query";
import { jmapSession } from "../jmap/session";

export const mailAccountsQuery = queryOptions({
  queryKey: ["jmap", "session"],
  queryFn: jmapSession,
  staleTime: Number.POSITIVE_INFINITY,
});
