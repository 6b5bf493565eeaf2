// Administrators and managers at work, in a real browser on the real server.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, signIn, skip, start, violations } from "./app.mjs";

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

const SCREENS = [
  ["/console/mailboxes", "Shared mailboxes"],
  ["/console/mailboxes/support", "Customer Support"],
  ["/console/mailboxes/support/addresses", "Customer Support"],
  ["/console/mailboxes/support/folders", "Customer Support"],
  ["/console/mailboxes/support/access", "Customer Support"],
  ["/console/mailboxes/support/activity", "Customer Support"],
  ["/console/users", "People"],
  ["/console/users/bob", "Bob Okafor"],
  ["/console/roles", "Roles"],
  ["/console/roles/Mailbox%20-%20Support", "Mailbox - Support"],
  ["/console/domains", "Domains"],
  ["/console/plan", "Plan"],
  ["/console/audit", "Audit log"],
  ["/settings", "Sign-in and security"],
];

test("every screen of the console is accessible, light and dark, and breaks no policy", { skip }, async () => {
  for (const colorScheme of ["light", "dark"]) {
    const { page, context, problems } = await signIn(browser, app, "alice", { colorScheme });
    for (const [path, heading] of SCREENS) {
      await page.goto(app.url + path);
      await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
      await page.waitForLoadState("networkidle");
      assert.deepEqual(await violations(page), [], `${path}, ${colorScheme}`);
    }
    assert.deepEqual(problems, []);
    await context.close();
  }
});

test("nothing is scrolled sideways on a phone", { skip }, async () => {
  const { page, context } = await signIn(browser, app, "alice", { viewport: { width: 360, height: 740 } });
  for (const [path, heading] of SCREENS) {
    await page.goto(app.url + path);
    await page.getByRole("heading", { name: heading, level: 1 }).waitFor();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    assert.ok(wide <= 0, `${path} is ${wide} pixels too wide`);
  }
  await context.close();
});

test("a session is a cookie that no script sees; the sign-in comes back when it ends", { skip }, async () => {
  const { page, context } = await signIn(browser, app, "alice");
  const cookies = await context.cookies();
  assert.equal(cookies.length, 1);
  assert.ok(cookies[0].httpOnly && cookies[0].sameSite !== "None");
  assert.equal(await page.evaluate(() => document.cookie), "");
  assert.equal(await page.evaluate(() => Object.values({ ...localStorage, ...sessionStorage }).join("").length < 40), true);
  await page.goto(`${app.url}/console/roles`);
  await page.getByRole("button", { name: "Alice Ng" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  assert.equal((await context.cookies()).length, 0);
  await page.goto(`${app.url}/console/roles`);
  await page.getByLabel("Name or address").fill("alice");
  await page.getByLabel("Password").fill("wrong");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByLabel("Password").fill("alice-example");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "Roles" }).waitFor();
  await context.close();
});

test("a second shared mailbox is one form, and its people have it at once", { skip }, async () => {
  const { page, context, problems } = await signIn(browser, app, "alice");
  await page.goto(`${app.url}/console/mailboxes`);
  await page.getByRole("button", { name: "New shared mailbox" }).click();
  await page.getByLabel("Display name").fill("Billing");
  await page.getByLabel("Addresses").fill("billing@example.org, invoices@example.org");
  for (const person of ["Bob", "Carol"]) {
    await page.getByRole("combobox", { name: "Who works on it" }).fill(person);
    await page.getByRole("option", { name: person }).click();
  }
  assert.deepEqual(await violations(page), []);
  await page.getByRole("button", { name: "Create mailbox" }).click();
  await page.getByRole("heading", { name: "Billing", level: 1 }).waitFor();
  await page.getByRole("rowheader", { name: "Bob Okafor" }).waitFor();
  await page.getByRole("rowheader", { name: "Carol Lind" }).waitFor();
  const answer = await context.request.get(`${app.url}/api/v1/mailboxes/billing/people`);
  assert.deepEqual((await answer.json()).map((person) => person.name), ["bob", "carol"]);
  assert.deepEqual(problems, []);
  await context.close();
});

test("why a stranger sees nothing is told where one asks", { skip }, async () => {
  const { page, context } = await signIn(browser, app, "alice");
  await page.goto(`${app.url}/console/mailboxes/support/access`);
  await page.getByRole("button", { name: "Ask about somebody else" }).click();
  await page.getByLabel("Person").selectOption("carol");
  await page.getByText("without any right the mailbox does not exist for this user").waitFor();
  await page.getByText(/can be granted by:.*an administrator/).waitFor();
  assert.deepEqual(await violations(page), []);
  await context.close();
});

test("a grant taken away is gone, comes back by Undo, and stands in the record", { skip }, async () => {
  const { page, context } = await signIn(browser, app, "alice");
  await page.goto(`${app.url}/console/mailboxes/support/access`);
  await page.getByRole("button", { name: "Take access from Mailbox - Support" }).click();
  await page.getByRole("heading", { name: "Nobody has access" }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("rowheader", { name: "Mailbox - Support" }).waitFor();
  await page.getByRole("link", { name: "Activity" }).click();
  await page.getByText("grant.remove").waitFor();
  await page.getByLabel("Act begins with").fill("grant.set");
  await page.getByText("grant.remove").waitFor({ state: "detached" });
  await page.getByText("grant.set").first().waitFor();
  await context.close();
});

test("a stranger has no console, and what is denied says why", { skip }, async () => {
  const { page, context } = await signIn(browser, app, "carol");
  assert.equal(await page.getByRole("link", { name: "Administration" }).count(), 0);
  await page.goto(`${app.url}/console/users`);
  await page.getByRole("alert").getByText("this needs the privilege admin; ask an administrator").waitFor();
  await page.goto(`${app.url}/console/mailboxes/support`);
  await page.getByRole("alert").getByText("there is no such mailbox").waitFor();
  await context.close();
});

test("the form works by the keyboard alone", { skip }, async () => {
  const { page, context } = await signIn(browser, app, "alice");
  await page.goto(`${app.url}/console/domains`);
  await page.getByRole("heading", { name: "Domains" }).waitFor();
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Skip to the content");
  for (let at = 0; at < 30; at += 1) {
    await page.keyboard.press("Tab");
    if ((await page.evaluate(() => document.activeElement?.tagName)) === "INPUT") break;
  }
  await page.keyboard.type("example.net");
  await page.keyboard.press("Enter");
  await page.getByRole("rowheader", { name: "example.net" }).waitFor();
  await context.close();
});
