//! What is typed into the search field: words, and chips such as `from:ann`, `has:attachment`, `is:unread`,
//! `before:2026-01-31`. Reads it, and turns it into a JMAP filter (RFC 8621 section 4.4.1).

import type { Filter } from "../../jmap/types";

const NAMED = ["from", "to", "subject", "body"] as const;
type Named = (typeof NAMED)[number];

export interface Chip {
  key: Named | "has" | "is" | "after" | "before";
  value: string;
}

export interface Search {
  words: string;
  chips: Chip[];
}

function isDay(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(Date.parse(text));
}

function chipOf(key: string, value: string): Chip | undefined {
  if (value === "") return undefined;
  if ((NAMED as readonly string[]).includes(key)) return { key: key as Named, value };
  if (key === "has" && value === "attachment") return { key, value };
  if (key === "is" && ["unread", "read", "flagged"].includes(value)) return { key, value };
  if ((key === "after" || key === "before") && isDay(value)) return { key, value };
  return undefined;
}

/** What is no known chip is words, as typed. */
export function readSearch(text: string): Search {
  const chips: Chip[] = [];
  const words: string[] = [];
  for (const [whole, key, quoted, plain] of text.matchAll(/(?:(\w+):)?(?:"([^"]*)"|(\S+))/g)) {
    const chip = key === undefined ? undefined : chipOf(key.toLowerCase(), quoted ?? plain ?? "");
    if (chip) chips.push(chip);
    else words.push(whole);
  }
  return { words: words.join(" "), chips };
}

export function writeSearch({ words, chips }: Search): string {
  const written = chips.map(({ key, value }) => `${key}:${/\s/.test(value) ? `"${value}"` : value}`);
  return [...written, words].filter(Boolean).join(" ");
}

/** The filter for a search in one folder, or in a whole mailbox. */
export function filterOf(search: Search, folderId: string | undefined): Filter {
  const filter: Filter = folderId === undefined ? {} : { inMailbox: folderId };
  if (search.words !== "") filter.text = search.words;
  for (const { key, value } of search.chips) {
    if (key === "has") filter.hasAttachment = true;
    else if (key === "is" && value === "unread") filter.notKeyword = "$seen";
    else if (key === "is") filter.hasKeyword = value === "read" ? "$seen" : "$flagged";
    else if (key === "after" || key === "before") filter[key] = new Date(`${value}T00:00:00`).toISOString();
    else filter[key] = value;
  }
  return filter;
}
