/**
 * Runs test files and reports how each of them went. How a file runs is said in `test-files.ts`; what files share, servers and browsers, is lent to
 * them by the run's pool (e2e/pool.ts). What servers said during a file is in .cache/artefacts, and its end beside the failures at the end of the run.
 *
 *     node script/run-tests.ts [--all] [--named] [--record] [--repeat N] [--busy] [--coverage] FILE…
 *
 * `--all` adds the tests that `long` of e2e/long-tests.ts marks, and the files "Only with --all", and runs a few files that failed once more: those
 * that pass then are named as unsteady, with what they said at first. A run with `--all` on a slow machine begins no file that would not end within the
 * time of CI, and names those that it has left out. `--named` runs whatever is given, with `--all` also what `rare` marks. `--repeat` runs each file
 * so many times and tells how often it failed; `--busy` keeps one core busy meanwhile. `--coverage` has all processes write what they execute, for
 * `coverage.ts`. `--record` writes how long each file took to
 * script/test-times.json, which gives the order where no earlier run has left its own times in .cache.
 */
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { basename, join } from "node:path";
import { parseArgs } from "node:util";
import { ARTEFACTS, countStarts } from "../e2e/artefacts.ts";
import { childrenOf } from "../e2e/lectern.ts";
import { POOL_VARIABLE } from "../e2e/pool.ts";
import { startPoolBroker } from "../e2e/pool-broker.ts";
import { MAIN, PROGRAM_VARIABLE } from "../e2e/program.ts";
import { countProcessors } from "./processor-times.ts";
import { type Outcome, runTestFile, tellFailure } from "./run-test-file.ts";
import { scratchFolder } from "./scratch-folder.ts";
import { useSpareTime } from "./spare-time.ts";
import {
  bundleFiles,
  CACHE,
  COVERAGE,
  isChosen,
  isEndToEnd,
  planTests,
  ROOT,
  type TestPlan,
  usesSchoolDatabases,
} from "./test-files.ts";

/** How much of the processors the last run has used, by kind of process and by file. */
const PROCESSORS = join(CACHE, "test-processors.json");
const TIMES = { last: join(CACHE, "test-times.json"), recorded: join(ROOT, "script/test-times.json") } as const;
/** Only a file that hangs takes so long, or a bundle of hundreds on a busy machine twice as long. */
const FILE_LIMIT_MS = 900_000;
/** With --all, no more failed files than these are run a second time. */
const REPEATED_FILES = 16;
/** With --all the last file has ended by then, so that a slow machine tells what it has seen well within the time of CI. */
const END_MS = 65 * 60_000;
/** A file may take so many times as long as the last time. */
const SLOWER = 1.5;
/** No failed file keeps more time than this for its repetition from those that have not begun. */
const REPETITION_MS = 300_000;
/** What a file takes of which no run has told. */
const UNKNOWN_MS = 45_000;
/** The slowest files are named at the end. */
const NAMED = 10;

const { values: options, positionals: given } = parseArgs({
  allowPositionals: true,
  options: {
    all: { type: "boolean", default: false },
    named: { type: "boolean", default: false },
    record: { type: "boolean", default: false },
    repeat: { type: "string", default: "1" },
    busy: { type: "boolean", default: false },
    coverage: { type: "boolean", default: false },
  },
});
const cores = availableParallelism();
const asked = process.env["TEST_CONCURRENCY"];
/** Where the processors are busy with so many files, more of them end no sooner, and what is held up for seconds fails. */
const lanes = Number(asked ?? Math.min(6, cores + 1));
/** So many files more, while the machine has time for them: most of what a test does is waiting, for a picture, for a lesson to go on. */
const spareLanes = asked === undefined ? 3 : 0;
/** Pages that draw video leave no time for other programs on more. */
const browserLanes = cores;

function readTimes(file: string): Record<string, number> {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}

const started = performance.now();
const processors = countProcessors();
const times = { ...readTimes(TIMES.recorded), ...readTimes(TIMES.last) };
/** New files begin first: they may be the longest. */
const timeOf = (file: string): number => times[file] ?? Number.POSITIVE_INFINITY;
/** How long the run may still last. */
const leftMs = (): number => (options.all ? END_MS - (performance.now() - started) : Number.POSITIVE_INFINITY);
/** What files with a known time have taken, and what they took before. */
const done = { ms: 0, knownMs: 0 };
/** So many files have failed at first, and those that are not repeated yet will take so long. */
const failed = { files: 0, repetitionsMs: 0 };

const files = given.filter((file) => isChosen(file, options)).toSorted((a, b) => timeOf(b) - timeOf(a));
rmSync(ARTEFACTS, { recursive: true, force: true });
mkdirSync(ARTEFACTS, { recursive: true });
if (options.all) process.env["TEST_ALL"] = "1";
if (options.named) process.env["TEST_NAMED"] = "1";
if (options.coverage)
  Object.assign(process.env, { NODE_V8_COVERAGE: COVERAGE, NODE_OPTIONS: `--import=${join(ROOT, "script/take-coverage.ts")}` });
const scratch = scratchFolder();
if (scratch) process.env["TMPDIR"] = scratch;
// What starts browsers takes these signals for itself, and the run would go on; what it has started would outlive it.
for (const signal of ["SIGINT", "SIGTERM"] as const)
  process.once(signal, () => {
    killDescendants(process.pid);
    process.exit(1);
  });
// Compiled once for the hundreds of processes of a run.
process.env["NODE_COMPILE_CACHE"] ??= join(CACHE, "compiled");
process.env[PROGRAM_VARIABLE] = MAIN;
if (files.some(isEndToEnd)) execFileSync(process.execPath, [join(ROOT, "e2e/prepare.ts")], { stdio: "inherit" });
const pool = await startPoolBroker();
process.env[POOL_VARIABLE] = pool.path;
if (files.some(usesSchoolDatabases)) process.env["TEST_POSTGRES_URL"] = await pool.startPostgres();
const burner = options.busy ? spawn(process.execPath, ["-e", "for (;;);"]) : null;
const plan = planTests(files, cores);

/** Runs a file as often as is asked for. */
async function runFile(name: string): Promise<Outcome> {
  const isBundle = plan.bundles.has(name) || name.endsWith(".mjs");
  const runOnce = () => runTestFile(name, { isBundle, limitMs: Math.min(isBundle ? 2 * FILE_LIMIT_MS : FILE_LIMIT_MS, leftMs()) });
  let sum = await runOnce();
  let failures = sum.failed > 0 ? 1 : 0;
  for (let i = 1; i < Number(options.repeat); i++) {
    const next = await runOnce();
    if (next.failed > 0) failures++;
    sum = { ...(next.failed > 0 ? next : sum), passed: sum.passed + next.passed, failed: sum.failed + next.failed };
  }
  if (Number(options.repeat) > 1) process.stdout.write(`${name}: failed ${failures} of ${options.repeat} times\n\n`);
  return sum;
}

function killDescendants(pid: number): void {
  for (const child of childrenOf(pid)) {
    killDescendants(child);
    try {
      process.kill(child, "SIGKILL");
    } catch {
      // It has ended.
    }
  }
}

/** Whether the files that wait would take longer than is left, as slow as those before them were. */
function isShortOfTime(): boolean {
  const waiting = [...plan.browser, ...plan.other, ...plan.late].reduce((sum, file) => sum + (times[file] ?? UNKNOWN_MS), 0);
  const slowness = done.knownMs > 0 ? done.ms / done.knownMs : 1;
  return (waiting * slowness) / lanes > leftMs();
}

/**
 * Takes the first file of a queue that would end in time, and could be repeated like those that have failed. Long files come first, so that none of
 * them is waited for at the end; where not all have time, short ones, so that few are left out.
 */
function take(queue: string[]): string | undefined {
  const hasTime = (file: string): boolean => {
    const ms = Math.min(times[file] ?? UNKNOWN_MS, FILE_LIMIT_MS / SLOWER);
    return SLOWER * ms + Math.min(ms, REPETITION_MS) + failed.repetitionsMs <= leftMs();
  };
  // Hundreds of files share each process of a bundle: no other has as many tests for its time.
  let at = queue.findIndex((file) => plan.bundles.has(file) && hasTime(file));
  if (at < 0) at = isShortOfTime() ? queue.findLastIndex(hasTime) : queue.findIndex(hasTime);
  return at < 0 ? undefined : queue.splice(at, 1)[0];
}

/** The next file for a lane; none where nothing is left for it. */
function nextOf({ browser, other, late }: Pick<TestPlan, "browser" | "other" | "late">, lane: number): string | undefined {
  const next = lane < browserLanes ? take(browser) : undefined;
  return next ?? take(other) ?? (lane < cores ? take(late) : undefined);
}

/** Runs files in so many lanes, each queue in its order, and in some more where the machine has time. */
async function runAll(queues: Pick<TestPlan, "browser" | "other" | "late">, count: number, spare: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  const runNoted = async (file: string): Promise<void> => {
    const outcome = await runFile(file);
    outcomes.push(outcome);
    if (times[file] !== undefined) {
      done.knownMs += times[file];
      done.ms += outcome.ms;
    }
    if (outcome.failed === 0) return;
    failed.files++;
    failed.repetitionsMs += Math.min(outcome.ms, REPETITION_MS);
  };
  const runLane = async (lane: number): Promise<void> => {
    for (let file = nextOf(queues, lane); file !== undefined; file = nextOf(queues, lane)) await runNoted(file);
  };
  await useSpareTime({
    most: spare,
    begin: () => {
      const file = take(queues.other) ?? take(queues.browser) ?? take(queues.late);
      return file === undefined ? null : runNoted(file);
    },
    until: Promise.all(Array.from({ length: count }, (_, lane) => runLane(lane))),
  });
  return options.all && Number(options.repeat) === 1 ? await runFailedAgain(outcomes) : outcomes;
}

/** What a file, or of a bundle the files that failed, say a second time. */
async function runAgain({ name, failedSuites, ms }: Outcome): Promise<Outcome | null> {
  const members = plan.bundles.get(name)?.filter((member) => failedSuites.includes(member)) ?? [];
  if (members.length > 0) return await runFile(bundleFiles(`${basename(name, ".mjs")}-again`, members));
  return ms <= leftMs() ? await runFile(name) : null;
}

/**
 * Runs each of a few failed files once more, by itself, and takes that outcome. Where many failed, it is the program and not the moment. Files
 * that passed only then are noted as unsteady; what they said at first stays in the log.
 */
async function runFailedAgain(outcomes: readonly Outcome[]): Promise<Outcome[]> {
  failed.repetitionsMs = 0;
  if (failed.files > REPEATED_FILES) return [...outcomes];
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
// Failed files have their second run before those that run alone, for which a slow machine may have no time.
const outcomes = await runAll(plan, lanes, spareLanes);
const last = { browser: [], other: plan.alone, late: [] };
outcomes.push(...(await runAll(last, 1, 0)));
burner?.kill("SIGKILL");
const { servers, loans, spoiled } = pool.counts();
await pool.close();

const leftOut = [...plan.browser, ...plan.other, ...plan.late, ...plan.alone];
const taken = Object.fromEntries(outcomes.map(({ name, ms }) => [name, Math.round(ms)]));
writeFileSync(TIMES.last, JSON.stringify({ ...readTimes(TIMES.last), ...taken }));
if (options.record) {
  const isThere = ([file]: [string, number]): boolean => existsSync(join(ROOT, file)) || plan.bundles.has(file);
  const all = Object.entries({ ...readTimes(TIMES.recorded), ...taken }).filter(isThere);
  writeFileSync(TIMES.recorded, `${JSON.stringify(Object.fromEntries(all.toSorted(([, a], [, b]) => b - a)), null, 2)}\n`);
}
const tell = (line: string): void => void process.stdout.write(`${line}\n`);
for (const { name, ms } of outcomes.toSorted((a, b) => b.ms - a.ms).slice(0, NAMED)) tell(`${name}: ${Math.round(ms / 1000)} s`);
for (const outcome of unsteady) tell(`unsteady, passed only when it was run again by itself: ${tellFailure(outcome)}`);
for (const outcome of outcomes) if (outcome.failed > 0) tell(`failed: ${tellFailure(outcome)}`);
if (leftOut.length > 0) tell(`not run, as no time was left: ${leftOut.join(", ")}`);
const starts = countStarts();
tell(`started: ${starts.server} servers, ${starts.browser} browsers, ${starts.postgres} PostgreSQL servers`);
const most = starts.most.slice(0, NAMED).map(([file, count]) => `${file} (${count})`);
if (most.length > 0) tell(`most servers by ${most.join(", ")}`);
tell(`of these servers ${servers} were shared: lent ${loans} times, ${spoiled} could not be lent again`);
const shares = processors.end(PROCESSORS);
const used = shares.reduce((all, { seconds }) => all + seconds, 0);
const kinds = shares.slice(0, NAMED).map(({ name, seconds }) => `${name} ${Math.round(seconds)}`);
tell(`in ${Math.round((performance.now() - started) / 1000)} s; of the processors ${Math.round(used)} s: ${kinds.join(", ")}`);
const sum = (key: "passed" | "failed") => outcomes.reduce((all, outcome) => all + outcome[key], 0);
tell(`${sum("passed")} passed, ${sum("failed")} failed`);
if (sum("failed") > 0 || sum("passed") === 0) process.exitCode = 1;
