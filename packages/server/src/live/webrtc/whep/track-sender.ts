/**
 * Sends one track to one viewer: a position in the shared packets of a stream, and the numbers that only this viewer has. The viewer sees one
 * RTP stream: sequence numbers without holes and timestamps that go on, also where it is moved to another rung or past packets that it was too
 * slow for.
 *
 * Its timestamps are those of the stream's epoch, moved by an offset that keeps them beside real time, so a rung that comes a second after its
 * source begins a second later. Sender reports (RFC 3550 section 6.4.1) tell at which moment of the epoch each timestamp lies, for sound and
 * picture alike, and the viewer puts them together by that.
 *
 * Who joins gets all since the newest key frame with timestamps close together: the player shows the key frame at once, and runs through the rest to
 * the present.
 */
import { type RtpSender, type SenderReport, stampRtp } from "@lectern/media";
import type { RtpTransport, RtpUnit } from "./rtp-transport.ts";
import { SentRuns } from "./sent-runs.ts";
import { AT_EPOCH, placed, type Timing, timingFrom } from "./timing.ts";

/** Hands a packet to the connection, which copies it. False when it cannot be sent. */
export type SendPacket = (packet: Uint8Array) => boolean;

/** The numbers that all packets of a connection share, for transport-wide feedback. */
export type TransportNumbers = {
  /** Takes the number of the next packet. */
  readonly next: (bytes: number, now: number) => number;
};

/** Between two access units, where no clock says more. */
const LEAST_STEP_MS = 10;

export class TrackSender {
  readonly sender: RtpSender;
  private readonly clockRate: number;
  private readonly transport: TransportNumbers;
  private readonly send: SendPacket;
  private readonly sent = new SentRuns();
  private readonly base: number;
  private line: RtpTransport | null = null;
  private unit = 0;
  private packet = 0;
  private sequence: number;
  private timing: Timing = AT_EPOCH;
  /** Since its last packet. */
  private hasMoved = true;
  /** The last unit as it was sent, and when. */
  private lastTicks: number | null = null;
  private lastAt = 0;
  private packetCount = 0;
  private byteCount = 0;

  /** @param random 32 bits, for the first numbers (RFC 3550 section 5.1) */
  constructor(sender: RtpSender, clockRate: number, transport: TransportNumbers, send: SendPacket, random: number) {
    this.sender = sender;
    this.clockRate = clockRate;
    this.transport = transport;
    this.send = send;
    this.base = random >>> 0;
    // RFC 3711 section 3.3.1: not near the wrap, so that a loss at the beginning does not desynchronise the rollover counter.
    this.sequence = random & 0x7fff;
  }

  /** The packets that it reads; null before it has begun. */
  get reads(): RtpTransport | null {
    return this.line;
  }

  /** Milliseconds of media that are there and not sent; infinite where what comes next is forgotten. */
  get behindMs(): number {
    const { line } = this;
    if (!line || this.unit >= line.head) return 0;
    const next = line.unit(this.unit);
    return next ? (((line.newest?.ticks ?? next.ticks) - next.ticks) / this.clockRate) * 1000 : Number.POSITIVE_INFINITY;
  }

  get hasMore(): boolean {
    return this.line !== null && this.unit < this.line.head;
  }

  /** Whether it has not come to a unit of its packets yet. */
  isBefore(unit: number): boolean {
    return this.unit < unit;
  }

  /** Whether the next unit is this one, or the one that is being sent. */
  isAt(unit: number): boolean {
    return this.unit === unit;
  }

  /** Whether the next packet begins an access unit: only there may it be moved. */
  get isBetweenUnits(): boolean {
    return this.packet === 0;
  }

  /** Goes on with a unit of these or other packets, which may be one that is still to come. */
  moveTo(line: RtpTransport, unit: number): void {
    this.line = line;
    this.unit = unit;
    this.packet = 0;
    this.hasMoved = true;
  }

  private beginRun(line: RtpTransport, { ticks, number }: RtpUnit, now: number): void {
    this.hasMoved = false;
    const least = this.lastTicks === null ? Number.NEGATIVE_INFINITY : this.lastTicks + this.stepSince(now);
    this.timing = timingFrom(ticks, line.newest?.ticks ?? ticks, this.lastTicks, least);
    this.sent.begin(this.packetCount, line, number, this.timing);
  }

  /** Ticks of real time since the last unit was sent. */
  private stepSince(now: number): number {
    return Math.round((Math.max(now - this.lastAt, LEAST_STEP_MS) * this.clockRate) / 1000);
  }

  /** Sends the next packet. Gives its bytes; 0 where there is none, or the connection takes none. */
  sendNext(now: number): number {
    const { line } = this;
    const unit = line?.unit(this.unit);
    const payload = unit?.payloads[this.packet];
    if (!line || !unit || !payload) return 0;
    if (this.hasMoved) this.beginRun(line, unit, now);
    const ticks = placed(this.timing, unit.ticks);
    const timestamp = (this.base + ticks) >>> 0;
    const { sequence, sender } = this;
    const packet = stampRtp(payload, sender, sequence, timestamp, this.transport.next(payload.bytes.length, now));
    if (!this.send(packet)) return 0;
    this.sequence = (sequence + 1) & 0xffff;
    this.packetCount++;
    this.byteCount += packet.length;
    this.lastTicks = ticks;
    this.lastAt = now;
    this.packet++;
    if (this.packet === unit.payloads.length) {
      this.unit++;
      this.packet = 0;
    }
    return packet.length;
  }

  /** Answers a NACK from the shared packets. Gives the bytes that were sent again. */
  sendAgain(sequences: readonly number[], now: number, roundTripMs: number): number {
    const again = this.sent.find(sequences, this.sequence, this.packetCount, now, roundTripMs);
    let bytes = 0;
    for (const { sequence, payload, ticks } of again) {
      const timestamp = (this.base + ticks) >>> 0;
      const packet = stampRtp(payload, this.sender, sequence, timestamp, this.transport.next(payload.bytes.length, now));
      if (this.send(packet)) bytes += packet.length;
    }
    return bytes;
  }

  /**
   * Null before the first packet.
   * @param utc milliseconds since 1970. @param epoch real time of the stream's epoch: milliseconds since 1970 at which its time was 0
   */
  report(utc: number, epoch: number): SenderReport | null {
    if (this.lastTicks === null) return null;
    const timestamp = (this.base + this.timing.offset + Math.round(((utc - epoch) * this.clockRate) / 1000)) >>> 0;
    const { packetCount: packets, byteCount: bytes } = this;
    return {
      kind: "sender-report",
      ssrc: this.sender.ssrc,
      ntpMs: utc,
      timestamp,
      packets: packets >>> 0,
      bytes: bytes >>> 0,
      reports: [],
    };
  }
}
