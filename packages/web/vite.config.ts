/** Builds the pages. File names carry a hash of their content, so that browsers may cache them for ever. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";
import { FIRST_CHUNKS, preloadImported } from "./first-chunks.ts";
import { pageHead } from "./page-head.ts";

/** Writes a compressed copy of each asset, so that the server compresses nothing per request. */
function precompress(): Plugin {
  return {
    name: "precompress",
    writeBundle() {
      const directory = join(import.meta.dirname, "dist/assets");
      for (const file of readdirSync(directory)) {
        if (!/\.(js|css|svg)$/.test(file)) continue;
        const bytes = readFileSync(join(directory, file));
        writeFileSync(join(directory, `${file}.gz`), gzipSync(bytes, { level: 9 }));
        writeFileSync(join(directory, `${file}.br`), brotliCompressSync(bytes));
      }
    },
  };
}

const PAGES = [
  ...["index", "embed", "class", "studio", "console", "reset", "sign-on", "lti", "watch", "check-in", "not-found", "offline"].map(
    (page) => `${page}.html`,
  ),
  "src/offline/service-worker.ts",
  "src/publisher/publisher.ts",
];
/** Scripts whose addresses do not change: browsers look for updates of a service worker under the same name, and pages of others name the library. */
const SCRIPTS = ["service-worker", "publisher"];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [pageHead(), preloadImported({ "class.html": "/src/class/class.tsx" }), precompress()],
  oxc: { jsx: { runtime: "automatic" } },
  build: {
    target: "es2022",
    // All supported browsers have modulepreload.
    modulePreload: { polyfill: false },
    // script/size-budgets.ts reads which files a page loads.
    manifest: true,
    // The pages' Content-Security-Policy blocks styles in data: URLs.
    assetsInlineLimit: 0,
    rollupOptions: {
      // Mantine marks its files "use client" for server-side rendering, which these pages do not use.
      onLog: (level, log, handle) => {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") handle(level, log);
      },
      input: PAGES.map((page) => join(import.meta.dirname, page)),
      output: {
        entryFileNames: ({ name }) => (SCRIPTS.includes(name) ? "[name].js" : "assets/[name]-[hash].js"),
        codeSplitting: { groups: [...FIRST_CHUNKS] },
      },
      // Others import the library.
      preserveEntrySignatures: "allow-extension",
    },
  },
});
