//! JMAP requests (RFC 8620): several calls in one request, answers by the name they were given, refusals as exceptions.

import { OWN_HEADER, Refusal, refusalOf } from "../api/client";
import { t } from "../text";
import { CORE, type JmapSession, MAIL, SUBMISSION } from "./session";
import type { SetAnswer, SetError } from "./types";

export type Call = [method: string, arguments_: Record<string, unknown>, name: string];

interface MethodError {
  type: string;
  description?: string;
}

/** Refers to a part of an earlier answer in the same request (RFC 8620 section 3.7). */
export function from(name: string, method: string, path: string): { resultOf: string; name: string; path: string } {
  return { resultOf: name, name: method, path };
}

export class Answers {
  constructor(private readonly responses: Call[]) {}

  /** The arguments of the answer to the call of this name; throws what the server refused. */
  get<T>(name: string): T {
    const found = this.responses.filter(([, , of]) => of === name);
    const refused = found.find(([method]) => method === "error");
    if (refused) throw methodRefusal(refused[1] as unknown as MethodError);
    const first = found[0];
    if (!first) throw new Refusal(500, t("problem.unknown"), undefined);
    return first[1] as T;
  }
}

function methodRefusal(error: MethodError): Refusal {
  const status = error.type === "forbidden" || error.type === "accountReadOnly" ? 403 : 422;
  const missing = error.type === "accountNotFound" ? 404 : status;
  return new Refusal(missing, error.description ?? t("problem.jmap", { type: error.type }), undefined);
}

/** The first refusal in an answer to a `/set`, if there is one. */
export function refusedIn(answer: SetAnswer): Refusal | undefined {
  const refused = [answer.notCreated, answer.notUpdated, answer.notDestroyed].flatMap((one): SetError[] =>
    Object.values(one ?? {}),
  );
  const first = refused[0];
  return first && new Refusal(403, first.description ?? t("problem.jmap", { type: first.type }), first.properties?.[0]);
}

export async function ask(session: JmapSession, calls: Call[], signal?: AbortSignal): Promise<Answers> {
  let response: Response;
  try {
    response = await fetch(session.apiUrl, {
      method: "POST",
      headers: { ...OWN_HEADER, "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({
        using: [CORE, MAIL, SUBMISSION].filter((one) => one in session.capabilities),
        methodCalls: calls,
      }),
      ...(signal ? { signal } : {}),
    });
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new Refusal(0, t("problem.offline"), undefined);
  }
  const body: unknown = await response.json().catch(() => null);
  if (!response.ok) throw refusalOf(response.status, body);
  return new Answers((body as { methodResponses: Call[] }).methodResponses);
}

function fill(template: string, values: Record<string, string>): string {
  return template.replace(/\{(\w+)\}/g, (_, key: string) => encodeURIComponent(values[key] ?? ""));
}

export function downloadUrl(
  session: JmapSession,
  accountId: string,
  blobId: string,
  name: string,
  type: string,
): string {
  return fill(session.downloadUrl, { accountId, blobId, name, type });
}

export function eventSourceUrl(session: JmapSession): string {
  return fill(session.eventSourceUrl, { types: "*", closeafter: "no", ping: "30" });
}

export interface Uploaded {
  blobId: string;
  type: string;
  size: number;
}

/** Uploads a file, telling how far it is (0 to 1). */
export function upload(
  session: JmapSession,
  accountId: string,
  file: Blob,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<Uploaded> {
  return new Promise((resolve, reject) => {
    // fetch tells nothing about how far an upload is.
    const request = new XMLHttpRequest();
    request.open("POST", fill(session.uploadUrl, { accountId }));
    for (const [name, value] of Object.entries(OWN_HEADER)) request.setRequestHeader(name, value);
    request.setRequestHeader("content-type", file.type || "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () => {
      if (request.status >= 200 && request.status < 300) resolve(request.response as Uploaded);
      else reject(refusalOf(request.status, request.response));
    };
    request.onerror = () => reject(new Refusal(0, t("problem.offline"), undefined));
    request.onabort = () => reject(new DOMException("stopped", "AbortError"));
    signal?.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}
