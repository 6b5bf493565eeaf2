import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";
import { fixtures } from "./tests/fixtures/dev-server.ts";

// `npm run dev` with FIXTURES=1 needs no server: it answers with the data of the tests. Otherwise
// `npm run dev` shows the app with live reload on a server that already runs (POSTROOM, default the one of `make run`).
const server = process.env.POSTROOM ?? "http://127.0.0.1:8080";
const doors = ["/api", "/jmap", "/.well-known", "/frame"];

export default defineConfig({
  plugins: [react(), ...(process.env.FIXTURES ? [fixtures()] : [])],
  build: {
    target: ["chrome123", "firefox121", "safari17.5"],
    // The bundles are precompressed by tools/compress.mjs; measuring them here would only take time.
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
  server: {
    proxy: process.env.FIXTURES
      ? {}
      : Object.fromEntries(doors.map((path) => [path, { target: server, changeOrigin: false }])),
  },
  test: {
    environment: "jsdom",
    setupFiles: ["./tests/setup.ts"],
    include: ["tests/**/*.test.{ts,tsx}", "src/**/*.test.{ts,tsx}"],
    restoreMocks: true,
    // A busy machine is no reason to fail.
    testTimeout: 60_000,
  },
});
