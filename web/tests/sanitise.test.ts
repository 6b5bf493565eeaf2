//! Hostile HTML, cleaned: what is left holds nothing that runs, loads, asks or leads astray. What a browser makes of it
//! is tested with the real server too (tests/web).

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { linked, split } from "../src/mail/conversation/plain-body";
import { clean } from "../src/mail/conversation/sanitise";

const folder = join(import.meta.dirname, "../../tests/web/hostile");

function cleaned(html: string, remoteImages = false): { html: string; blocked: number } {
  const { fragment, blocked } = clean(html, {
    remoteImages,
    inline: (cid) => (cid === "logo" ? "blob:logo" : undefined),
  });
  const box = document.createElement("div");
  box.append(fragment);
  return { html: box.innerHTML, blocked };
}

/** Nothing of this may be left, whatever stood there. */
const NEVER = [
  /<(script|iframe|object|embed|form|input|button|svg|math|base|link|meta|video|audio|template|dialog)\b/i,
  /\son\w+\s*=/i,
  /javascript:/i,
  /vbscript:/i,
  /srcdoc/i,
  /@import/i,
  /url\(\s*["']?(https?:)?\/\//i,
  /<img[^>]+src="(https?:)?\/\//i,
];

describe("the hostile collection", () => {
  const files = readdirSync(folder).filter((name) => name.endsWith(".html"));
  it("is there", () => expect(files.length).toBeGreaterThanOrEqual(10));
  it.each(files)("%s is harmless", (file) => {
    const left = cleaned(readFileSync(join(folder, file), "utf8")).html;
    for (const pattern of NEVER) expect(left).not.toMatch(pattern);
  });
});

it("keeps what a mail looks like", () => {
  const { html } = cleaned('<table bgcolor="#eee"><tr><td style="color: red">Hi <b>you</b></td></tr></table>');
  expect(html).toContain("<b>you</b>");
  expect(html).toContain("color: red");
});

it("counts remote images, and lets them through when asked", () => {
  const mail =
    '<img src="https://x.example/a.png"><img src="//x.example/b.png"><img src="cid:logo"><img src="data:image/png;base64,AA==">';
  const without = cleaned(mail);
  expect(without.blocked).toBe(2);
  expect(without.html).toContain('src="blob:logo"');
  expect(without.html).toContain("data:image/png");
  const withImages = cleaned(mail, true);
  expect(withImages.blocked).toBe(0);
  expect(withImages.html).toContain('src="https://x.example/a.png"');
});

it("lets links lead only out, without an opener", () => {
  const { html } = cleaned('<a href="https://x.example/">a</a><a href="/console">b</a><a href="#x">c</a>');
  expect(html).toContain('href="https://x.example/"');
  expect(html.match(/rel="noopener noreferrer nofollow"/g)).toHaveLength(3);
  expect(html).not.toContain("/console");
});

it("shows plain text with links, and folds quotations", () => {
  expect(linked("see https://x.example/a?b=1. Or a@x.example!").filter((one) => typeof one !== "string")).toHaveLength(
    2,
  );
  expect(split("Yes.\n\nAnn wrote:\n> one\n> two\n")).toEqual(["Yes.", "Ann wrote:\n> one\n> two"]);
  expect(split("> only\n> this")).toEqual(["> only\n> this", ""]);
});
