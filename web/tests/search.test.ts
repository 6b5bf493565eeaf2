import { expect, it } from "vitest";
import { filterOf, readSearch, writeSearch } from "../src/mail/search/query";

it("reads words and chips, and writes them back", () => {
  const text = 'from:ann subject:"two words" has:attachment is:flagged before:2026-01-31 lamp "broken glass"';
  const search = readSearch(text);
  expect(search.words).toBe('lamp "broken glass"');
  expect(search.chips.map((chip) => `${chip.key}=${chip.value}`)).toEqual([
    "from=ann",
    "subject=two words",
    "has=attachment",
    "is=flagged",
    "before=2026-01-31",
  ]);
  expect(readSearch(writeSearch(search))).toEqual(search);
});

it("takes what is no chip as words", () => {
  for (const text of ["http://x.example", "is:blue", "before:soon", "from:", "RE: hello"]) {
    expect(readSearch(text)).toEqual({ words: text, chips: [] });
  }
});

it("becomes a JMAP filter", () => {
  expect(filterOf(readSearch("is:unread from:ann lamp"), "f1")).toEqual({
    inMailbox: "f1",
    text: "lamp",
    notKeyword: "$seen",
    from: "ann",
  });
  expect(filterOf(readSearch("is:read has:attachment"), undefined)).toEqual({
    hasKeyword: "$seen",
    hasAttachment: true,
  });
});
