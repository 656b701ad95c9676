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

export default defineConfig({
  root: import.meta.dirname,
  plugins: [precompress()],
  build: {
    target: "es2022",
    // mpegts.js is large, and loaded apart.
    chunkSizeWarningLimit: 400,
    // A style in a data: address would be refused by the pages' own policy.
    assetsInlineLimit: 0,
    rollupOptions: { input: ["index.html", "embed.html"].map((page) => join(import.meta.dirname, page)) },
  },
});
