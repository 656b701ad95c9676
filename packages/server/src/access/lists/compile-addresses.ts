/**
 * Compiles the text of a list of addresses (`address-lines.ts`) into ranges (`address-ranges.ts`). A worker thread does the work, which takes a
 * second for a million addresses; it ends with the compilation.
 */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { entryFile } from "../../platform/program.ts";
import type { AddressLineError } from "./address-lines.ts";

export const MAX_ENTRIES = 1_000_000;

/**
 * What is copied for the thread at once, which takes microseconds. The thread gets the next piece when it has read this one, so no more than one
 * waits.
 */
const PIECE_BYTES = 64 * 1024;
/**
 * The thread's heap holds one piece, a line and some mistakes. The ranges are outside of it: about 100 bytes for each entry, while they are
 * sorted and written.
 */
const HEAP_LIMITS = { maxOldGenerationSizeMb: 32, maxYoungGenerationSizeMb: 16 };

export type CompiledAddresses = {
  /** The file that `AddressRanges.read` reads. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Lines with an address, a network or a range. */
  readonly entries: number;
  /** How many ranges are left of them, because those that overlap or adjoin are one. */
  readonly ranges: number;
  /** The first 20. Their lines are left out of the list. */
  readonly mistakes: readonly AddressLineError[];
  readonly mistakeCount: number;
};

/** A piece of the text; null after the last. */
export type CompileRequest = Uint8Array<ArrayBuffer> | null;
export type CompileAnswer =
  | { readonly kind: "taken" }
  | { readonly kind: "too-many-entries" }
  | { readonly kind: "compiled"; readonly result: CompiledAddresses };

type Options = {
  /** Default: 1 000 000. */
  readonly maxEntries?: number;
  readonly signal?: AbortSignal;
};

/**
 * @param source the text, in UTF-8. It is read as fast as it is compiled, and closed if the compilation ends before it: before this function
 *   answers, or after an abort, when the source has given what it is waiting for
 * @returns the list; or that it has more entries than it may have
 * @throws what the source throws; the signal's reason
 */
export async function compileAddresses(
  source: AsyncIterable<Uint8Array>,
  { maxEntries = MAX_ENTRIES, signal }: Options = {},
): Promise<CompiledAddresses | "too-many-entries"> {
  signal?.throwIfAborted();
  const thread = new Worker(entryFile("access/lists/compile-addresses-thread"), {
    workerData: maxEntries,
    resourceLimits: HEAP_LIMITS,
  });
  const ended = new AbortController();
  try {
    return await new Promise((resolve, reject) => {
      thread.on("error", reject);
      thread.on("exit", () => reject(new Error("the thread that compiles a list of addresses has ended")));
      signal?.addEventListener("abort", () => reject(signal.reason), { signal: ended.signal });
      feed(thread, source, ended.signal).then(resolve, reject);
    });
  } finally {
    ended.abort();
    await thread.terminate();
  }
}

/** Gives the source to the thread, piece by piece, until there is a result. */
async function feed(
  thread: Worker,
  source: AsyncIterable<Uint8Array>,
  ended: AbortSignal,
): Promise<CompiledAddresses | "too-many-entries"> {
  for await (const bytes of source)
    for (let at = 0; at < bytes.byteLength; at += PIECE_BYTES) {
      // A part of a buffer would be sent with all of it.
      const answer = await ask(thread, new Uint8Array(bytes.subarray(at, at + PIECE_BYTES)), ended);
      if (answer.kind === "too-many-entries") return answer.kind;
    }
  const answer = await ask(thread, null, ended);
  return answer.kind === "compiled" ? answer.result : "too-many-entries";
}

/** @throws AbortError when the compilation has ended */
async function ask(thread: Worker, piece: CompileRequest, ended: AbortSignal): Promise<CompileAnswer> {
  const answered = once(thread, "message", { signal: ended });
  thread.postMessage(piece, piece ? [piece.buffer] : []);
  const [answer]: CompileAnswer[] = await answered;
  if (!answer) throw new Error("the thread has answered nothing");
  return answer;
}
