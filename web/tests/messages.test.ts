//! The message files: every text the app shows is there, and nothing that it does not show.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import english from "../src/messages/en.json";
import { intl, moment, size } from "../src/text";

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return sources(path);
    return /\.tsx?$/.test(name) ? [readFileSync(path, "utf8")] : [];
  });
}

/** Whether a key, or a template that makes it (`kind.${…}`), stands in the sources. */
function isUsed(key: string, code: string): boolean {
  if (code.includes(`"${key}"`)) return true;
  const parts = key.split(".");
  return parts.some((_, at) => at > 0 && code.includes(`\`${parts.slice(0, at).join(".")}.\${`));
}

it("has no text that nothing shows", () => {
  const code = sources(join(import.meta.dirname, "../src")).join("\n");
  expect(Object.keys(english).filter((key) => !isUsed(key, code))).toEqual([]);
});

it("has only texts that can be read", () => {
  for (const [id, text] of Object.entries(english)) {
    const names = [...text.matchAll(/\{(\w+)/g)].map(([, name]) => name ?? "");
    const values = Object.fromEntries(names.map((name) => [name, name === "count" ? 2 : "x"]));
    expect(intl.formatMessage({ id }, values), id).not.toBe(id);
  }
});

it("writes sizes and times as people read them", () => {
  expect(size(0)).toBe("0 bytes");
  expect(size(1536)).toBe("1.5 kB");
  expect(size(81_234)).toBe("79 kB");
  const now = new Date(2026, 0, 12, 12).getTime();
  expect(moment(new Date(2026, 0, 12, 9, 5), now)).toMatch(/9:05/);
  expect(moment(new Date(2026, 0, 2), now)).toBe("Jan 2");
  expect(moment(new Date(2024, 0, 2), now)).toBe("Jan 2, 2024");
});
