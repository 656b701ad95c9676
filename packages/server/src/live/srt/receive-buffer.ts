/**
 * Keeps the packets of an SRT connection until their time, in order: draft-sharabayko-srt-01 sections 4.5 and 4.6. A packet that is still missing when the
 * one after it is due is given up.
 */
import { type SrtRange, srtAdd, srtDistance } from "@lectern/media";

/** Packets: 10 Mbit/s with a latency of 8 seconds. */
export const RECEIVE_PACKETS = 8192;
/** A ring begins with so many packets, since hundreds of publishers need no more. Both are powers of two. */
const FIRST_SIZE = 512;

export type Stored = "new" | "duplicate" | "late" | "too-far";

export class ReceiveBuffer {
  /** Rings, by the last bits of the sequence number. */
  private payloads = emptyRing(FIRST_SIZE);
  private times = new Float64Array(FIRST_SIZE);
  private mask = FIRST_SIZE - 1;
  /** The first packet that was neither given on nor given up. */
  private first: number;
  /** The first one that has not come. */
  private contiguous: number;
  /** One behind the newest that has come. */
  private end: number;
  /** Packets that were given up. */
  dropped = 0;
  /** Of those between `first` and `end`, the ones that are there. */
  private held = 0;

  constructor(initialSequence: number) {
    this.first = initialSequence;
    this.contiguous = initialSequence;
    this.end = initialSequence;
  }

  /** The first packet that has not come: what an acknowledgement names. */
  get acknowledged(): number {
    return this.contiguous;
  }

  get available(): number {
    return RECEIVE_PACKETS - srtDistance(this.first, this.end);
  }

  /** Packets before the newest one that have not come. */
  get missing(): number {
    return srtDistance(this.first, this.end) - this.held;
  }

  /** Where the next packet is expected when none is lost. */
  get next(): number {
    return this.end;
  }

  /** @param dueAt when it is given on, milliseconds of the connection's clock */
  store(sequence: number, payload: Uint8Array, dueAt: number): Stored {
    const offset = srtDistance(this.first, sequence);
    if (offset < 0) return "late";
    if (offset >= RECEIVE_PACKETS) return "too-far";
    while (offset > this.mask) this.grow();
    const slot = sequence & this.mask;
    if (this.payloads[slot]) return "duplicate";
    this.payloads[slot] = payload;
    this.times[slot] = dueAt;
    this.held++;
    if (srtDistance(this.end, sequence) >= 0) this.end = srtAdd(sequence, 1);
    this.advance();
    return "new";
  }

  /** Gives on what is due, in order. */
  release(now: number, give: (payload: Uint8Array) => void): void {
    while (this.held > 0) {
      const found = this.firstHeld();
      const slot = found & this.mask;
      const payload = this.payloads[slot];
      if (!payload || (this.times[slot] ?? 0) > now) return;
      this.dropped += srtDistance(this.first, found);
      this.payloads[slot] = undefined;
      this.held--;
      this.first = srtAdd(found, 1);
      this.advance();
      give(payload);
    }
  }

  /** The sender has given these up. */
  giveUp([, to]: SrtRange): void {
    // Those before them are still to come, or are given up when their time is over.
    const through = srtAdd(to, 1);
    if (this.held === 0 && srtDistance(this.first, through) > 0 && srtDistance(this.first, through) <= RECEIVE_PACKETS) {
      this.dropped += srtDistance(this.first, through);
      this.first = through;
      if (srtDistance(this.end, through) > 0) this.end = through;
      this.advance();
    }
  }

  /** The ranges of packets that are missing, at most so many. */
  losses(most: number): SrtRange[] {
    const ranges: SrtRange[] = [];
    if (this.missing === 0) return ranges;
    let from: number | null = null;
    for (let at = this.contiguous; at !== this.end; at = srtAdd(at, 1)) {
      const isThere = this.payloads[at & this.mask] !== undefined;
      if (!isThere) from ??= at;
      else if (from !== null) {
        ranges.push([from, srtAdd(at, -1)]);
        from = null;
        if (ranges.length >= most) break;
      }
    }
    return ranges;
  }

  /** Milliseconds until the next packet is due; null when none waits. */
  dueIn(now: number): number | null {
    return this.held === 0 ? null : (this.times[this.firstHeld() & this.mask] ?? 0) - now;
  }

  private grow(): void {
    const { payloads, times, mask } = this;
    const size = (mask + 1) * 2;
    this.payloads = emptyRing(size);
    this.times = new Float64Array(size);
    this.mask = size - 1;
    for (let at = this.first; at !== this.end; at = srtAdd(at, 1)) {
      this.payloads[at & this.mask] = payloads[at & mask];
      this.times[at & this.mask] = times[at & mask] ?? 0;
    }
  }

  private firstHeld(): number {
    let at = this.first;
    while (this.payloads[at & this.mask] === undefined) at = srtAdd(at, 1);
    return at;
  }

  private advance(): void {
    if (srtDistance(this.contiguous, this.first) > 0) this.contiguous = this.first;
    while (this.contiguous !== this.end && this.payloads[this.contiguous & this.mask]) this.contiguous = srtAdd(this.contiguous, 1);
  }
}

function emptyRing(size: number): (Uint8Array | undefined)[] {
  return new Array<Uint8Array | undefined>(size).fill(undefined);
}
