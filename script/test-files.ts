/**
 * Says how a test file runs, by what its first comment and its imports say: in a process with others or in its own, beside others or by itself, in
 * which runs.
 *
 * - Files of the packages run in a process with some others, and so do those of e2e with the words "Shares a process".
 * - "Runs late": when the others are over, one for each core, since its encoders and conversions give way to all other programs of the machine, or
 *   it needs to be in time.
 * - "Runs alone: REASON": beside other programs it would see what they do.
 * - "Only with --all" and "Only by name" leave a file out of the usual run, and of every run that does not name it.
 */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "..");
export const CACHE = join(ROOT, ".cache");
/** Where processes write what they execute (`coverage.ts`). */
export const COVERAGE = join(CACHE, "coverage");
/** So much of a file is looked at for its first comment; characters. */
const FIRST_COMMENT = 1000;
/** What a test leaves open holds a bundle up for so long after its last test. */
const LEFT_OPEN_MS = 10_000;
/**
 * What tests leave behind in a process makes the next ones dearer: with 450 files in each of two, a heap of 1.8 GB was collected again and again, for
 * more than half of their time.
 */
const FILES_IN_A_PROCESS = 150;
const BROWSERS = /"\.\/(?:browser|chromium|firefox|whip-page|whep-page|stage-pages|served-pages)\.ts"/;
/** It holds a test of how long the event loop is held, which garbage of other files would hold too. */
const LOOP = "/test-event-loop-delay.ts";

export type Wanted = { readonly all: boolean; readonly named: boolean };

export type TestPlan = {
  /** They run in the first lanes only, so that there are no more browsers than the machine can serve. */
  readonly browser: string[];
  readonly other: string[];
  /** They begin when no others are left, one for each core. */
  readonly late: string[];
  /** They run one after the other at the end. */
  readonly alone: string[];
  /** Files that run others, by their paths. */
  readonly bundles: ReadonlyMap<string, readonly string[]>;
};

const textOf = (file: string): string => readFileSync(join(ROOT, file), "utf8");
const says = (file: string, words: string): boolean => textOf(file).slice(0, FIRST_COMMENT).includes(words);
export const isEndToEnd = (file: string): boolean => file.startsWith("e2e/");
const sharesProcess = (file: string): boolean => !isEndToEnd(file) || says(file, "Shares a process");

/** Whether a file needs databases of the run's PostgreSQL server. */
export const usesSchoolDatabases = (file: string): boolean => textOf(file).includes('"./school-databases.ts"');

/** Whether a run that asks for this has the file. */
export function isChosen(file: string, { all, named }: Wanted): boolean {
  return named || (!says(file, "Only by name") && (all || !says(file, "Only with --all")));
}

/** @param cores at least so many processes run the files that share one; each queue keeps the order of `files` */
export function planTests(files: readonly string[], cores: number): TestPlan {
  const alone = files.filter((file) => says(file, "Runs alone"));
  const late = files.filter((file) => says(file, "Runs late") && !alone.includes(file));
  const rest = files.filter((file) => !alone.includes(file) && !late.includes(file));
  const sharing = rest.filter(sharesProcess);
  const loop = sharing.filter((file) => textOf(file).includes(LOOP));
  const others = sharing.filter((file) => !loop.includes(file));
  const count = Math.max(cores, Math.ceil(others.length / FILES_IN_A_PROCESS));
  const parts = [loop, ...Array.from({ length: count }, (_, part) => others.filter((_file, i) => i % count === part))];
  const bundles = new Map(
    parts
      .filter((members) => members.length > 0)
      .map((members) => [
        bundleFiles(members === loop ? "in-process-loop" : `in-process-${parts.indexOf(members)}`, members),
        members,
      ]),
  );
  const separate = rest.filter((file) => !sharing.includes(file));
  return {
    browser: separate.filter((file) => BROWSERS.test(textOf(file))),
    other: [...bundles.keys(), ...separate.filter((file) => !BROWSERS.test(textOf(file)))],
    late,
    alone,
    bundles,
  };
}

/** Writes a test file that runs others in its process, each as a suite, so that their hooks stay their own. @returns its path from the root */
export function bundleFiles(name: string, members: readonly string[]): string {
  mkdirSync(CACHE, { recursive: true });
  const file = join(CACHE, `${name}.mjs`);
  const paths = members.map((member) => JSON.stringify([member, resolve(ROOT, member)]));
  const text = [
    'import { after, describe } from "node:test";',
    "// Timers that do not keep a process alive must still fire while a test waits for them.",
    "const alive = setInterval(() => {}, 1000);",
    "after(() => clearInterval(alive));",
    `after(() => void setTimeout(() => process.exit(), ${LEFT_OPEN_MS}).unref());`,
    "// One after the other: of files that are imported together, one's hooks become those of another's tests.",
    `for (const [member, path] of [${paths.join(", ")}])`,
    "  await new Promise((loaded) => describe(member, () => import(path).then(() => {}).finally(loaded)));",
  ];
  writeFileSync(file, `${text.join("\n")}\n`);
  return relative(ROOT, file);
}
