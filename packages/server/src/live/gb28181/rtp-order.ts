/** Puts RTP packets of a camera back in order (RFC 3550 section 5.1), and tells where some are missing. Nothing is asked for again: cameras keep nothing. */
import type { RtpPacket } from "@lectern/media";

export type RtpOrderOptions = {
  readonly onPacket: (packet: RtpPacket) => void;
  /** Packets are missing here. */
  readonly onHole: () => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
};

/** A packet that is overtaken by so many, or for so long, is lost. */
const MAX_WAITING = 100;
const MAX_WAIT_MS = 150;
/** A sender that has begun again counts from anywhere. */
const RESTART = 3000;

export class RtpOrder {
  private readonly options: RtpOrderOptions;
  /** The next sequence number; null before the first packet. */
  private next: number | null = null;
  private readonly waiting = new Map<number, RtpPacket>();
  private waitsSince = 0;

  constructor(options: RtpOrderOptions) {
    this.options = options;
  }

  /** The packet has bytes of its own. */
  push(packet: RtpPacket): void {
    this.next ??= packet.sequence;
    const ahead = distance(this.next, packet.sequence);
    if (Math.abs(ahead) > RESTART) return this.restart(packet);
    if (ahead < 0) return;
    if (this.waiting.size === 0) this.waitsSince = this.options.now();
    this.waiting.set(packet.sequence, packet);
    this.release();
    const isLost = this.waiting.size > MAX_WAITING || this.options.now() - this.waitsSince > MAX_WAIT_MS;
    if (this.waiting.size === 0 || !isLost) return;
    const from = this.next;
    const [nearest = from] = [...this.waiting.keys()].sort((a, b) => distance(from, a) - distance(from, b));
    this.options.onHole();
    this.next = nearest;
    this.release();
  }

  /** Another sender counts from elsewhere. */
  reset(): void {
    this.waiting.clear();
    this.next = null;
  }

  private release(): void {
    for (;;) {
      const packet = this.next === null ? undefined : this.waiting.get(this.next);
      if (!packet) return;
      this.waiting.delete(packet.sequence);
      this.next = (packet.sequence + 1) & 0xffff;
      this.waitsSince = this.options.now();
      this.options.onPacket(packet);
    }
  }

  private restart(packet: RtpPacket): void {
    this.waiting.clear();
    this.options.onHole();
    this.next = (packet.sequence + 1) & 0xffff;
    this.options.onPacket(packet);
  }
}

/** From one sequence number to another: -32768 to 32767. */
function distance(from: number, to: number): number {
  return ((to - from + 0x8000) & 0xffff) - 0x8000;
}
