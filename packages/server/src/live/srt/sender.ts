/**
 * Provides the sending half of an SRT connection: keeps what was sent until it is acknowledged or too late, and sends again what the receiver misses.
 * draft-sharabayko-srt-01 sections 4.6 and 4.8.2. It has no clock and no socket.
 */
import {
  Malformed,
  markSrtRetransmission,
  readSrtAck,
  readSrtLosses,
  SRT_CONTROL,
  SRT_HEADER_SIZE,
  setSrtDataHeader,
  srtAdd,
  srtDistance,
  writeSrtDrop,
} from "@lectern/media";
import type { SrtKeys } from "./encryption.ts";
import type { RoundTrip } from "./round-trip.ts";

export type SenderOptions = {
  readonly initialSequence: number;
  /** The receiver's latency: what is older by more than this comes too late. */
  readonly latencyMs: number;
  readonly destination: number;
  readonly roundTrip: RoundTrip;
  readonly keys: SrtKeys | null;
  /** Microseconds of this side's clock. */
  readonly timestamp: (now: number) => number;
  readonly control: (type: number, information: number, content: Uint8Array) => void;
  readonly send: (packet: Uint8Array) => void;
};

/** Packets that may be unacknowledged: what the receiver has memory for. A power of two. */
export const SEND_PACKETS = 8192;
const MASK = SEND_PACKETS - 1;
/** Behind the latency, until a packet is given up: as libsrt. */
const GIVE_UP_MS = 1000;
/** The same packet is not sent again within a round trip, or at least this. */
const MIN_AGAIN_MS = 10;

type Sent = { readonly packet: Uint8Array; readonly at: number; againAt: number; readonly message: number };

export class SrtSender {
  private readonly options: SenderOptions;
  private readonly sent = new Map<number, Sent>();
  /** The first packet that is not acknowledged. */
  private first: number;
  private next: number;
  private message = 0;
  packets = 0;
  retransmitted = 0;
  /** Packets that were given up before they were acknowledged. */
  dropped = 0;

  constructor(options: SenderOptions) {
    this.options = options;
    this.first = options.initialSequence;
    this.next = options.initialSequence;
  }

  /** Packets that are not acknowledged. */
  get unacknowledged(): number {
    return srtDistance(this.first, this.next);
  }

  /** False: too much is unacknowledged. */
  send(payload: Uint8Array, now: number): boolean {
    if (this.unacknowledged >= MASK) return false;
    const { options, next } = this;
    const { keys } = options;
    const content = keys ? keys.encrypt(next, payload) : payload;
    if (!content) return false;
    const packet = new Uint8Array(SRT_HEADER_SIZE + content.length);
    this.message = (this.message + 1) & 0x03ffffff;
    setSrtDataHeader(packet, next, this.message, keys?.sendFlag ?? 0, options.timestamp(now), options.destination);
    packet.set(content, SRT_HEADER_SIZE);
    this.sent.set(next, { packet, at: now, againAt: Number.NEGATIVE_INFINITY, message: this.message });
    this.next = srtAdd(next, 1);
    this.packets++;
    options.send(packet);
    return true;
  }

  acknowledged(content: Uint8Array): Malformed | null {
    const ack = readSrtAck(content);
    if (ack instanceof Malformed) return ack;
    if (srtDistance(this.first, ack.next) > 0 && srtDistance(ack.next, this.next) >= 0) this.forget(ack.next);
    if (ack.rtt !== null) this.options.roundTrip.measured(ack.rtt / 1000);
    return null;
  }

  /** The receiver misses packets. */
  missed(content: Uint8Array, now: number): Malformed | null {
    const ranges = readSrtLosses(content);
    if (ranges instanceof Malformed) return ranges;
    for (const [from, to] of ranges) {
      // Nothing was sent of these, or all of it was acknowledged.
      if (srtDistance(from, this.next) <= 0 || srtDistance(to, this.next) <= 0)
        return new Malformed("an SRT loss report of what was not sent");
      this.sendAgain(srtDistance(from, this.first) > 0 ? this.first : from, to, now);
      if (srtDistance(from, this.first) > 0) this.tellDropped(from, srtDistance(to, this.first) > 0 ? to : srtAdd(this.first, -1));
    }
    return null;
  }

  tick(now: number): void {
    const bound = now - this.options.latencyMs * 1.25 - GIVE_UP_MS;
    for (let oldest = this.sent.get(this.first); oldest && oldest.at < bound; oldest = this.sent.get(this.first)) {
      this.dropped++;
      this.forget(srtAdd(this.first, 1));
    }
  }

  private sendAgain(from: number, to: number, now: number): void {
    const again = Math.max(MIN_AGAIN_MS, this.options.roundTrip.rtt);
    for (let at = from; srtDistance(at, to) >= 0; at = srtAdd(at, 1)) {
      const sent = this.sent.get(at);
      if (!sent || now - sent.againAt < again) continue;
      sent.againAt = now;
      markSrtRetransmission(sent.packet);
      this.retransmitted++;
      this.options.send(sent.packet);
    }
  }

  private tellDropped(from: number, to: number): void {
    this.options.control(SRT_CONTROL.dropRequest, 0, writeSrtDrop([from, to]));
  }

  private forget(until: number): void {
    while (this.first !== until) {
      this.sent.delete(this.first);
      this.first = srtAdd(this.first, 1);
    }
  }
}
