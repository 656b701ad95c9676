/**
 * Checks the size budgets of the pages: the kilobytes, compressed as the server sends them, that a browser loads before a page shows
 * something, and those of the player for pages of others; and that no page loads the code of another, such as the console's in the class.
 */
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";

type Chunk = {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly css?: readonly string[];
  readonly dynamicImports?: readonly string[];
};

const DIST = join(import.meta.dirname, "../packages/web/dist");
type Budget = {
  readonly page: string;
  readonly maxKilobytes: number;
  readonly forbidden: RegExp;
  /** Dynamic imports that the page starts before its picture moves: they count as part of it. */
  readonly preloaded?: RegExp;
};

const BUDGETS: readonly Budget[] = [
  {
    page: "class.html",
    maxKilobytes: 168,
    forbidden: /console|studio|hls/,
    // A file that several pages load is a chunk with a name of its own.
    preloaded: /\/flv-playback\.ts$|\/class\.tsx$|(?:\/stage-board\.tsx|_stage-board-[\w-]+\.js)$/,
  },
  { page: "embed.html", maxKilobytes: 60, forbidden: /console|studio|react|hls/, preloaded: /\/flv-playback\.ts$/ },
  { page: "index.html", maxKilobytes: 65, forbidden: /console|studio|react|hls/, preloaded: /\/flv-playback\.ts$/ },
  { page: "check-in.html", maxKilobytes: 92, forbidden: /console|studio|flv|hls/ },
  { page: "exam.html", maxKilobytes: 120, forbidden: /console|studio|flv|hls/ },
  { page: "supervision.html", maxKilobytes: 120, forbidden: /console|studio|hls/ },
  { page: "studio.html", maxKilobytes: 212, forbidden: /console|hls/, preloaded: /\/flv-playback\.ts$/ },
  { page: "console.html", maxKilobytes: 131, forbidden: /flv|hls|mantine/ },
];

/** What pages of others load by `/player.js`: at once, and with each protocol. Kilobytes, compressed. */
const PLAYER_BUDGETS: readonly { readonly what: string; readonly files: RegExp; readonly maxKilobytes: number }[] = [
  { what: "player.js", files: /^(?!flv|hls).*\.js$/, maxKilobytes: 38 },
  { what: "player.js with FLV", files: /^(?!hls).*\.js$/, maxKilobytes: 52 },
  { what: "player.js with HLS", files: /^(?!flv).*\.js$/, maxKilobytes: 136 },
];

const manifestFile = join(DIST, ".vite/manifest.json");
if (!existsSync(manifestFile)) {
  process.stderr.write("lectern: the pages are not built\n");
  process.exit(1);
}
const manifest: Readonly<Record<string, Chunk>> = JSON.parse(readFileSync(manifestFile, "utf8"));
let hasFailed = false;
for (const { page, maxKilobytes, forbidden, preloaded } of BUDGETS) {
  const files = [...filesOf(page, preloaded ?? null)];
  const kilobytes = files.reduce((sum, file) => sum + compressedBytes(file), 0) / 1000;
  const unexpected = files.filter((file) => forbidden.test(file));
  if (kilobytes > maxKilobytes || unexpected.length > 0) hasFailed = true;
  const suffix = unexpected.length > 0 ? `, must not load ${unexpected.join(", ")}` : "";
  process.stderr.write(`lectern: ${page}: ${kilobytes.toFixed(1)} kB of ${maxKilobytes}${suffix}\n`);
}
for (const { what, files, maxKilobytes } of PLAYER_BUDGETS) {
  const loaded = playerFiles().filter((file) => files.test(basename(file)));
  const kilobytes = loaded.reduce((sum, file) => sum + compressedBytes(file), 0) / 1000;
  if (loaded.length === 0 || kilobytes > maxKilobytes) hasFailed = true;
  process.stderr.write(`lectern: ${what}: ${kilobytes.toFixed(1)} kB of ${maxKilobytes}\n`);
}
process.exit(hasFailed ? 1 : 0);

/** The files that a browser loads before the page shows something. */
function filesOf(page: string, preloaded: RegExp | null): Set<string> {
  const found = new Set<string>();
  const add = (key: string): void => {
    const chunk = manifest[key];
    if (!chunk || found.has(chunk.file)) return;
    found.add(chunk.file);
    for (const css of chunk.css ?? []) found.add(css);
    for (const imported of chunk.imports ?? []) add(imported);
    for (const imported of chunk.dynamicImports ?? []) if (preloaded?.test(imported)) add(imported);
  };
  add(page);
  return found;
}

function playerFiles(): string[] {
  const versions = join(DIST, "player");
  if (!existsSync(versions)) return [];
  return readdirSync(versions).flatMap((version) =>
    readdirSync(join(versions, version)).map((file) => join("player", version, file)),
  );
}

function compressedBytes(file: string): number {
  const path = join(DIST, file);
  return statSync(existsSync(`${path}.br`) ? `${path}.br` : path).size;
}
