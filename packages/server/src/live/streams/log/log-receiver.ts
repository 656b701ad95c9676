/** Appends the entries that another process wrote to a copy of its log. */
import { contextAfter, EMPTY_CONTEXT, type Log, type LogContext } from "./log.ts";
import type { LogEntry, LogPosition } from "./log-entry.ts";
import type { StreamTrace } from "./stream-trace.ts";

/**
 * The outcome of an entry that was received. taken: it is the newest now; known: it was there already; ahead: entries are missing before it;
 * stale: it was written under a term that is over; void: the entries here are not, or no longer, a part of the stream.
 */
export type Received = "taken" | "known" | "ahead" | "stale" | "void";

/** The segments before those with which a copy began: the newest of them first. */
export type BackfillReceiver = {
  readonly missing: boolean;
  /** A segment begins again, from its context on. */
  readonly begin: () => void;
  readonly take: (entry: LogEntry) => void;
  /** The segment is complete. */
  readonly segment: () => void;
  readonly over: () => void;
};

/** What a copy asks for: its entries sooner than before, or a key frame, without which a viewer cannot go on. */
export type UpstreamRequest = "sooner" | "key-frame";

/** A stream that takes entries from other processes. */
export type Receiver = {
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** The newest entry that is there; null when there is none. */
  readonly newest: LogPosition | null;
  readonly receive: (entry: LogEntry) => Received;
  /** Null where nothing is ever missing. */
  readonly backfill: BackfillReceiver | null;
  /** How long entries may wait before they are sent here, for the viewers here and behind, milliseconds. */
  readonly mayWaitMs: number;
  /** Calls when the process that writes the log has to be asked for something. Gives a function that ends it. */
  readonly whenAsking: (call: (request: UpstreamRequest) => void) => () => void;
  /** The oldest entry that is there; the position of the first one when there is none. */
  readonly oldest: number;
  readonly trace: StreamTrace;
};

export class LogReceiver {
  private readonly log: Log;
  /** The entries that apply at the first segment head, which come before it. */
  private context: LogContext = EMPTY_CONTEXT;

  constructor(log: Log) {
    this.log = log;
  }

  receive(entry: LogEntry): Received {
    const { log } = this;
    if (log.ended) return "void";
    if (log.head === 0 && !this.begin(entry)) return "taken";
    if (entry.kind === "gap") return "ahead";
    if (entry.sequence < log.head) return entry.term > log.term ? "void" : "known";
    if (entry.term < log.term) return "stale";
    if (entry.sequence > log.head) return "ahead";
    if (entry.term > log.term) {
      // A term begins where the one before it ends; this copy has entries behind that position.
      if (entry.kind !== "term") return "void";
      log.beginTerm(entry.term);
    }
    log.append(entry);
    return "taken";
  }

  /** A copy begins at a segment head, after the entries that apply there. True when the entry is that head. */
  private begin(entry: LogEntry): boolean {
    if (entry.kind === "configuration" || entry.kind === "term") {
      this.context = contextAfter(this.context, entry);
      this.log.foretell(this.context.metadata);
    } else if (entry.kind === "segment") {
      this.log.beginAt(entry, this.context);
      return true;
    }
    return false;
  }
}
