/**
 * Follows a log without loss, for the packager, the recorder and the relay.
 *
 * A follower begins at a segment head or after a position that it has seen, and gets every entry in order, in batches of the entries that
 * were appended by the end of an event-loop turn. A gap entry tells of entries that were forgotten before it read them.
 */
import type { Log, LogSegment } from "./log.ts";
import type { LogEntry, LogPosition } from "./log-entry.ts";

export type FollowFrom =
  /** The newest head with a key frame. */
  | "newest-head"
  /** The oldest head that is kept. */
  | "oldest-head"
  /** After the last entry that was seen. */
  | { readonly after: LogPosition };

export type FollowOptions = {
  readonly from: FollowFrom;
  /** Ends the following, without an error. */
  readonly signal?: AbortSignal;
  /** Entries of one batch. Default 1024. */
  readonly maxBatch?: number;
};

/**
 * Follows a log to its end. Unless it resumes, the first batch begins with the context (term and configurations, with their own positions)
 * of its first segment head. Payloads of a batch are good until the next batch is requested.
 */
export async function* follow(log: Log, options: FollowOptions): AsyncGenerator<readonly LogEntry[], void, void> {
  const maxBatch = options.maxBatch ?? 1024;
  let wake: (() => void) | null = null;
  const stop = log.whenAppended(() => {
    wake?.();
    wake = null;
  });
  const abort = () => wake?.();
  options.signal?.addEventListener("abort", abort);
  let batch = new Batch();
  try {
    let next: number | null = typeof options.from === "object" ? options.from.after.sequence + 1 : null;
    while (!options.signal?.aborted) {
      if (next === null && log.segments.length > 0) next = start(log, options.from, batch);
      if (next !== null) next = take(log, next, maxBatch, batch);
      if (batch.entries.length > 0) yield batch.entries;
      batch.letGo();
      batch = new Batch();
      if (log.ended && (next === null || next >= log.head)) return;
      if (next !== null && next < log.head) continue;
      await new Promise<void>((resolve) => {
        wake = () => setImmediate(resolve);
        if (options.signal?.aborted) resolve();
      });
    }
  } finally {
    batch.letGo();
    stop();
    options.signal?.removeEventListener("abort", abort);
  }
}

/** Entries, and the segments that hold their payloads. */
class Batch {
  readonly entries: LogEntry[] = [];
  private readonly holds: (() => void)[] = [];

  add({ entries }: LogSegment, from: number, to: number): number {
    this.holds.push(entries.hold());
    const before = this.entries.length;
    entries.visit(from, to, (entry) => this.entries.push(entry));
    return this.entries.length - before;
  }

  letGo(): void {
    for (const letGo of this.holds) letGo();
  }
}

/** The newest segment that a decoder can begin with. */
function newestStart({ segments }: Log): LogSegment | undefined {
  return segments.findLast(({ head }) => head.independent) ?? segments.at(-1);
}

/** The entries that apply at a segment's head. */
export function contextOf({ context: { term, metadata, video, audio } }: LogSegment): LogEntry[] {
  return [term, metadata, video, audio].filter((entry) => entry !== null);
}

function start(log: Log, from: FollowFrom, batch: Batch): number | null {
  const segment = from === "oldest-head" ? log.segments[0] : newestStart(log);
  if (!segment) return null;
  batch.entries.push(...contextOf(segment));
  return segment.head.sequence;
}

/** Adds entries from `from` on to the batch; gives the sequence number to continue with. */
function take(log: Log, from: number, max: number, batch: Batch): number {
  let next = from;
  if (next < log.oldest) {
    const segment = log.segments[0];
    batch.entries.push({ kind: "gap", from: next, term: segment?.head.term ?? log.term, sequence: log.oldest - 1 });
    if (segment) start(log, "oldest-head", batch);
    next = log.oldest;
  }
  while (next < log.head && batch.entries.length < max) {
    const segment = log.segmentOf(next);
    // Only entries before the first segment head are in no segment; they are the context of that head.
    if (!segment) return log.head;
    const at = next - segment.head.sequence;
    next += batch.add(segment, at, at + max - batch.entries.length);
  }
  return next;
}
