/**
 * Runs test files and reports how each of them went. Small in-process files run together in two processes per core, those that measure how long the
 * event loop is held in one of their own, without the garbage of the others; all others run in a process each, the slowest first. A file whose first comment has the words "Waits for jobs" waits for encoders and conversions, which give way to all
 * other programs of the machine: beside tests that keep it busy they would hardly go on, and those files run when the others are over. One with the
 * words "Runs alone" measures timing and runs by itself at the end.
 *
 *     node script/run-tests.ts [--all] [--named] [--record] FILE…
 *
 * `--all` adds the tests that `long` of e2e/long-tests.ts marks, and the files whose first comment has the words "Only with --all", and runs a
 * few files that failed once more by themselves, before those that run alone begin: those that pass then are named as unsteady, with what they
 * said at first. Files with the words "Only by name" need the machine for themselves for minutes, and run when a pattern names them. A run with
 * `--all` on a slow machine begins no file that would not end within the time of CI, and names those that it has left out. `--named` runs
 * whatever is given, with `--all` also what `rare` marks. `--record` writes how long each file took to script/test-times.json, which
 * gives the order where no earlier run has left its own times in .cache.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join, relative, resolve } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

const ROOT = resolve(import.meta.dirname, "..");
const CACHE = join(ROOT, ".cache");
const TIMES = { last: join(CACHE, "test-times.json"), recorded: join(ROOT, "script/test-times.json") } as const;
/** Only a test or a file that hangs takes so long. */
const TEST_LIMIT_MS = 840_000;
const FILE_LIMIT_MS = 900_000;
/** With --all, no more failed files than these are run a second time. */
const REPEATED_FILES = 8;
/** With --all the last file has ended by then, so that a slow machine tells what it has seen within the time of CI. */
const END_MS = 84 * 60_000;
/** A file may take so many times as long as the last time. */
const SLOWER = 1.5;
/** No failed file keeps more time than this for its repetition from those that have not begun. */
const REPETITION_MS = 300_000;
/** The reporter's headline over the failed tests of a file. */
const FAILURES = "✖ failing tests:";
/** So much of a file's failures is told again at the end, where somebody looks who sees only the end of a log; characters. */
const TOLD_AGAIN = 6000;
/** The slowest files are named at the end. */
const NAMED = 10;
/**
 * PGlite is WebAssembly. V8's optimizing compiler would spend seconds of all cores on it in each process that starts a database, and
 * crashed once while it did (`Check failed: jit_page.has_value()`); the baseline compiler is enough for a test. What a failed test has left open
 * holds its file up for twenty minutes, unless the process ends with its tests.
 */
const EXEC_ARGV = ["--liftoff-only", "--test-force-exit"];
/** The last of many tests end so soon one after the other that such an end comes before what they report: a bundle ends when nothing is open, or by itself. */
const BUNDLE_ARGV = ["--liftoff-only"];
const LEFT_OPEN_MS = 10_000;

type Outcome = {
  readonly name: string;
  readonly ms: number;
  readonly passed: number;
  readonly failed: number;
  /** The suites or tests at the top of the file that failed: of a bundle, its files. */
  readonly failedSuites: readonly string[];
  /** What the reporter says of the tests that failed. */
  readonly failures: string;
};

const flags = new Set(process.argv.slice(2).filter((argument) => argument.startsWith("--")));
const given = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));
const cores = availableParallelism();
/** So many processes run the small files, each for a part of the limit of a file. */
const BUNDLES = cores * 2;
/** Most of what a test does is waiting: for a picture, for a lesson to go on. */
const concurrency = Number(process.env["TEST_CONCURRENCY"] ?? Math.min(6, cores + 1));
/** Two browsers that draw video leave two cores no time for a third program; where all tests run, none is to be late for want of a core. */
const browsersAtOnce = flags.has("--all") ? Math.max(1, Math.floor(cores / 2)) : concurrency;

const isInProcess = (file: string): boolean => !file.startsWith("e2e/");
const firstCommentHas = (file: string, words: string): boolean => readFileSync(file, "utf8").slice(0, 1000).includes(words);
const runsAlone = (file: string): boolean => firstCommentHas(file, "Runs alone");
const waitsForJobs = (file: string): boolean => firstCommentHas(file, "Waits for jobs");
const BROWSERS = /"\.\/(?:browser|chromium|firefox|whip-page|whep-page|stage-pages)\.ts"/;
const usesBrowser = (file: string): boolean => BROWSERS.test(readFileSync(file, "utf8"));
const measuresLoop = (file: string): boolean => readFileSync(file, "utf8").includes("/test-loop-hold.ts");
const isLong = (file: string): boolean => firstCommentHas(file, "Only with --all");
const isRare = (file: string): boolean => firstCommentHas(file, "Only by name");

/** Those of a run without patterns, or all that were named. */
function chosen(file: string): boolean {
  return flags.has("--named") || (!isRare(file) && (flags.has("--all") || !isLong(file)));
}

function readTimes(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}

/** Writes a test file that runs others in its process, each as a suite, so that their hooks stay their own. */
function bundle(name: string, members: readonly string[]): string {
  const file = join(CACHE, `${name}.mjs`);
  const suites = members.map(
    (member) => `describe(${JSON.stringify(member)}, async () => void (await import(${JSON.stringify(resolve(ROOT, member))})));`,
  );
  const head = [
    'import { after, describe } from "node:test";',
    "// Timers that do not keep a process alive must still fire while a test waits for them.",
    "const alive = setInterval(() => {}, 1000);",
    "after(() => clearInterval(alive));",
    `after(() => void setTimeout(() => process.exit(), ${LEFT_OPEN_MS}).unref());`,
  ];
  writeFileSync(file, `${[...head, ...suites].join("\n")}\n`);
  return file;
}

/** Runs one file in a process of its own and prints what it reported when it has ended. */
async function runFile(file: string): Promise<Outcome> {
  const started = performance.now();
  const limit = new AbortController();
  const limitMs = Math.min(FILE_LIMIT_MS, leftMs());
  const timer = setTimeout(() => limit.abort(), limitMs);
  const events = run({
    files: [resolve(ROOT, file)],
    timeout: TEST_LIMIT_MS,
    signal: limit.signal,
    execArgv: bundles.has(file) ? BUNDLE_ARGV : EXEC_ARGV,
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
  events.on("test:fail", ({ name, nesting }) => {
    if (nesting === 0) failedSuites.push(name);
  });
  let text = "";
  for await (const piece of events.compose(new spec())) text += piece;
  clearTimeout(timer);
  const ms = performance.now() - started;
  const name = relative(ROOT, resolve(ROOT, file));
  if (!success && counts.failed === 0) counts.failed = 1;
  // The totals of a single file say less than the line below.
  process.stdout.write(text.replace(/^ℹ (tests|suites|pass|fail|cancelled|skipped|todo|duration_ms) .*\n/gm, ""));
  const [, failures = ""] = text.split(FAILURES);
  const end = limit.signal.aborted ? `ended after ${Math.round(limitMs / 1000)} s, ` : "";
  process.stdout.write(`${name}: ${end}${counts.passed} passed, ${counts.failed} failed, ${Math.round(ms / 1000)} s\n\n`);
  return { name, ms, ...counts, failedSuites, failures };
}

type Queues = {
  /** They run in the first lanes only, so that there are no more browsers than the machine can serve. */
  readonly browser: string[];
  readonly other: string[];
  /** They begin when no others are left, one for each core. */
  readonly job: string[];
};

/** How long the run may still last. */
const leftMs = (): number => (flags.has("--all") ? END_MS - (performance.now() - started) : Number.POSITIVE_INFINITY);
/** So many files have failed at first, and those that are not repeated yet will take so long. */
let failedFiles = 0;
let repetitionsMs = 0;

/** Whether a file would end in time, and could be repeated like those that have failed. */
function hasTimeFor(file: string): boolean {
  const ms = Math.min(timeOf(file), FILE_LIMIT_MS / SLOWER);
  return SLOWER * ms + Math.min(ms, REPETITION_MS) + repetitionsMs <= leftMs();
}

/** Takes the first file of a queue that would end in time. */
function take(queue: string[]): string | undefined {
  const at = queue.findIndex(hasTimeFor);
  return at < 0 ? undefined : queue.splice(at, 1)[0];
}

/** The next file for a lane; none where nothing is left for it. */
function nextOf({ browser, other, job }: Queues, lane: number): string | undefined {
  const next = lane < browsersAtOnce ? take(browser) : undefined;
  return next ?? take(other) ?? (lane < cores ? take(job) : undefined);
}

/** Runs files in so many lanes, each queue in its order. */
async function runAll(queues: Queues, lanes: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const runLane = async (lane: number): Promise<void> => {
    for (let file = nextOf(queues, lane); file !== undefined; file = nextOf(queues, lane)) {
      const outcome = await runFile(file);
      outcomes.push(outcome);
      if (outcome.failed === 0) continue;
      failedFiles++;
      repetitionsMs += Math.min(outcome.ms, REPETITION_MS);
    }
  };
  await Promise.all(Array.from({ length: lanes }, (_, lane) => runLane(lane)));
  return flags.has("--all") ? await repeat(outcomes) : outcomes;
}

/** What a file, or of a bundle the files that failed, say a second time. */
async function runAgain({ name, failedSuites, ms }: Outcome): Promise<Outcome | null> {
  const members = bundles.has(name) ? failedSuites.filter((suite) => given.includes(suite)) : [];
  if (members.length > 0) return await runFile(bundle(`${basename(name, ".mjs")}-again`, members));
  return ms <= leftMs() ? await runFile(name) : null;
}

/**
 * Runs each of a few failed files once more, by itself, and takes that outcome. Where many failed, it is the program and not the moment. Files
 * that passed only then are noted as unsteady; what they said at first stays in the log.
 */
async function repeat(outcomes: readonly Outcome[]): Promise<Outcome[]> {
  repetitionsMs = 0;
  if (failedFiles > REPEATED_FILES) return [...outcomes];
  const taken: Outcome[] = [];
  for (const outcome of outcomes) {
    const second = outcome.failed > 0 ? await runAgain(outcome) : null;
    const isUnsteady = second?.failed === 0;
    if (isUnsteady) unsteady.push(outcome);
    taken.push(isUnsteady ? { ...outcome, passed: outcome.passed + outcome.failed, failed: 0 } : outcome);
  }
  return taken;
}

const unsteady: Outcome[] = [];
const files = given.filter(chosen);
const started = performance.now();
mkdirSync(CACHE, { recursive: true });
if (flags.has("--all")) process.env["TEST_ALL"] = "1";
if (flags.has("--named")) process.env["TEST_NAMED"] = "1";
// Compiled once for the hundreds of processes of a run.
process.env["NODE_COMPILE_CACHE"] ??= join(CACHE, "compiled");
if (files.some((file) => !isInProcess(file))) execFileSync(process.execPath, [join(ROOT, "e2e/prepare.ts")], { stdio: "inherit" });

const times = { ...readTimes(TIMES.recorded), ...readTimes(TIMES.last) };
const timeOf = (file: string): number => times[relative(ROOT, resolve(ROOT, file))] ?? Number.POSITIVE_INFINITY;
const slowestFirst = (some: readonly string[]): string[] => some.toSorted((a, b) => timeOf(b) - timeOf(a));
const alone = slowestFirst(files.filter(runsAlone));
const afterwards = files.filter((file) => waitsForJobs(file) && !alone.includes(file));
const together = files.filter((file) => !alone.includes(file) && !afterwards.includes(file));
const small = together.filter(isInProcess);
const undisturbed = small.filter(measuresLoop);
const others = small.filter((file) => !undisturbed.includes(file));
const bundles = new Set(
  [undisturbed, ...Array.from({ length: BUNDLES }, (_, i) => others.filter((_file, at) => at % BUNDLES === i))]
    .map((members, i) => ({ members, name: i === 0 ? "in-process-loop" : `in-process-${i}` }))
    .filter(({ members }) => members.length > 0)
    .map(({ members, name }) => relative(ROOT, bundle(name, members))),
);
const separate = together.filter((file) => !isInProcess(file));
const queues: Queues = {
  browser: slowestFirst(separate.filter(usesBrowser)),
  other: slowestFirst([...bundles, ...separate.filter((file) => !usesBrowser(file))]),
  job: slowestFirst(afterwards),
};
// Failed files have their second run before those that run alone, for which a slow machine may have no time.
const outcomes = await runAll(queues, concurrency);
const last: Queues = { browser: [], other: alone, job: [] };
outcomes.push(...(await runAll(last, 1)));
const leftOut = [queues, last].flatMap(({ browser, other, job }) => [...browser, ...other, ...job]);
const taken = Object.fromEntries(outcomes.map(({ name, ms }) => [name, Math.round(ms)]));
writeFileSync(TIMES.last, JSON.stringify({ ...readTimes(TIMES.last), ...taken }));
if (flags.has("--record")) writeFileSync(TIMES.recorded, `${JSON.stringify(taken, null, 2)}\n`);
const slowest = outcomes.toSorted((a, b) => b.ms - a.ms).slice(0, NAMED);
for (const { name, ms } of slowest) process.stdout.write(`${name}: ${Math.round(ms / 1000)} s\n`);
for (const { name, failures } of unsteady) {
  process.stdout.write(`unsteady, passed only when it was run again by itself: ${name}\n${failures.slice(0, TOLD_AGAIN)}\n`);
}
for (const { name, failed, failures } of outcomes) {
  if (failed > 0) process.stdout.write(`failed: ${name}\n${failures.slice(0, TOLD_AGAIN)}\n`);
}
if (leftOut.length > 0) process.stdout.write(`not run, as no time was left: ${leftOut.join(", ")}\n`);
process.stdout.write(`in ${Math.round((performance.now() - started) / 1000)} s\n`);
const sum = (key: "passed" | "failed") => outcomes.reduce((all, outcome) => all + outcome[key], 0);
process.stdout.write(`${sum("passed")} passed, ${sum("failed")} failed\n`);
if (sum("failed") > 0 || sum("passed") === 0) process.exitCode = 1;
