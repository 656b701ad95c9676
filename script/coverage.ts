/**
 * Tells what the tests cover of packages/<name>/src, by folder: lines and branches, in the processes of tests and in those of the servers that they start.
 *
 *     node script/coverage.ts [--json FILE] [FILE…]        folds what processes have written into .cache/coverage, and compares with FILE…
 *
 * `script/test --coverage …` has them write it: V8's block coverage (NODE_V8_COVERAGE), of the sources, which type stripping leaves in place. A line counts
 * when a statement begins in it, a branch (of `if`, `?:`, `&&`, `||`, `??`, `case`, a default value) when it is in the source: so both totals are of the
 * sources alone, and two runs can be compared.
 */
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { parseSync } from "oxc-parser";
import { COVERAGE, ROOT } from "./test-files.ts";

const SOURCES = /^packages\/[^/]+\/src\/(?!.*(?:\.test\.|\/test-|\/test\/|\.d\.ts)).*\.tsx?$/;

type Range = { readonly startOffset: number; readonly endOffset: number; readonly count: number };
type Script = { readonly url: string; readonly functions: readonly { readonly ranges: readonly Range[] }[] };
type Count = { lines: number; coveredLines: number; branches: number; coveredBranches: number };

const { values: options, positionals: earlier } = parseArgs({ allowPositionals: true, options: { json: { type: "string" } } });

/** Of each source, which of its characters some process has executed. */
const executed = new Map<string, Uint8Array>();

/** Adds what one process has executed. Inner ranges come behind those around them, and decide for their part. */
function add({ url, functions }: Script): void {
  if (!url.startsWith("file:")) return;
  const path = relative(ROOT, fileURLToPath(url));
  if (!SOURCES.test(path)) return;
  const all = executed.get(path) ?? new Uint8Array(readFileSync(join(ROOT, path), "utf8").length);
  const own = new Uint8Array(all.length);
  const ranges = functions
    .flatMap((one) => one.ranges)
    .toSorted((a, b) => b.endOffset - b.startOffset - (a.endOffset - a.startOffset));
  for (const { startOffset, endOffset, count } of ranges) own.fill(count > 0 ? 1 : 0, startOffset, endOffset);
  for (let i = 0; i < own.length; i++) if (own[i]) all[i] = 1;
  executed.set(path, all);
}

type Syntax = { readonly type: string; readonly start: number; readonly [key: string]: unknown };

function isSyntax(value: unknown): value is Syntax {
  return typeof value === "object" && value !== null && "type" in value && "start" in value;
}

/** Where the statements of a source begin, and its branches. */
function pointsOf(path: string, text: string): { readonly statements: number[]; readonly branches: number[] } {
  const statements: number[] = [];
  const branches: number[] = [];
  const branch = (value: unknown): void => void (isSyntax(value) && branches.push(value.start));
  const visit = (node: Syntax): void => {
    if (/^(?:Import|TS|Export(?:All|Named))/.test(node.type) && !isSyntax(node["declaration"])) return;
    if (/Statement$/.test(node.type) && node.type !== "BlockStatement") statements.push(node.start);
    if (node.type === "VariableDeclaration" || node.type === "PropertyDefinition") statements.push(node.start);
    if (node.type === "IfStatement" || node.type === "ConditionalExpression")
      for (const key of ["consequent", "alternate"]) branch(node[key]);
    if (node.type === "LogicalExpression" || node.type === "AssignmentPattern") branch(node["right"]);
    if (node.type === "SwitchCase" && Array.isArray(node["consequent"])) branch(node["consequent"][0]);
    for (const value of Object.values(node))
      for (const child of Array.isArray(value) ? value : [value]) if (isSyntax(child)) visit(child);
  };
  visit(parseSync(path, text).program as unknown as Syntax);
  return { statements, branches };
}

function countOf(path: string): Count {
  const text = readFileSync(join(ROOT, path), "utf8");
  const all = executed.get(path);
  const { statements, branches } = pointsOf(path, text);
  const lineOf = (at: number): number => text.slice(0, at).split("\n").length;
  const lines = new Map<number, boolean>();
  for (const at of statements) lines.set(lineOf(at), (lines.get(lineOf(at)) ?? false) || all?.[at] === 1);
  const coveredBranches = branches.filter((at) => all?.[at] === 1).length;
  return {
    lines: lines.size,
    coveredLines: [...lines.values()].filter(Boolean).length,
    branches: branches.length,
    coveredBranches,
  };
}

/** `packages/server/src/live/rtmp/session.ts` is of the folder `server/live/rtmp`. */
const folderOf = (path: string): string =>
  dirname(path)
    .replace(/^packages\//, "")
    .replace(/\/src\b/, "");

for (const file of existsSync(COVERAGE) ? readdirSync(COVERAGE) : []) {
  const { result }: { result: readonly Script[] } = JSON.parse(readFileSync(join(COVERAGE, file), "utf8"));
  for (const script of result) add(script);
}
const folders = new Map<string, Count>();
for (const path of readdirSync(join(ROOT, "packages"), { recursive: true, encoding: "utf8" }).map((below) =>
  join("packages", below),
)) {
  if (!SOURCES.test(path) || path.includes("node_modules")) continue;
  const sum = folders.get(folderOf(path)) ?? { lines: 0, coveredLines: 0, branches: 0, coveredBranches: 0 };
  const count = countOf(path);
  for (const key of ["lines", "coveredLines", "branches", "coveredBranches"] as const) sum[key] += count[key];
  folders.set(folderOf(path), sum);
}
const percent = (part: number, whole: number): string => (whole === 0 ? "–" : `${((100 * part) / whole).toFixed(1)} %`);
const before = earlier.map((file): Record<string, Count> => JSON.parse(readFileSync(file, "utf8")));
const row = (name: string, counts: readonly (Count | undefined)[]): string =>
  `| ${[name, ...counts.flatMap((of) => (of ? [percent(of.coveredLines, of.lines), percent(of.coveredBranches, of.branches)] : ["–", "–"]))].join(" | ")} |`;
process.stdout.write(`| folder |${" lines | branches |".repeat(1 + before.length)}\n|${"---|".repeat(3 + 2 * before.length)}\n`);
for (const [name, count] of [...folders].toSorted(([a], [b]) => a.localeCompare(b, "en")))
  process.stdout.write(`${row(name, [...before.map((one) => one[name]), count])}\n`);
if (options.json) writeFileSync(options.json, `${JSON.stringify(Object.fromEntries(folders))}\n`);
rmSync(COVERAGE, { recursive: true, force: true });
