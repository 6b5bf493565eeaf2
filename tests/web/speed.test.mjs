// What must hold before somebody can do anything: how much script there is, and that it may be kept.
import assert from "node:assert/strict";
import { readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { launch, root, skip, start } from "./app.mjs";

let app;
let browser;
before(async () => {
  if (skip) return;
  [app, browser] = await Promise.all([start(), launch()]);
});
after(async () => {
  await browser?.close();
  await app?.stop();
});

test("less than 250 KB of compressed script come before the first interaction", { skip }, async () => {
  const page = await browser.newPage();
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const kinds = new Map();
  let script = 0;
  session.on("Network.responseReceived", ({ requestId, type }) => kinds.set(requestId, type));
  session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (kinds.get(requestId) === "Script") script += encodedDataLength;
  });
  await page.goto(app.url);
  await page.getByLabel("Password").waitFor();
  await page.waitForLoadState("networkidle");
  assert.ok(script > 20_000, "no script was counted");
  assert.ok(script < 250_000, `${script} octets of script`);
  console.log(`script before the first interaction: ${script} octets`);
  await page.close();
});

test("every built file has its compressed forms, and no page has a script of its own", { skip }, () => {
  const dist = path.join(root, "web/dist");
  assert.ok(!/<script(?![^>]*\bsrc=)/.test(readFileSync(path.join(dist, "index.html"), "utf8")));
  for (const name of readdirSync(path.join(dist, "assets")).filter((file) => file.endsWith(".js"))) {
    const plain = statSync(path.join(dist, "assets", name)).size;
    if (plain < 1000) continue;
    for (const ending of [".br", ".gz"]) assert.ok(statSync(path.join(dist, "assets", name + ending)).size < plain, name);
  }
});
