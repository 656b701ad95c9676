/**
 * Sends one stream to one follower, as fast as its connection takes it: everything, or one half of it, while another peer sends the
 * follower the other half; or only what is asked for.
 */
import type { Duplex } from "node:stream";
import { Malformed } from "@lectern/media";
import {
  contextOf,
  encodeEntry,
  type FollowFrom,
  follow,
  type LogEntry,
  type LogPosition,
  type LogSegment,
  type Stream,
} from "../../streams/index.ts";
import { frame, MESSAGE, type Range, type Stripe, type StripeAssignment, type StripeRange, stripeOf } from "./messages.ts";

/** Few, so that what lies in a connection's buffer is little when its share changes. */
const MOST_RECORDS = 16;
/** While what is live is further behind than this, the past waits. */
const LIVE_FIRST_MS = 50;
/** Times that some of its half was given to others, and that has not been passed yet. */
const MOST_WITHOUT = 64;
/** While a half is sent, so much is on its way: what the line carries in this time, measured over that; and at least so many bytes. */
const ON_ITS_WAY = { forMs: 500, overMs: 1000, leastBytes: 24 * 1024 } as const;
const NOTHING = new Uint8Array(0);

/** One half of the records behind one of them; others bring some of it, the last of which has this number. */
type Halved = { readonly half: Stripe; readonly since: number; readonly moved: number };

export class Sender {
  private readonly socket: Duplex;
  private readonly stream: Stream;
  private readonly sent: (bytes: number) => void;
  private readonly over = new AbortController();
  /** Ends the reading from one place, to go on at another. */
  private reading = new AbortController();
  private rewindTo: LogPosition | null = null;
  /** What is sent: one half of the records since one of them; null: everything. */
  private halved: Halved | null = null;
  /** What is read anew, and how much of that was sent before. */
  private before: (Halved & { readonly to: number }) | null = null;
  /** What is brought by others of what this one was to bring. */
  private without: Range[] = [];
  /** What was written of records, and how much of that has come. */
  private readonly onItsWay = new OnItsWay();
  /** The record that was read last. While everything is sent, everything up to here was. */
  private position = -1;
  /** The first segment that is sent. */
  private readonly begun = Promise.withResolvers<number>();

  constructor(socket: Duplex, stream: Stream, sent: (bytes: number) => void) {
    this.socket = socket;
    this.stream = stream;
    this.sent = sent;
    socket.on("close", () => {
      this.over.abort();
      this.reading.abort();
      this.begun.resolve(0);
      this.onItsWay.end();
    });
  }

  /** By how many milliseconds of the stream the connection is behind; null where that cannot be said. */
  get behindMs(): number | null {
    const { log } = this.stream;
    const [newest, sent] = [this.timeOf(log.head - 1), this.timeOf(this.position)];
    return newest === null || sent === null ? null : Math.max(0, newest - sent);
  }

  /** Sends another share from now on. `Malformed` when it asks for what no follower needs. */
  share(share: StripeAssignment): Malformed | null {
    if ("half" in share) {
      if (this.halved) return new Malformed("a relay peer that wants two halves");
      this.halved = { half: share.half, since: this.position, moved: -1 };
      this.onItsWay.begin();
    } else if ("also" in share) this.sendAlso(share.also);
    else if (!this.halved) return null;
    else if ("received" in share) this.onItsWay.came(share.received);
    else if ("without" in share) {
      const { without } = share;
      this.without = [...this.without.filter(({ to }) => to > this.position), without].slice(-MOST_WITHOUT);
      this.halved = { ...this.halved, moved: Math.max(this.halved.moved, without.to) };
    } else {
      this.before = { ...this.halved, to: this.position };
      this.halved = null;
      this.without = [];
      this.onItsWay.end();
      this.rewindTo = share.after;
      this.position = share.after.sequence;
      this.reading.abort();
    }
    return null;
  }

  /** Records of one half, before everything that waits here. */
  private sendAlso({ from, to, half }: StripeRange): void {
    const { log, epoch } = this.stream;
    for (let sequence = from; sequence <= Math.min(to, log.head - 1); sequence++) {
      const segment = log.segmentOf(sequence);
      const record = segment?.entries.at(sequence - segment.head.sequence);
      if (record && stripeOf(sequence) === half) this.write([record], epoch);
    }
  }

  /** False when the connection has more than it can take. */
  private write(records: readonly LogEntry[], epoch: string): boolean {
    const bytes = Buffer.concat(records.map((record) => frame(MESSAGE.record, encodeEntry(epoch, record))));
    this.sent(bytes.length);
    this.onItsWay.add(bytes.length);
    return this.socket.write(bytes);
  }

  /**
   * Sends what was before a record, or before what is sent first, segment by segment, the newest of them first. What is live goes before.
   */
  async past(before: number | null): Promise<void> {
    const { stream, socket } = this;
    let end = before ?? (await this.begun.promise);
    while (!this.over.signal.aborted) {
      const segment = stream.log.segmentOf(end - 1);
      if (!segment && !stream.backfill.missing) break;
      if (!segment) await stream.backfill.there();
      else {
        await this.pastSegment(segment);
        end = segment.head.sequence;
      }
    }
    socket.write(frame(MESSAGE.pastOver, NOTHING));
  }

  private async pastSegment(segment: LogSegment): Promise<void> {
    const { socket, stream } = this;
    const records = [...contextOf(segment), ...segment.entries.slice(0, segment.entries.length)];
    for (let at = 0; at < records.length && !this.over.signal.aborted; at += MOST_RECORDS) {
      while ((this.behindMs ?? Infinity) > LIVE_FIRST_MS && !this.over.signal.aborted) await pause(LIVE_FIRST_MS);
      const bytes = Buffer.concat(
        records.slice(at, at + MOST_RECORDS).map((record) => frame(MESSAGE.past, encodeEntry(stream.epoch, record))),
      );
      this.sent(bytes.length);
      if (!socket.write(bytes)) await drained(socket);
    }
    socket.write(frame(MESSAGE.pastSegment, NOTHING));
  }

  /** Sends until the stream, or the connection, is over. */
  async run(from: FollowFrom): Promise<void> {
    if (typeof from === "object") this.position = from.after.sequence;
    for (let next: FollowFrom | null = from; next !== null; next = this.again()) await this.read(next);
    this.socket.end();
  }

  private again(): FollowFrom | null {
    const after = this.rewindTo;
    this.rewindTo = null;
    this.reading = new AbortController();
    return after && !this.over.signal.aborted ? { after } : null;
  }

  private async read(from: FollowFrom): Promise<void> {
    const { log, epoch } = this.stream;
    for await (const batch of follow(log, { from, signal: this.reading.signal, maxBatch: MOST_RECORDS })) {
      if (this.rewindTo) return;
      const head = batch.find(({ kind }) => kind === "segment");
      if (head) this.begun.resolve(head.sequence);
      // What is wanted may change while one half waits for its turn.
      if (this.halved) await this.readHalf(batch, epoch);
      else {
        const wanted = batch.filter((record) => this.isWanted(record));
        this.position = batch.at(-1)?.sequence ?? this.position;
        if (wanted.length > 0 && !this.write(wanted, epoch)) await drained(this.socket);
      }
    }
  }

  private async readHalf(batch: readonly LogEntry[], epoch: string): Promise<void> {
    for (const record of batch) {
      if (this.isWanted(record)) await this.onItsWay.room();
      if (this.rewindTo || this.over.signal.aborted) return;
      const isWanted = this.isWanted(record);
      this.position = record.sequence;
      if (isWanted && !this.write([record], epoch)) await drained(this.socket);
    }
  }

  private isWanted({ kind, sequence }: LogEntry): boolean {
    // That something is lacking has to be known to everybody.
    if (kind === "gap") return true;
    const { before, halved } = this;
    const hadHalf = before !== null && sequence > before.moved && stripeOf(sequence) === before.half;
    if (before && sequence <= before.to && (sequence <= before.since || hadHalf)) return false;
    if (!halved) return true;
    return stripeOf(sequence) === halved.half && !this.without.some(({ from, to }) => from <= sequence && sequence <= to);
  }

  /** The time of the newest frame, or head, up to a record. */
  private timeOf(sequence: number): number | null {
    const segment = this.stream.log.segmentOf(sequence);
    for (let at = sequence - (segment?.head.sequence ?? 0); segment && at >= 0; at--) {
      const record = segment.entries.at(at);
      if (record?.kind === "media") return record.decodeTime;
    }
    return segment?.head.time ?? null;
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function drained(socket: Duplex): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      socket.off("drain", done);
      socket.off("close", done);
      resolve();
    };
    if (socket.destroyed) return resolve();
    socket.on("drain", done);
    socket.on("close", done);
  });
}

/**
 * What is on its way, while a half is sent: the kernel would take much more than a slow line carries in a second, and what is asked for in
 * between would come behind all of that.
 */
class OnItsWay {
  private written = 0;
  private received = 0;
  private counts = false;
  private bytesPerMs = 0;
  private heardAt = 0;
  private waiting: (() => void) | null = null;

  /** From now on it is bounded; what was written before is on its way too, and not waited for. */
  begin(): void {
    this.counts = true;
    this.heardAt = performance.now();
  }

  end(): void {
    this.counts = false;
    this.bytesPerMs = 0;
    this.wake();
  }

  add(bytes: number): void {
    this.written += bytes;
  }

  /** @param received bytes that have come since the connection was made */
  came(received: number): void {
    const now = performance.now();
    const passed = Math.max(1, now - this.heardAt);
    const rate = Math.max(0, received - this.received) / passed;
    this.bytesPerMs += (rate - this.bytesPerMs) * Math.min(1, passed / ON_ITS_WAY.overMs);
    this.received = received;
    this.heardAt = now;
    if (this.hasRoom) this.wake();
  }

  /** Resolves when more may be written. */
  async room(): Promise<void> {
    while (this.counts && !this.hasRoom) await new Promise<void>((resolve) => (this.waiting = resolve));
  }

  private get hasRoom(): boolean {
    return this.written - this.received < Math.max(ON_ITS_WAY.leastBytes, this.bytesPerMs * ON_ITS_WAY.forMs);
  }

  private wake(): void {
    this.waiting?.();
    this.waiting = null;
  }
}
