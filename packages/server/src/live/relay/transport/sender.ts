/**
 * Sends one stream to one relay follower, as fast as its connection takes it: all entries; one stripe, while another peer sends the other
 * stripe; or only the entries that a repair requests.
 */
import type { Duplex } from "node:stream";
import { Malformed } from "@lectern/media";
import type { SharedTicks } from "../../../platform/shared-ticks.ts";
import { encodeEntry, type FollowFrom, follow, type LogEntry, type LogPosition, type Stream } from "../../streams/index.ts";
import { BackfillSender } from "./backfill-sender.ts";
import { drained } from "./drained.ts";
import { InFlightWindow } from "./in-flight-window.ts";
import { type Range, type Stripe, type StripeAssignment, type StripeRange, stripeOf } from "./message-bodies.ts";
import { frame, MESSAGE } from "./messages.ts";
import type { SharedEncoding } from "./shared-encoding.ts";

/**
 * Share of the time that entries may wait for which a sender waits for more of them. Where a publisher is read in rounds of that time, its
 * entries come together and are sent at once.
 */
const GATHER_SHARE = 0.75;
/** Few, so that little is buffered in the connection when its assignment changes. */
const MAX_BATCH = 16;
/** Ranges moved to the other path that are not passed yet. */
const MAX_MOVED_RANGES = 64;

export type SenderOptions = {
  readonly socket: Duplex;
  readonly stream: Stream;
  /** Shared by all senders of the stream. */
  readonly encoding: SharedEncoding;
  /** How long entries may wait to be sent together, milliseconds. */
  readonly mayWaitMs: number;
  /** In which senders of all streams wait. */
  readonly rounds: SharedTicks;
  readonly onSent: (bytes: number) => void;
};

/** One stripe of the entries behind `since`. The other path sends some of it, the last of which has the number `movedTo`. */
type StripeState = { readonly stripe: Stripe; readonly since: number; readonly movedTo: number };

export class Sender {
  private readonly socket: Duplex;
  private readonly stream: Stream;
  private readonly encoding: SharedEncoding;
  private readonly onSent: (bytes: number) => void;
  private readonly rounds: SharedTicks;
  private mayWaitMs: number;
  /** Ends the present wait for more entries; null while it does not wait. */
  private sendNow: (() => void) | null = null;
  private readonly closed = new AbortController();
  /** Ends the reading at one position, to continue at another. */
  private reading = new AbortController();
  private rewindTo: LogPosition | null = null;
  /** Null: all entries are sent. */
  private striped: StripeState | null = null;
  /** After a rewind: what the stripe had covered, so that only the rest is sent again. */
  private resent: (StripeState & { readonly to: number }) | null = null;
  /** Ranges of its stripe that the other path sends. */
  private movedAway: Range[] = [];
  private readonly inFlight = new InFlightWindow();
  /** The entry that was read last. While all entries are sent, everything up to here was sent. */
  private position = -1;
  /** Sequence number of the first segment that is sent. */
  private readonly begun = Promise.withResolvers<number>();
  private readonly reader = { needs: (sequence: number) => sequence > this.position };

  constructor({ socket, stream, encoding, mayWaitMs, rounds, onSent }: SenderOptions) {
    this.socket = socket;
    this.stream = stream;
    this.encoding = encoding;
    this.mayWaitMs = mayWaitMs;
    this.rounds = rounds;
    this.onSent = onSent;
    socket.on("close", () => {
      this.closed.abort();
      this.reading.abort();
      this.begun.resolve(0);
      this.inFlight.end();
      this.sendNow?.();
    });
  }

  /** Changes how long entries may wait to be sent together, milliseconds. */
  mayWait(milliseconds: number): void {
    if (milliseconds < this.mayWaitMs) this.sendNow?.();
    this.mayWaitMs = milliseconds;
  }

  /** By how many milliseconds of the stream the connection is behind; null when the log does not have the entries to tell. */
  get behindMs(): number | null {
    // It waits by choice.
    if (this.sendNow) return 0;
    const { log } = this.stream;
    const [newest, sent] = [this.timeOf(log.head - 1), this.timeOf(this.position)];
    return newest === null || sent === null ? null : Math.max(0, newest - sent);
  }

  /** Changes what is sent from now on. `Malformed` when no follower can need it. */
  assign(assignment: StripeAssignment): Malformed | null {
    if (assignment.kind !== "received") this.sendNow?.();
    if (assignment.kind === "stripe") {
      if (this.striped) return new Malformed("a relay peer that requests two stripes");
      this.striped = { stripe: assignment.stripe, since: this.position, movedTo: -1 };
      this.inFlight.begin();
    } else if (assignment.kind === "also") this.sendRange(assignment.range);
    else if (this.striped) this.changeStripe(this.striped, assignment);
    return null;
  }

  private changeStripe(striped: StripeState, assignment: Exclude<StripeAssignment, { kind: "stripe" | "also" }>): void {
    if (assignment.kind === "received") this.inFlight.report(assignment.bytes);
    else if (assignment.kind === "without") {
      const { range } = assignment;
      this.movedAway = [...this.movedAway.filter(({ to }) => to > this.position), range].slice(-MAX_MOVED_RANGES);
      this.striped = { ...striped, movedTo: Math.max(striped.movedTo, range.to) };
    } else {
      this.resent = { ...striped, to: this.position };
      this.striped = null;
      this.movedAway = [];
      this.inFlight.end();
      this.rewindTo = assignment.after;
      this.position = assignment.after.sequence;
      this.reading.abort();
    }
  }

  /** Sends entries of one stripe ahead of everything that waits here. */
  private sendRange({ from, to, stripe }: StripeRange): void {
    const { log } = this.stream;
    for (let sequence = from; sequence <= Math.min(to, log.head - 1); sequence++) {
      const segment = log.segmentOf(sequence);
      const entry = segment?.entries.at(sequence - segment.head.sequence);
      if (entry && stripeOf(sequence) === stripe) this.write([entry]);
    }
  }

  /** False when the connection's buffer is full. */
  private write(entries: readonly LogEntry[]): boolean {
    const messages = entries.map((entry) => this.encoding.entryMessage(entry, this.reader));
    const [only] = messages;
    const bytes = only && messages.length === 1 ? only : Buffer.concat(messages);
    this.onSent(bytes.length);
    this.inFlight.add(bytes.length);
    return this.socket.write(bytes);
  }

  /** Sends the segments before an entry, or before the first entry that is sent. @param before null: the latter */
  async sendBackfill(before: number | null): Promise<void> {
    const { socket, stream, encoding } = this;
    const backfill = new BackfillSender(
      { socket, stream, encoding, onSent: this.onSent, signal: this.closed.signal },
      () => this.behindMs,
    );
    await backfill.run(before ?? (await this.begun.promise));
  }

  /** Sends until the stream or the connection ends. */
  async run(from: FollowFrom): Promise<void> {
    if (typeof from === "object") this.position = from.after.sequence;
    const leave = this.encoding.add(this.reader);
    const stopForetelling = this.foretell();
    try {
      for (let next: FollowFrom | null = from; next !== null; next = this.takeRewind()) await this.read(next);
    } finally {
      stopForetelling();
      leave();
    }
    this.socket.end();
  }

  /** Tells why there is nothing to send: a copy keeps metadata that come before the first segment. */
  private foretell(): () => void {
    const { log } = this.stream;
    let told: LogEntry | null = null;
    const tell = (): void => {
      const { foretold } = log;
      if (foretold === told || !foretold || log.segments.length > 0 || this.closed.signal.aborted) return;
      told = foretold;
      // Its number is that of an entry to come, by which the shared bytes are found.
      this.socket.write(frame(MESSAGE.entry, encodeEntry(this.stream.epoch, foretold)));
    };
    tell();
    return log.whenAppended(tell);
  }

  private takeRewind(): FollowFrom | null {
    const after = this.rewindTo;
    this.rewindTo = null;
    this.reading = new AbortController();
    return after && !this.closed.signal.aborted ? { after } : null;
  }

  private async read(from: FollowFrom): Promise<void> {
    for await (const batch of follow(this.stream.log, { from, signal: this.reading.signal, maxBatch: MAX_BATCH })) {
      if (this.rewindTo) return;
      const head = batch.find(({ kind }) => kind === "segment");
      if (head) this.begun.resolve(head.sequence);
      // The assignment may change while a stripe waits for its window.
      if (this.striped) await this.sendStripe(batch);
      else {
        const wanted = batch.filter((entry) => this.isWanted(entry));
        this.position = batch.at(-1)?.sequence ?? this.position;
        if (wanted.length > 0 && !this.write(wanted)) await drained(this.socket);
        if (this.canWait()) await this.gather(this.mayWaitMs * GATHER_SHARE);
      }
    }
  }

  private canWait(): boolean {
    const { log } = this.stream;
    if (this.mayWaitMs === 0 || this.striped || this.rewindTo || this.closed.signal.aborted) return false;
    return !log.ended && this.position >= log.head - 1;
  }

  /** Waits for more entries, which are then sent in one write. */
  private async gather(milliseconds: number): Promise<void> {
    const { log } = this.stream;
    let send: () => void = () => {};
    const until = new Promise<void>((resolve) => {
      send = resolve;
    });
    this.sendNow = send;
    this.rounds.wait(milliseconds, send);
    const stopListening = log.whenAppended(() => {
      if (log.ended) send();
    });
    await until;
    this.sendNow = null;
    this.rounds.leave(milliseconds, send);
    stopListening();
  }

  private async sendStripe(batch: readonly LogEntry[]): Promise<void> {
    for (const entry of batch) {
      if (this.isWanted(entry)) await this.inFlight.room();
      if (this.rewindTo || this.closed.signal.aborted) return;
      const isWanted = this.isWanted(entry);
      this.position = entry.sequence;
      if (isWanted && !this.write([entry])) await drained(this.socket);
    }
  }

  private isWanted({ kind, sequence }: LogEntry): boolean {
    // Both paths report a gap.
    if (kind === "gap") return true;
    const { resent, striped } = this;
    const wasSent = resent !== null && sequence > resent.movedTo && stripeOf(sequence) === resent.stripe;
    if (resent && sequence <= resent.to && (sequence <= resent.since || wasSent)) return false;
    if (!striped) return true;
    return stripeOf(sequence) === striped.stripe && !this.movedAway.some(({ from, to }) => from <= sequence && sequence <= to);
  }

  /** Time of the newest frame, or segment head, up to an entry. */
  private timeOf(sequence: number): number | null {
    const segment = this.stream.log.segmentOf(sequence);
    for (let at = sequence - (segment?.head.sequence ?? 0); segment && at >= 0; at--) {
      const entry = segment.entries.at(at);
      if (entry?.kind === "media") return entry.decodeTime;
    }
    return segment?.head.time ?? null;
  }
}
