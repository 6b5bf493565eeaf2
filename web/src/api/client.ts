//! The administrators' REST API. Types are generated from docs/api/openapi.json (`npm run generate`).
//!
//! A session is a cookie that no script can read. Every request carries the header that other sites cannot add.

import createClient from "openapi-fetch";
import { t } from "../text";
import type { components, paths } from "./schema";

export type Schemas = components["schemas"];

/** Our own pages send it; see the server's check of requests in a session. */
export const OWN_HEADER = { "x-postroom": "1" };

export const api = createClient<paths>({
  baseUrl: `${location.origin}/api/v1`,
  credentials: "same-origin",
  headers: OWN_HEADER,
  // Looked up at each call, so that tests can stand in for the network.
  fetch: (request) => globalThis.fetch(request),
});

/** A refusal, with the field it is about where there is one. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly field: string | undefined,
  ) {
    super(message);
  }

  /** The network, not the server, refused: it may work another time. */
  get isOffline(): boolean {
    return this.status === 0;
  }
}

interface Answered<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer, or its refusal as an exception. */
export async function answer<T>(asked: Promise<Answered<T>>): Promise<T> {
  let answered: Answered<T>;
  try {
    answered = await asked;
  } catch {
    throw new Refusal(0, t("problem.offline"), undefined);
  }
  const { data, error, response } = answered;
  if (response.ok) return data as T;
  throw refusalOf(response.status, error);
}

export function refusalOf(status: number, body: unknown): Refusal {
  const problem = typeof body === "object" && body !== null ? (body as Partial<Schemas["Problem"]>) : {};
  const text = problem.detail ?? problem.title ?? t("problem.status", { status });
  return new Refusal(status, text, problem.field ?? undefined);
}
