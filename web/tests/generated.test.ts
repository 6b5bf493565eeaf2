//! The client of the REST API is what docs/api/openapi.json says.

import { readFileSync } from "node:fs";
import { join } from "node:path";
import openapi, { astToString } from "openapi-typescript";
import { expect, it } from "vitest";

const here = import.meta.dirname;

it("is up to date (otherwise: npm run generate)", async () => {
  const document = readFileSync(join(here, "../../docs/api/openapi.json"), "utf8");
  const made = astToString(await openapi(document, { defaultNonNullable: false }));
  const kept = readFileSync(join(here, "../src/api/schema.d.ts"), "utf8");
  // The command puts a notice on top; what counts is what follows.
  const body = (text: string) => text.replace(/^\/\*\*[\s\S]*?\*\/\s*/, "").trim();
  expect(body(kept) === body(made), "src/api/schema.d.ts is out of date: npm run generate").toBe(true);
}, 30_000);
