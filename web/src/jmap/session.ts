//! The JMAP session (RFC 8620 section 2): which accounts there are, and where to ask.

import { OWN_HEADER, Refusal, refusalOf } from "../api/client";
import { t } from "../text";

export interface JmapAccount {
  name: string;
  isPersonal: boolean;
  isReadOnly: boolean;
  accountCapabilities: Record<string, unknown>;
}

export interface JmapSession {
  username: string;
  apiUrl: string;
  downloadUrl: string;
  uploadUrl: string;
  eventSourceUrl: string;
  state: string;
  accounts: Record<string, JmapAccount>;
  primaryAccounts: Record<string, string>;
  capabilities: Record<string, unknown>;
}

export const MAIL = "urn:ietf:params:jmap:mail";
export const SUBMISSION = "urn:ietf:params:jmap:submission";
export const CORE = "urn:ietf:params:jmap:core";

/** Null: the server has no JMAP. */
export async function jmapSession(): Promise<JmapSession | null> {
  let response: Response;
  try {
    response = await fetch("/.well-known/jmap", { headers: { ...OWN_HEADER, accept: "application/json" } });
  } catch {
    throw new Refusal(0, t("problem.offline"), undefined);
  }
  if (response.status === 404) return null;
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw refusalOf(response.status, body);
  return body as JmapSession;
}
