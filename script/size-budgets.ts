/**
 * What people download before they see something, compressed as the server sends it, in kB. A student on a phone pays for each; the
 * console's code never reaches one.
 */
import { existsSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";

type Chunk = {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
  readonly dynamicImports?: readonly string[];
};

const DIST = join(import.meta.dirname, "../packages/web/dist");
/** Beside what a page imports: what the picture needs, which is loaded at once. */
const PICTURE = /mpegts/;
const BUDGETS: readonly { readonly page: string; readonly most: number; readonly never: RegExp }[] = [
  { page: "class.html", most: 250, never: /console|studio|hls/ },
  { page: "embed.html", most: 120, never: /console|studio|react|hls/ },
  { page: "index.html", most: 120, never: /console|studio|react|hls/ },
  { page: "studio.html", most: 300, never: /console|hls/ },
  { page: "console.html", most: 400, never: /mpegts|hls/ },
];

const manifestFile = join(DIST, ".vite/manifest.json");
if (!existsSync(manifestFile)) {
  process.stderr.write("the pages are not built\n");
  process.exit(1);
}
const manifest: Readonly<Record<string, Chunk>> = JSON.parse(readFileSync(manifestFile, "utf8"));
let wrong = false;
for (const { page, most, never } of BUDGETS) {
  const files = [...filesOf(page)];
  const kilobytes = files.reduce((sum, file) => sum + compressed(file), 0) / 1000;
  const strange = files.filter((file) => never.test(file));
  const words = `${page}: ${kilobytes.toFixed(0)} kB of ${most}`;
  if (kilobytes > most || strange.length > 0) wrong = true;
  process.stderr.write(`lectern: ${words}${strange.length > 0 ? `, and should not load ${strange.join(", ")}` : ""}\n`);
}
process.exit(wrong ? 1 : 0);

/** What a page loads before its first picture. */
function filesOf(page: string): Set<string> {
  const found = new Set<string>();
  const take = (key: string): void => {
    const chunk = manifest[key];
    if (!chunk || found.has(chunk.file)) return;
    found.add(chunk.file);
    for (const css of chunk.css ?? []) found.add(css);
    for (const other of chunk.imports ?? []) take(other);
    for (const other of chunk.dynamicImports ?? []) if (PICTURE.test(other)) take(other);
  };
  take(page);
  return found;
}

function compressed(file: string): number {
  const path = join(DIST, file);
  return statSync(existsSync(`${path}.br`) ? `${path}.br` : path).size;
}
