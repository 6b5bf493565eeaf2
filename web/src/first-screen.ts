//! Where somebody lands after signing in.

import { sessionQuery } from "./api/session";
import { mailAccountsQuery } from "./mail/available";
import { queries } from "./queries";

export async function firstScreen(): Promise<string> {
  if (await queries.ensureQueryData(mailAccountsQuery).catch(() => null)) return "/mail";
  const session = await queries.ensureQueryData(sessionQuery);
  return session?.privilege === "admin" ? "/console/mailboxes" : "/settings";
}
