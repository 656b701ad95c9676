/** Builds the pages. File names carry a hash of their content, so that browsers may cache them for ever. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";
import { bundledPackages } from "../../script/bundled-packages.ts";
import { FIRST_CHUNKS, preloadImported } from "./first-chunks.ts";
import { pageHead } from "./page-head.ts";

/** Writes which npm packages are in the pages, for releases. */
function listPackages(): Plugin {
  return {
    name: "list-packages",
    writeBundle: (_options, bundle) => {
      const bundled = bundledPackages(Object.values(bundle).flatMap((file) => (file.type === "chunk" ? file.moduleIds : [])));
      writeFileSync(join(import.meta.dirname, "dist/.vite/packages.json"), `${JSON.stringify({ bundled }, null, 2)}\n`);
    },
  };
}

const PAGES = [
  ...[
    "index",
    "embed",
    "class",
    "studio",
    "console",
    "reset",
    "sign-on",
    "lti",
    "watch",
    "check-in",
    "exam",
    "supervision",
    "not-found",
    "offline",
  ].map((page) => `${page}.html`),
  "src/offline/service-worker.ts",
  "src/publisher/publisher.ts",
];
/** Scripts whose addresses do not change: browsers look for updates of a service worker under the same name, and pages of others name the library. */
const SCRIPTS = ["service-worker", "publisher"];

export default defineConfig({
  root: import.meta.dirname,
  plugins: [pageHead(), preloadImported({ "class.html": "/src/class/class.tsx" }), listPackages()],
  oxc: { jsx: { runtime: "automatic" } },
  build: {
    target: "es2022",
    // All supported browsers have modulepreload.
    modulePreload: { polyfill: false },
    // script/size-budgets.ts reads which files a page loads.
    manifest: true,
    // The pages' Content-Security-Policy blocks styles in data: URLs.
    assetsInlineLimit: 0,
    // MathJax, which a page loads when somebody writes a formula. The others have budgets (script/size-budgets.ts).
    chunkSizeWarningLimit: 1700,
    rollupOptions: {
      checks: { bundlerTimings: false },
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
