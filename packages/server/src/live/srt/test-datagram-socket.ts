/** Two SRT connections and a line between them, on a clock that moves only by `run`: for tests. */
import { isSrtControl, type Malformed, SRT_CONTROL, writeSrtControl } from "@lectern/media";
import { SrtConnection, type SrtConnectionOptions } from "./connection.ts";

export type TestLineOptions = {
  /** One way, milliseconds. */
  readonly delayMs?: number;
  /** Whether a packet is lost. @param toReceiver it comes from the sender */
  readonly isLost?: (toReceiver: boolean, packet: Uint8Array) => boolean;
  /** More than the delay, for some. */
  readonly extraMs?: () => number;
  readonly latencyMs?: number;
  readonly initialSequence?: number;
  /** Of the sender's clock at the beginning, microseconds. */
  readonly timestamp?: number;
  /** How much faster the sender's clock is than the receiver's: 1.0002 */
  readonly clockRate?: number;
  readonly connection?: Partial<SrtConnectionOptions>;
};

const TICK_MS = 10;

export class TestSrtSocket {
  readonly received: { readonly payload: number; readonly at: number }[] = [];
  readonly ends: ("closed" | "silent" | Malformed)[] = [];
  /** Control packets and all packets that the receiver has sent. */
  controls = 0;
  readonly sender: SrtConnection;
  readonly receiver: SrtConnection;
  now = 10_000;
  private readonly flying: { readonly at: number; readonly to: SrtConnection; readonly packet: Uint8Array }[] = [];
  private readonly options: TestLineOptions;
  private readonly begun = this.now;
  private sent = 0;

  constructor(options: TestLineOptions = {}) {
    this.options = options;
    const { latencyMs = 200, initialSequence = 1000, timestamp = 0, delayMs = 0, connection = {} } = options;
    const common = { initialSequence, latencyMs, peerLatencyMs: latencyMs, timestamp, keys: null, passphrase: "" };
    this.sender = new SrtConnection({
      ...common,
      destination: 2,
      now: this.senderNow - timestamp / 1000,
      send: (packet) => this.fly(this.receiver, packet, true),
      onPayload: () => {},
      onEnd: (reason) => this.ends.push(reason),
    });
    // It has been in use for as long as its clock has run.
    this.sender.take(writeSrtControl(SRT_CONTROL.keepAlive, 0, 0, 1, new Uint8Array(4)), this.senderNow);
    this.receiver = new SrtConnection({
      // The handshake has needed as long as all others.
      ...common,
      destination: 1,
      now: this.now + delayMs,
      send: (packet) => {
        if (isSrtControl(packet)) this.controls++;
        this.fly(this.sender, packet, false);
      },
      onPayload: (payload) => this.received.push({ payload: Buffer.from(payload).readUInt32BE(0), at: this.now }),
      onEnd: (reason) => this.ends.push(reason),
      ...connection,
    });
  }

  /** Sends a packet each so many milliseconds, for so long. @param everyMs Infinity: nothing is sent */
  run(milliseconds: number, everyMs = 10): void {
    const until = this.now + milliseconds;
    let next = Number.isFinite(everyMs) ? this.now : Number.POSITIVE_INFINITY;
    for (; this.now < until; this.now++) {
      for (; next <= this.now; next += everyMs) this.send();
      this.deliver();
      if (this.now % TICK_MS > 0) continue;
      this.receiver.tick(this.now);
      this.sender.tick(this.senderNow);
    }
  }

  /** How many packets were sent. */
  get count(): number {
    return this.sent;
  }

  private get senderNow(): number {
    return this.begun + (this.now - this.begun) * (this.options.clockRate ?? 1);
  }

  private send(): void {
    const payload = Buffer.alloc(1316);
    payload.writeUInt32BE(this.sent++);
    this.sender.sendPayload(payload, this.senderNow);
  }

  private fly(to: SrtConnection, packet: Uint8Array, toReceiver: boolean): void {
    const { delayMs = 0, isLost, extraMs } = this.options;
    if (isLost?.(toReceiver, packet)) return;
    // A packet that is sent again is the same bytes with another flag.
    this.flying.push({ at: this.now + delayMs + (extraMs?.() ?? 0), to, packet: packet.slice() });
  }

  private deliver(): void {
    for (let i = 0; i < this.flying.length; ) {
      const one = this.flying[i];
      if (!one || one.at > this.now) i++;
      else {
        this.flying.splice(i, 1);
        one.to.take(one.packet, one.to === this.sender ? this.senderNow : this.now);
      }
    }
  }
}

/** Numbers from 0 to 1 that are the same in each run. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
