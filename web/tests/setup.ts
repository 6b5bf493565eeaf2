//! Before every test: a fake network (what it does not know fails the test), matchers, and a clean page.

import "@testing-library/jest-dom/vitest";
import { cleanup, configure } from "@testing-library/react";
import { afterAll, afterEach, beforeAll, vi } from "vitest";
import { queries } from "../src/queries";
import { network, reset } from "./fixtures/network";

// Elements have no size in a page that is not drawn; lists need one to draw anything.
Object.defineProperty(HTMLElement.prototype, "clientHeight", { configurable: true, value: 800 });
Object.defineProperty(HTMLElement.prototype, "clientWidth", { configurable: true, value: 600 });

// A busy machine is no reason to fail; what is awaited mostly comes within milliseconds.
configure({ asyncUtilTimeout: 15_000 });

class NoEvents extends EventTarget {
  static readonly CLOSED = 2;
  readyState = 1;
  close(): void {
    this.readyState = 2;
  }
}
vi.stubGlobal("EventSource", NoEvents);

beforeAll(() => network.listen({ onUnhandledRequest: "error" }));
afterEach(() => {
  cleanup();
  network.resetHandlers();
  reset();
  queries.clear();
  localStorage.clear();
});
afterAll(() => network.close());
