#!/usr/bin/env node
// Takes the pictures in docs/screens: the web app on the example organisation, light and dark, wide and narrow.
// Needs what the browser tests need (scripts/setup-debian test, a built web app and target/debug/postroom).
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { launch, mail, root, signIn, skip, start } from "../tests/web/app.mjs";

const folder = path.join(root, "docs/screens");
const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 780 };

/** Name, who looks, path, and what to do there first. */
const SCREENS = [
  ["sign-in", null, "/"],
  ["mailboxes", "alice", "/console/mailboxes"],
  ["new-mailbox", "alice", "/console/mailboxes", (page) => page.getByRole("button", { name: "New shared mailbox" }).click()],
  ["access", "alice", "/console/mailboxes/support/access"],
  ["audit", "alice", "/console/audit"],
  ["settings", "bob", "/settings"],
];

async function take(browser, app, colorScheme, viewport, suffix) {
  for (const who of [null, "alice", "bob"]) {
    const options = { colorScheme, viewport };
    const { page, context } = who ? await signIn(browser, app, who, options) : await visitor(browser, options);
    for (const [name, , to, first] of SCREENS.filter((screen) => screen[1] === who)) {
      await page.goto(app.url + to);
      await page.waitForLoadState("networkidle");
      if (first) await first(page);
      await page.screenshot({ path: path.join(folder, `${name}-${suffix}.png`), animations: "disabled" });
    }
    await context.close();
  }
}

async function visitor(browser, options) {
  const context = await browser.newContext(options);
  return { context, page: await context.newPage() };
}

if (skip) {
  console.error(skip);
  process.exit(1);
}
mkdirSync(folder, { recursive: true });
const [app, browser] = await Promise.all([start(), launch()]);
try {
  const mails = path.join(root, "examples/mail");
  for (const name of readdirSync(mails).sort()) await app.deliver(readFileSync(path.join(mails, name), "latin1"));
  await app.deliver(mail({ subject: "Where is my refund", text: "I sent the lamp back two weeks ago." }));
  await take(browser, app, "light", WIDE, "light");
  await take(browser, app, "dark", WIDE, "dark");
  await take(browser, app, "light", NARROW, "narrow");
} finally {
  await browser.close();
  await app.stop();
}
