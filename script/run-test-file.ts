/** Runs one test file, or one that runs others, in a process of its own, and prints what it reported when it has ended. */
import { existsSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { artefactsOf } from "../e2e/artefacts.ts";
import { ROOT } from "./test-files.ts";

export type Outcome = {
  /** The file's path from the root. */
  readonly name: string;
  readonly ms: number;
  readonly passed: number;
  readonly failed: number;
  /** The suites or tests at the top of the file that failed: of a bundle, its files. */
  readonly failedSuites: readonly string[];
  /** What the reporter says of the tests that failed. */
  readonly failures: string;
};

/** Only a test that hangs takes so long. */
const TEST_LIMIT_MS = 840_000;
/** The reporter's headline over the failed tests of a file. */
const FAILURES = "✖ failing tests:";
/** So much is told of a file's failures, and of what servers said during them; characters and lines. */
const TOLD = 6000;
const LOG_LINES = 20;
/**
 * PGlite is WebAssembly. V8's optimizing compiler would spend seconds of all cores on it in each process that starts a database, and
 * crashed once while it did (`Check failed: jit_page.has_value()`); the baseline compiler is enough for a test.
 */
const BUNDLE_ARGV = ["--liftoff-only"];
/**
 * What a failed test has left open holds its file up for twenty minutes, unless the process ends with its tests. Of many files' tests such an end
 * would come before what the last of them reported, so a bundle ends by itself.
 */
const FILE_ARGV = [...BUNDLE_ARGV, "--test-force-exit"];

/** @param limitMs the file is ended after it */
export async function runTestFile(name: string, { isBundle, limitMs }: { isBundle: boolean; limitMs: number }): Promise<Outcome> {
  const started = performance.now();
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), limitMs);
  const events = run({
    files: [resolve(ROOT, name)],
    timeout: TEST_LIMIT_MS,
    signal: limit.signal,
    execArgv: isBundle ? BUNDLE_ARGV : FILE_ARGV,
  });
  const counts = { passed: 0, failed: 0 };
  let success = true;
  events.on("test:summary", (summary) => {
    if (!summary.success) success = false;
    if (summary.file !== undefined) return;
    counts.passed += summary.counts.passed;
    counts.failed += summary.counts.tests - summary.counts.passed - summary.counts.skipped - summary.counts.todo;
  });
  const failedSuites: string[] = [];
  events.on("test:fail", ({ name: suite, nesting }) => {
    if (nesting === 0) failedSuites.push(suite);
  });
  let text = "";
  for await (const piece of events.compose(new spec())) text += piece;
  clearTimeout(timer);
  const ms = performance.now() - started;
  if (!success && counts.failed === 0) counts.failed = 1;
  // The totals of a single file say less than the line below.
  process.stdout.write(text.replace(/^ℹ (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) .*\n/gm, ""));
  const [, failures = ""] = text.split(FAILURES);
  const end = limit.signal.aborted ? `ended after ${Math.round(limitMs / 1000)} s, ` : "";
  process.stdout.write(`${name}: ${end}${counts.passed} passed, ${counts.failed} failed, ${Math.round(ms / 1000)} s\n\n`);
  return { name, ms, ...counts, failedSuites, failures };
}

/** What failed in a file, and what its servers said last. */
export function tellFailure({ name, failures, failedSuites }: Outcome): string {
  const logs = [name, ...failedSuites].map((file) => join(artefactsOf(file), "servers.log")).filter((log) => existsSync(log));
  const lines = logs.map((log) => [`${log}:`, ...readFileSync(log, "utf8").trimEnd().split("\n").slice(-LOG_LINES)].join("\n"));
  return [`${name}`, failures.slice(0, TOLD), ...lines].join("\n");
}
