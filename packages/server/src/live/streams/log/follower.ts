/**
 * A lossless reader of a log: the packager, the recorder and the relay stand on it.
 *
 * It begins at a segment head or behind a stamp that it has seen, gets every record in order, in batches of what has come by the
 * end of an event-loop turn, and is told by a gap record of what it was too slow to get.
 */
import type { Log, LogSegment } from "./log.ts";
import type { LogEntry, LogPosition } from "./log-entry.ts";

export type FollowFrom =
  /** The newest head at which a picture begins. */
  | "newest-head"
  /** The oldest head that is kept. */
  | "oldest-head"
  /** Behind the last record that was seen. */
  | { readonly after: LogPosition };

export type FollowOptions = {
  readonly from: FollowFrom;
  /** Ends the following, without an error. */
  readonly signal?: AbortSignal;
  /** Records of one batch at the most. Default 1024. */
  readonly maxBatch?: number;
};

/**
 * Follows a log to its end. Unless it resumes, the first batch begins with the context (term and configurations, with their own
 * stamps) of the segment head that it starts at.
 */
export async function* follow(log: Log, options: FollowOptions): AsyncGenerator<readonly LogEntry[], void, void> {
  const maxBatch = options.maxBatch ?? 1024;
  let wake: (() => void) | null = null;
  const stop = log.listen(() => {
    wake?.();
    wake = null;
  });
  const abort = () => wake?.();
  options.signal?.addEventListener("abort", abort);
  try {
    let next: number | null = typeof options.from === "object" ? options.from.after.sequence + 1 : null;
    while (!options.signal?.aborted) {
      const batch: LogEntry[] = [];
      if (next === null && log.segments.length > 0) next = start(log, options.from, batch);
      if (next !== null) next = take(log, next, maxBatch, batch);
      if (batch.length > 0) yield batch;
      if (log.ended && (next === null || next >= log.head)) return;
      if (next !== null && next < log.head) continue;
      await new Promise<void>((resolve) => {
        wake = () => setImmediate(resolve);
        if (options.signal?.aborted) resolve();
      });
    }
  } finally {
    stop();
    options.signal?.removeEventListener("abort", abort);
  }
}

/** Where one begins who wants a picture at once. */
function newestStart({ segments }: Log): LogSegment | undefined {
  return segments.findLast(({ head }) => head.independent) ?? segments.at(-1);
}

/** What has to be known before a segment's head, as records. */
export function contextOf({ context: { term, metadata, video, audio } }: LogSegment): LogEntry[] {
  return [term, metadata, video, audio].filter((record) => record !== null);
}

function start(log: Log, from: FollowFrom, batch: LogEntry[]): number | null {
  const segment = from === "oldest-head" ? log.segments[0] : newestStart(log);
  if (!segment) return null;
  batch.push(...contextOf(segment));
  return segment.head.sequence;
}

/** Adds records from `from` on to the batch; gives the sequence number to go on with. */
function take(log: Log, from: number, max: number, batch: LogEntry[]): number {
  let next = from;
  if (next < log.oldest) {
    const segment = log.segments[0];
    batch.push({ kind: "gap", from: next, term: segment?.head.term ?? log.term, sequence: log.oldest - 1 });
    if (segment) start(log, "oldest-head", batch);
    next = log.oldest;
  }
  while (next < log.head && batch.length < max) {
    const segment = log.segmentOf(next);
    // Only what was written before the first segment head is in no segment; it is the context of that head.
    if (!segment) return log.head;
    const at = next - segment.head.sequence;
    const some = segment.entries.slice(at, at + max - batch.length);
    batch.push(...some);
    next += some.length;
  }
  return next;
}
