//! The record of acts, newest first, with filters, more pages on demand, and a file of what the filters leave.

import { useInfiniteQuery, useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { answer, api, type Schemas } from "../api/client";
import { fullMoment, t } from "../text";
import { Button } from "../ui/button";
import { Choice, Field } from "../ui/field";
import { Empty, Failed, Loading, messageOf } from "../ui/note";
import { TableFrame } from "../ui/table-frame";
import { say } from "../ui/toasts";

type Act = Schemas["Act"];

const PAGE = 100;
/** So many rows go into one file at most; a narrower filter gives the rest. */
const MOST_IN_FILE = 50_000;
const FILE_PAGE = 1000;
const DOORS = ["", "imap", "pop3", "smtp", "lmtp", "submission", "jmap", "admin", "cli", "job"] as const;

export interface Filters {
  mailbox?: string;
  person?: string;
  action?: string;
  door?: string;
  outcome?: string;
  since?: number;
  until?: number;
}

function page(filters: Filters, before: number | undefined, limit: number): Promise<Act[]> {
  return answer(api.GET("/audit", { params: { query: { ...filters, ...(before ? { before } : {}), limit } } }));
}

/** RFC 4180; a cell that a spreadsheet would take for a formula is kept from being one. */
export function csv(acts: readonly Act[]): string {
  const cell = (value: string) => {
    const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
    return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  const head = ["at", "who", "person", "mailbox", "door", "action", "outcome", "detail"];
  const rows = acts.map((act) => [
    new Date(act.at).toISOString(),
    act.who,
    act.person ?? "",
    act.mailbox ?? "",
    act.door,
    act.action,
    act.outcome,
    act.detail,
  ]);
  return `${[head, ...rows].map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}

async function wholeRecord(filters: Filters): Promise<Act[]> {
  const all: Act[] = [];
  for (;;) {
    const more = await page(filters, all.at(-1)?.id, FILE_PAGE);
    all.push(...more);
    if (more.length < FILE_PAGE || all.length >= MOST_IN_FILE) return all;
  }
}

function saveAs(name: string, text: string): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([text], { type: "text/csv" }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}

const DAY = 86_400_000;

/** Midnight of a day as typed, here. */
function startOf(day: string): number | undefined {
  const at = new Date(`${day}T00:00:00`).getTime();
  return Number.isNaN(at) ? undefined : at;
}

export function AuditTable({ mailbox: fixed }: { mailbox?: string }) {
  const [mailbox, setMailbox] = useState("");
  const [person, setPerson] = useState("");
  const [action, setAction] = useState("");
  const [door, setDoor] = useState<(typeof DOORS)[number]>("");
  const [outcome, setOutcome] = useState<"" | "done" | "denied" | "failed">("");
  const [since, setSince] = useState("");
  const [until, setUntil] = useState("");
  const filters: Filters = {};
  const where = fixed ?? mailbox.trim();
  if (where) filters.mailbox = where;
  if (person.trim()) filters.person = person.trim();
  if (action.trim()) filters.action = action.trim();
  if (door) filters.door = door;
  if (outcome) filters.outcome = outcome;
  const from = startOf(since);
  const to = startOf(until);
  if (from !== undefined) filters.since = from;
  if (to !== undefined) filters.until = to + DAY;

  const acts = useInfiniteQuery({
    queryKey: ["audit", filters],
    queryFn: ({ pageParam }) => page(filters, pageParam, PAGE),
    initialPageParam: undefined as number | undefined,
    getNextPageParam: (last) => (last.length < PAGE ? undefined : last.at(-1)?.id),
  });
  const exporting = useMutation({
    mutationFn: () => wholeRecord(filters),
    onSuccess: (all) => {
      saveAs("audit.csv", csv(all));
      say(t("audit.exported", { count: all.length }));
    },
    onError: (error) => say(messageOf(error)),
  });
  const rows = acts.data?.pages.flat() ?? [];
  return (
    <>
      <div className="filters">
        {!fixed && <Field label={t("audit.mailbox")} value={mailbox} onChange={setMailbox} placeholder="support" />}
        <Field label={t("audit.person")} value={person} onChange={setPerson} placeholder={t("audit.person.hint")} />
        <Field label={t("audit.action")} value={action} onChange={setAction} placeholder="grant" />
        <Choice
          label={t("audit.door")}
          value={door}
          onChange={setDoor}
          options={DOORS.map((one) => [one, one === "" ? t("audit.any") : t(`door.${one}`)] as const)}
        />
        <Choice
          label={t("audit.outcome")}
          value={outcome}
          onChange={setOutcome}
          options={[
            ["", t("audit.any")],
            ["done", t("outcome.done")],
            ["denied", t("outcome.denied")],
            ["failed", t("outcome.failed")],
          ]}
        />
        <Field label={t("audit.since")} type="date" value={since} onChange={setSince} />
        <Field label={t("audit.until")} type="date" value={until} onChange={setUntil} />
        <Button
          icon="download"
          isDisabled={exporting.isPending || rows.length === 0}
          onPress={() => exporting.mutate()}
        >
          {t("audit.export")}
        </Button>
      </div>
      {acts.error ? (
        <Failed error={acts.error} onRetry={() => void acts.refetch()} />
      ) : acts.isPending ? (
        <Loading />
      ) : rows.length === 0 ? (
        <Empty icon="audit" title={t("audit.none")} />
      ) : (
        <TableFrame label={t("audit.title")}>
          <table className="table audit">
            <thead>
              <tr>
                <th scope="col">{t("audit.column.when")}</th>
                <th scope="col">{t("audit.column.who")}</th>
                <th scope="col">{t("audit.column.what")}</th>
                {!fixed && <th scope="col">{t("audit.column.where")}</th>}
                <th scope="col">{t("audit.column.door")}</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((act) => (
                <tr key={act.id}>
                  <td className="small when">
                    <time dateTime={new Date(act.at).toISOString()}>{fullMoment(act.at)}</time>
                  </td>
                  <td>{act.person ?? t(act.who === "server" ? "audit.server" : "audit.operator")}</td>
                  <td>
                    <code>{act.action}</code>{" "}
                    {act.outcome !== "done" && <span className="tag danger">{act.outcome}</span>}
                    {act.detail && <div className="quiet small detail">{act.detail}</div>}
                  </td>
                  {!fixed && <td>{act.mailbox}</td>}
                  <td className="quiet">{act.door}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
      {acts.hasNextPage && (
        <p className="more">
          <Button isDisabled={acts.isFetchingNextPage} onPress={() => void acts.fetchNextPage()}>
            {t("audit.more")}
          </Button>
        </p>
      )}
    </>
  );
}
