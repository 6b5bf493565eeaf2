// A Postroom of its own for one test file: the example organisation, sample mail, ports given out by the system, and a
// browser. Start reading at `start`.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import net from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import readline from "node:readline";

export const root = path.resolve(import.meta.dirname, "../..");
const require = createRequire(path.join(root, "web/package.json"));

const BROWSERS = ["/usr/bin/chromium", "/usr/bin/chromium-browser"];
const browserPath = process.env.CHROMIUM ?? BROWSERS.find((file) => existsSync(file));
const binary = process.env.POSTROOM_BINARY ?? path.join(root, "target/debug/postroom");
const LISTENERS = ["http", "lmtp", "smtp", "imap"];

/** Why the tests cannot run here, or false. */
export const skip = !browserPath
  ? "Debian's chromium is not installed"
  : !existsSync(path.join(root, "web/node_modules/playwright-core"))
    ? "the packages of web/ are not installed (npm ci)"
    : !existsSync(path.join(root, "web/dist/index.html"))
      ? "the web app is not built (scripts/build)"
      : false;

const PASSWORDS = { alice: "alice-example", bob: "bob-example", carol: "carol-example" };

/** Starts a server with the example organisation; `stop` ends it and removes its data. */
export async function start() {
  const data = mkdtempSync(path.join(tmpdir(), "postroom-web-"));
  const passwords = Object.entries(PASSWORDS).map(([name, password]) => [`${name.toUpperCase()}_PASSWORD`, password]);
  const listen = LISTENERS.map((name) => [`POSTROOM_LISTEN_${name.toUpperCase()}`, "127.0.0.1:0"]);
  const off = ["submission", "submissions", "imaps", "pop3", "pop3s", "https"].map((name) => [
    `POSTROOM_LISTEN_${name.toUpperCase()}`,
    "",
  ]);
  const env = { ...process.env, ...Object.fromEntries([...passwords, ...listen, ...off]) };
  const applied = spawnSync(binary, ["apply", path.join(root, "examples/org.toml"), "--data", data], { env, encoding: "utf8" });
  if (applied.status !== 0) throw new Error(`the organisation could not be applied: ${applied.error ?? applied.stderr}`);
  const child = spawn(binary, ["serve", "--data", data], { env, stdio: ["ignore", "pipe", "inherit"] });
  const listeners = await ready(child);
  return {
    url: `http://${listeners.get("http")}`,
    listeners,
    deliver: (mail, to = "support@example.org") => deliver(listeners.get("lmtp"), mail, to),
    stop: async () => {
      child.kill("SIGTERM");
      await new Promise((resolve) => child.on("exit", resolve));
      rmSync(data, { recursive: true, force: true });
    },
  };
}

function ready(child) {
  const listeners = new Map();
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) => reject(new Error(`the server ended with ${code}`)));
    readline.createInterface({ input: child.stdout }).on("line", (line) => {
      const [word, name, address] = line.split(" ");
      if (word === "listening") listeners.set(name, address);
      if (line === "ready") resolve(listeners);
    });
  });
}

/** Hands one mail over by LMTP (RFC 2033); resolves when the server has taken it. */
async function deliver(address, mail, to) {
  const [host, port] = address.split(":");
  const socket = net.connect(Number(port), host);
  const replies = readline.createInterface({ input: socket })[Symbol.asyncIterator]();
  const say = async (bytes) => {
    if (bytes) socket.write(bytes);
    for (;;) {
      const { value: line, done } = await replies.next();
      if (done) throw new Error("the server closed the LMTP connection");
      if (line[3] === "-") continue;
      if (!/^[23]/.test(line)) throw new Error(`LMTP: ${line}`);
      return;
    }
  };
  await say();
  await say("LHLO localhost\r\n");
  await say("MAIL FROM:<dana@customer.example>\r\n");
  await say(`RCPT TO:<${to}>\r\n`);
  await say("DATA\r\n");
  await say(`${mail.replace(/\r?\n/g, "\r\n").replace(/^\./gm, "..")}\r\n.\r\n`);
  socket.end("QUIT\r\n");
}

/** A mail as text. */
export function mail({ subject, text, html, from = "Dana Roth <dana@customer.example>", to = "support@example.org" }) {
  const kind = html === undefined ? "text/plain" : "text/html";
  return [
    `From: ${from}`,
    `To: ${to}`,
    `Subject: ${subject}`,
    `Date: ${new Date().toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${Math.random().toString(36).slice(2)}@customer.example>`,
    "MIME-Version: 1.0",
    `Content-Type: ${kind}; charset=utf-8`,
    "",
    html ?? text ?? "",
  ].join("\n");
}

export async function launch() {
  const { chromium } = require("playwright-core");
  return chromium.launch({
    executablePath: browserPath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
      // Nothing but the server itself is ever reached.
      "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    ],
  });
}

/** A browser window of somebody's own, signed in; what goes wrong in its pages is kept in `problems`. */
export async function signIn(browser, app, name, options = {}) {
  const context = await browser.newContext({ viewport: { width: 1360, height: 860 }, locale: "en-GB", ...options });
  const page = await context.newPage();
  const problems = [];
  page.on("pageerror", (error) => problems.push(`error: ${error.message}`));
  page.on("console", (line) => {
    // Asking who is signed in is refused before the sign-in, as it should be.
    if (line.type() === "error" && !/status of 401/.test(line.text())) problems.push(line.text());
  });
  await page.goto(app.url);
  await page.getByLabel("Name or address").fill(name);
  await page.getByLabel("Password").fill(PASSWORDS[name]);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("button", { name: /^..? ?[A-Z]/ }).first().waitFor();
  return { page, context, problems };
}

/** What axe finds on the page as it is (WCAG 2.2 A and AA). */
export async function violations(page) {
  await page.evaluate(require("axe-core").source);
  const found = await page.evaluate(() =>
    window.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], iframes: false }),
  );
  return found.violations.map(
    ({ id, nodes }) => `${id}: ${nodes.map((node) => `${node.target.join(" ")} (${node.any[0]?.message ?? node.all[0]?.message ?? ""})`).join(", ")}`,
  );
}
