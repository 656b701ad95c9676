/** Compiles a list of addresses in a worker thread (`compile-addresses.ts`), whose loop it may hold. */
import { Buffer } from "node:buffer";
import { parentPort, workerData } from "node:worker_threads";
import { type AddressLineError, LineSplitter, lineReader } from "./address-lines.ts";
import type { CompileAnswer, CompileRequest } from "./compile-addresses.ts";
import { RangeCollector } from "./range-collector.ts";

/** Mistakes that are answered in full; the others are counted. */
const MAX_MISTAKES = 20;

const port = parentPort;
if (!port) throw new Error("this file runs only in a worker thread");
const maxEntries = Number(workerData);
const ranges = new RangeCollector();
const mistakes: AddressLineError[] = [];
let mistakeCount = 0;

const readLine = lineReader(
  (version, range) => {
    if (ranges.entries <= maxEntries) ranges.add(version, range);
  },
  (mistake) => {
    if (++mistakeCount <= MAX_MISTAKES) mistakes.push(mistake);
  },
);
const lines = new LineSplitter(readLine);

port.on("message", (ask: CompileRequest) => {
  if (ask === null) lines.finish();
  else lines.push(Buffer.from(ask.buffer, ask.byteOffset, ask.byteLength).toString("latin1"));
  if (ranges.entries > maxEntries) answer({ kind: "too-many-entries" });
  else if (ask === null) finish();
  else answer({ kind: "taken" });
});

function finish(): void {
  const { bytes, ranges: count } = ranges.finish();
  const result = { bytes, entries: ranges.entries, ranges: count, mistakes, mistakeCount };
  answer({ kind: "compiled", result }, [bytes.buffer]);
}

function answer(message: CompileAnswer, transferred: ArrayBuffer[] = []): void {
  port?.postMessage(message, transferred);
}
