/** Builds the pages. Names carry a hash of their content, so that browsers may keep them for ever. */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

/** Writes a compressed copy beside each file, so that the server never compresses anything twice. */
function precompress(): Plugin {
  return {
    name: "precompress",
    closeBundle() {
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
  ...["index", "embed", "class", "studio", "console", "reset", "not-found", "offline"].map((page) => `${page}.html`),
  "src/offline/service-worker.ts",
];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [precompress()],
  oxc: { jsx: { runtime: "automatic" } },
  build: {
    target: "es2022",
    // All browsers that this is for know what it would stand in for.
    modulePreload: { polyfill: false },
    // What each page loads: script/size-budgets.ts looks at it.
    manifest: true,
    // mpegts.js is large, and loaded apart.
    chunkSizeWarningLimit: 400,
    // A style in a data: address would be refused by the pages' own policy.
    assetsInlineLimit: 0,
    rollupOptions: {
      // Mantine's files say "use client" for frameworks that render on a server, which nothing here does.
      onLog: (level, log, handle) => {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") handle(level, log);
      },

      input: PAGES.map((page) => join(import.meta.dirname, page)),
      // It serves all pages, so it lies above them; browsers look for a newer one under the same name.
      output: { entryFileNames: ({ name }) => (name === "service-worker" ? "[name].js" : "assets/[name]-[hash].js") },
    },
  },
});
