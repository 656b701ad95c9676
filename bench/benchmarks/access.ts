/** Access rules: lookups in a list of a million client addresses, its memory, and how long the loop is held while it is compiled and replaced. */
import { mkdtempSync, rmSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { compileAddresses } from "../../packages/server/src/access/lists/compile-addresses.ts";
import { LoadedLists } from "../../packages/server/src/access/lists/loaded-lists.ts";
import { listedAddresses, listFile, strangers } from "../../packages/server/src/access/lists/test-address-list.ts";
import { listMemory } from "../../packages/server/src/access/lists/test-list-memory.ts";
import { eventLoopDelay, threadCpuMs } from "../../packages/server/src/platform/test-event-loop-delay.ts";
import { median, quantile, round, type Table } from "../report/table.ts";
import { decisions, requestTimes, spread } from "./access-decision.ts";
import type { BenchOptions } from "./options.ts";

const ENTRIES = 1_000_000;
const LIST = "l1";
/** Calls before the first that counts, so that V8 has optimized the code. */
const WARM_UP = 20_000;
const REPLACEMENTS = 4;

type Row = readonly [what: string, unit: string, median: number, p99: number | null, mean: number | null];
/** Two versions of a list. */
type Files = readonly [string, string];
/** A measurement adds its rows to the table. */
type Part = (files: Files, options: BenchOptions) => Promise<readonly Row[]>;

const PARTS: readonly Part[] = [
  measureDecisions,
  measureRequests,
  measureLookups,
  measureMemory,
  measureCompilation,
  measureReplacement,
];

export async function benchAccess(options: BenchOptions): Promise<Table> {
  const directory = mkdtempSync(join(tmpdir(), "lectern-bench-access-"));
  try {
    const files = [await writeList(directory, 1), await writeList(directory, 2)] as const;
    const rows: Row[] = [];
    for (const part of PARTS) rows.push(...(await part(files, options)));
    return {
      title: `Access rules, with a list of ${ENTRIES} addresses and networks: half IPv4, half IPv6`,
      columns: ["what", "unit", "median", "p99", "mean"],
      rows,
      notes: [
        "Calls: median and p99 of single calls, without the time of the clock; mean: CPU time of all calls, without a clock.",
        "The loop is held for the CPU time of the main thread between two of its turns. p99 of a few measurements is the greatest.",
      ],
    };
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

async function writeList(directory: string, seed: number): Promise<string> {
  const file = join(directory, `list-${seed}`);
  const compiled = await compileAddresses(listFile(listedAddresses(ENTRIES, seed)));
  if (compiled === "too-many-entries") throw new Error("the list is longer than a list may be");
  await writeFile(file, compiled.bytes);
  return file;
}

async function measureDecisions([file]: Files, { quick }: BenchOptions): Promise<readonly Row[]> {
  const lists = new LoadedLists();
  await lists.load(LIST, 1, file);
  const { of, close } = await decisions(lists, LIST);
  // Places that the policy refuses are not of interest here.
  const isLetIn = (ip: string): boolean => {
    try {
      of(ip);
      return true;
    } catch {
      return false;
    }
  };
  const addresses = [...strangers(quick ? 40_000 : 200_000)].filter(isLetIn);
  const row = timeCalls("a whole decision: all kinds of rules, signature, place, list", addresses, of);
  close();
  return [row];
}

async function measureRequests(_files: Files, { quick }: BenchOptions): Promise<readonly Row[]> {
  const { without, withPolicy } = await requestTimes(quick ? 3000 : 15_000);
  const row = (what: string, values: readonly number[]): Row => {
    const { median: middle, p99 } = spread(values);
    return [what, "ms", round(middle, 3), round(p99, 3), null];
  };
  return [row("a request without the policy", without), row("a request with the policy", withPolicy)];
}

async function measureLookups([file]: Files, { quick }: BenchOptions): Promise<readonly Row[]> {
  const count = quick ? 100_000 : 400_000;
  const lists = new LoadedLists();
  await lists.load(LIST, 1, file);
  const listed = Array.from(listedAddresses(2 * count), ({ inside }) => inside);
  const others = [...strangers(2 * count)];
  const isSix = (ip: string): boolean => ip.includes(":");
  const rows: Row[] = [];
  for (const [what, addresses] of [
    ["lookup, IPv4, listed", listed.filter((ip) => !isSix(ip))],
    ["lookup, IPv4, not listed", others.filter((ip) => !isSix(ip))],
    ["lookup, IPv6, listed", listed.filter(isSix)],
    ["lookup, IPv6, not listed", others.filter(isSix)],
  ] as const) {
    const expected = what.endsWith(", listed");
    if (addresses.some((ip) => lists.isListed(LIST, ip) !== expected)) throw new Error(`${what}: a wrong answer`);
    rows.push(timeCalls(what, addresses, (ip) => lists.isListed(LIST, ip)));
  }
  return rows;
}

/** Times calls one by one, and all together. */
function timeCalls<T>(what: string, inputs: readonly T[], call: (input: T) => unknown): Row {
  for (const input of inputs.slice(0, WARM_UP)) call(input);
  const clock = quantile(
    timeEach(inputs, () => null),
    0.5,
  );
  const took = timeEach(inputs, call);
  const begun = threadCpuMs();
  for (const input of inputs) call(input);
  const mean = (threadCpuMs() - begun) / inputs.length;
  const micros = (ms: number): number => round(Math.max(0, ms * 1000), 3);
  return [what, "µs", micros(median(took) - clock), micros(quantile(took, 0.99) - clock), micros(mean)];
}

/** @returns milliseconds */
function timeEach<T>(inputs: readonly T[], call: (input: T) => unknown): number[] {
  return inputs.map((input) => {
    const begun = performance.now();
    call(input);
    return performance.now() - begun;
  });
}

async function measureMemory([file]: Files): Promise<readonly Row[]> {
  const { accounted, resident } = await listMemory(file);
  const megabytes = (bytes: number): number => round(bytes / 1e6, 1);
  return [
    ["memory of the list, as V8 counts it", "MB", megabytes(accounted), null, null],
    ["memory of the list, resident", "MB", megabytes(resident), null, null],
  ];
}

async function measureCompilation(_files: Files, { repeats }: BenchOptions): Promise<readonly Row[]> {
  const text = await Array.fromAsync(listFile(listedAddresses(ENTRIES)));
  const took: number[] = [];
  const holds: number[] = [];
  for (let i = 0; i < repeats; i++) {
    const begun = performance.now();
    const { longestMs } = await eventLoopDelay(() => compileAddresses(pieces(text)));
    took.push(performance.now() - begun);
    holds.push(longestMs);
  }
  return [summarize("compiling the list: time", took), summarize("compiling the list: longest hold of the loop", holds)];
}

async function* pieces(text: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* text;
}

async function measureReplacement(files: Files, { repeats }: BenchOptions): Promise<readonly Row[]> {
  const lists = new LoadedLists();
  await lists.load(LIST, 0, files[0]);
  const took: number[] = [];
  const holds: number[] = [];
  for (let version = 1; version <= REPLACEMENTS * repeats; version++) {
    const begun = performance.now();
    const { longestMs } = await eventLoopDelay(() => lists.load(LIST, version, files[version % 2 === 0 ? 0 : 1]));
    took.push(performance.now() - begun);
    holds.push(longestMs);
  }
  return [summarize("replacing the list: time", took), summarize("replacing the list: longest hold of the loop", holds)];
}

function summarize(what: string, values: readonly number[]): Row {
  return [what, "ms", round(median(values), 1), round(quantile(values, 0.99), 1), null];
}
