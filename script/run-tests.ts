/**
 * Runs test files: most of them beside each other, then those that measure how smoothly something goes, one after the other.
 *
 *     node script/run-tests.ts FILE…
 */
import { availableParallelism } from "node:os";
import { basename } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";

/** These hold to the millisecond, or keep the whole machine busy; what runs beside them would be in their figures. */
const ALONE = new Set([
  "abuse.test.ts",
  "hls-conformance.test.ts",
  "hls-player.test.ts",
  "lessons.test.ts",
  "pages.test.ts",
  "player.test.ts",
  "replay.test.ts",
  "workers.test.ts",
  "network-lab.test.ts",
]);
/** These take longest; begun last, each would have a core to itself for minutes. */
const FIRST = ["recording.test.ts", "pages-look.test.ts", "storage.test.ts", "timeshift.test.ts", "frames.test.ts"];
const WITHIN_MS = 120_000;
/** So many of the slowest files are named at the end. */
const SLOWEST = 8;

const files = process.argv.slice(2);
// Most of what a test does is waiting: for a picture, for a lesson to go on.
const atOnce = Number(process.env["TEST_CONCURRENCY"] ?? Math.min(4, availableParallelism() + 1));
const counts = { passed: 0, failed: 0 };
const times = new Map<string, number>();

async function runAll(some: readonly string[], concurrency: number): Promise<void> {
  if (some.length === 0) return;
  const events = run({ files: [...some], concurrency, timeout: WITHIN_MS });
  events.on("test:summary", ({ file, counts: of, duration_ms, success }) => {
    if (file) times.set(basename(file), duration_ms);
    else {
      counts.passed += of.passed;
      counts.failed += of.tests - of.passed - of.skipped - of.todo;
    }
    if (!success) process.exitCode = 1;
  });
  const shown = events.compose(new spec());
  shown.pipe(process.stdout, { end: false });
  await new Promise<void>((resolve) => shown.once("end", resolve));
}

const started = performance.now();
const isAlone = (file: string) => ALONE.has(basename(file));
const rank = (file: string) => (FIRST.includes(basename(file)) ? FIRST.indexOf(basename(file)) : FIRST.length);
await runAll(
  files.filter((file) => !isAlone(file)).sort((a, b) => rank(a) - rank(b)),
  atOnce,
);
await runAll(files.filter(isAlone), 1);
const slowest = [...times].sort(([, a], [, b]) => b - a).slice(0, SLOWEST);
for (const [file, ms] of slowest) process.stdout.write(`${file}: ${Math.round(ms / 1000)} s\n`);
process.stdout.write(`in ${Math.round((performance.now() - started) / 1000)} s\n`);
process.stdout.write(`${counts.passed} passed, ${counts.failed} failed\n`);
if (counts.failed > 0 || counts.passed === 0) process.exitCode = 1;
