/**
 * Rules of the house that no other tool checks: which folder may import which, what may not be named how, how long a file may be,
 * and that what is exported from a package says what it is.
 */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

const ROOT = resolve(import.meta.dirname, "..");
const SERVER = "packages/server/src";
const MAX_LINES = 450;
const BAGS = /(^|\/)(utils?|common|helpers?|misc|shared|base|manager)(\/|\.tsx?$)/;

/** What each part of the server may import, besides itself: docs/architecture.md, "Layout". */
const ARROWS: { readonly [part: string]: readonly string[] } = {
  platform: [],
  "live/streams": ["platform"],
  access: ["platform"],
  "live/rtmp": ["live/streams", "live/http", "live", "access", "platform"],
  "live/http": ["live/streams", "live", "access", "platform"],
  "live/flv": ["live/streams", "live/http", "live", "access", "platform"],
  "live/hls": ["live/streams", "live/http", "live", "access", "platform"],
  "live/stills": ["live/streams", "live/http", "live", "access", "platform"],
  "live/relay": ["live/streams", "live", "platform"],
  live: ["live/streams", "platform"],
  library: ["live/streams", "live/hls", "live/stills", "live/http", "live", "access", "platform"],
  network: ["live/relay", "platform"],
  operations: ["live/streams", "live/http", "live", "access", "platform"],
  school: ["access", "platform"],
  node: [
    "school",
    "library",
    "live/streams",
    "live/rtmp",
    "live/http",
    "live/flv",
    "live/hls",
    "live/stills",
    "live/relay",
    "live",
    "access",
    "network",
    "operations",
    "platform",
  ],
  "": ["node", "platform"],
};
/** Folders that open to others only by these files. */
const ENTRIES: { readonly [folder: string]: readonly string[] } = {
  "live/streams": ["index.ts"],
  "live/rtmp": ["door.ts"],
  "live/flv": ["door.ts"],
  "live/hls": ["door.ts", "package.ts"],
  library: [
    "catalog.ts",
    "maintenance/recording-maintenance.ts",
    "recorder/recorder.ts",
    "recorder/recorders.ts",
    "replay/door.ts",
    "replay/previews.ts",
    "replay/segment-cache.ts",
    "replay/time-shift-door.ts",
    "storage/storage.ts",
  ],
  "live/stills": ["door.ts", "decoder.ts", "key-frame.ts"],
  "live/relay": [
    "registry/stream-table-entry.ts",
    "registry/writer-registry.ts",
    "transport/relay-server.ts",
    "transport/upstream.ts",
  ],
  school: ["school.ts", "lessons/live-lessons.ts", "migrations/index.ts"],
};

/** What is exported here is used by people who do not read the code behind it. */
const DOCUMENTED = ["packages/media/src/"];

const mistakes: string[] = [];
const files = sources(join(ROOT, "packages")).concat(
  sources(join(ROOT, "bench")),
  sources(join(ROOT, "e2e")),
  sources(join(ROOT, "script")),
);
for (const file of files) check(relative(ROOT, file), readFileSync(file, "utf8"));
for (const mistake of mistakes) process.stderr.write(`${mistake}\n`);
process.exit(mistakes.length > 0 ? 1 : 0);

function check(file: string, text: string): void {
  const lines = text.split("\n").length;
  const isTest = /\.test\.tsx?$/.test(file);
  // What a program has written is read by programs.
  const isMade = /^\/\*\*[^\n]* Made by `/.test(text);
  if (lines > MAX_LINES && !isTest && !isMade) mistakes.push(`${file}: ${lines} lines; does it hold one thing?`);
  if (BAGS.test(file)) mistakes.push(`${file}: a name that does not say what it holds`);
  if (!isTest && !text.replace(/^#!.*\n/, "").startsWith("/**"))
    mistakes.push(`${file}: begins without saying what it is responsible for`);
  for (const specifier of imports(text)) checkImport(file, specifier);
  if (DOCUMENTED.some((folder) => file.startsWith(folder)) && !isTest) checkDocstrings(file, text);
  if (file.startsWith("packages/media/src/") && !isTest && /from "node:/.test(text))
    mistakes.push(`${file}: media formats know no Node.js`);
}

/** Every exported function and class says what it does; constants and types may speak by their name and their fields. */
function checkDocstrings(file: string, text: string): void {
  const lines = text.split("\n");
  lines.forEach((line, i) => {
    const [, name] = /^export (?:async )?(?:function\*?|class) (\w+)/.exec(line) ?? [];
    if (name && !lines[i - 1]?.endsWith("*/")) mistakes.push(`${file}:${i + 1}: ${name} has no docstring`);
  });
}

function checkImport(file: string, specifier: string): void {
  if (!file.startsWith(SERVER) || !specifier.startsWith(".")) return;
  const target = relative(SERVER, relative(ROOT, resolve(ROOT, dirname(file), specifier)));
  if (target.startsWith("..")) return;
  const from = partOf(relative(SERVER, file));
  const to = partOf(target);
  if (from === to) return;
  if (!ARROWS[from]?.includes(to)) mistakes.push(`${file}: ${from || "main.ts"} may not import ${to} (${specifier})`);
  const entries = ENTRIES[to];
  // A test, or what several tests stand on.
  const isTest = /(?:\.test|\/test-[^/]+)\.ts$/.test(file);
  if (entries && !isTest && !entries.includes(relative(to, target)))
    mistakes.push(`${file}: ${to} opens only by ${entries.join(", ")}`);
}

function partOf(path: string): string {
  const parts = Object.keys(ARROWS).filter((part) => part !== "" && path.startsWith(`${part}/`));
  return parts.sort((a, b) => b.length - a.length)[0] ?? "";
}

function imports(text: string): string[] {
  return [...text.matchAll(/(?:from|import)\s+"([^"]+)"/g)].map((match) => match[1] ?? "");
}

function sources(directory: string): string[] {
  return readdirSync(directory, { withFileTypes: true }).flatMap((entry) => {
    if (["node_modules", "dist", "fixtures"].includes(entry.name)) return [];
    const path = join(directory, entry.name);
    return entry.isDirectory() ? sources(path) : /\.tsx?$/.test(entry.name) ? [path] : [];
  });
}
