/**
 * Simulates a viewer of FLV for tests of the choice of rungs: a server that sends rungs in batches, a link that all of a viewer's streams share,
 * and a player that shows what has arrived. Time is the simulation's own.
 */
import { Arrivals } from "./arrivals.ts";
import type { LadderStep, NextReception, RungDecision } from "./reception.ts";
import { RungChoice } from "./rung-choice.ts";

export const STEPS: readonly LadderStep[] = [
  { kbps: 4000, isSound: false },
  { kbps: 1350, isSound: false },
  { kbps: 775, isSound: false },
  { kbps: 380, isSound: false },
  { kbps: 66, isSound: true },
];

const TICK_MS = 10;
const DECIDE_MS = 50;
const BATCH_MS = 200;
const GOP_MS = 2000;
const ANSWER_MS = 40;
/** How far a rung is behind the stream itself. */
const RUNG_LAG_MS = 500;
/** A rung has fewer bits than it may have. */
const USED = 0.8;
const HOLD_ABOVE_MS = 150;
const RESUME_MS = 250;
/** As the player keeps to the live edge. */
const RATE = { fast: 1.1, slow: 0.96 } as const;

type Sent = { readonly bytes: number; readonly fromMs: number; readonly toMs: number };

class SimulatedStream {
  readonly step: number;
  arrivals: Arrivals;
  readonly requestedAt: number;
  openedAt: number | null = null;
  cutAt: number | null = null;
  private readonly queue: Sent[] = [];
  private sentToMs: number;
  private partBytes = 0;
  firstMs: number | null = null;

  /** @param madeMs what the publisher has made so far */
  constructor(step: number, now: number, madeMs: number) {
    this.step = step;
    this.requestedAt = now;
    this.arrivals = new Arrivals(now + ANSWER_MS);
    const live = madeMs - this.lagMs;
    this.sentToMs = STEPS[step]?.isSound ? live : Math.floor(live / GOP_MS) * GOP_MS;
  }

  get lagMs(): number {
    return this.step === 0 ? 0 : RUNG_LAG_MS;
  }

  get kbps(): number {
    return (STEPS[this.step]?.kbps ?? 0) * USED;
  }

  /** The server's answer arrives. */
  open(now: number): void {
    this.openedAt = now;
    this.arrivals = new Arrivals(now);
  }

  get waits(): boolean {
    return this.queue.length > 0 && this.cutAt === null;
  }

  /** Puts what the publisher had made by a time, and was not sent yet, into the link. */
  send(madeMs: number): void {
    const toMs = madeMs - this.lagMs;
    if (toMs <= this.sentToMs || this.openedAt === null || this.cutAt !== null) return;
    this.queue.push({ bytes: ((toMs - this.sentToMs) * this.kbps) / 8, fromMs: this.sentToMs, toMs });
    this.sentToMs = toMs;
  }

  deliver(now: number, bytes: number): void {
    if (bytes === 0) return;
    let left = bytes;
    let newest: number | null = null;
    for (let sent = this.queue[0]; sent && left > 0; sent = this.queue[0]) {
      const part = Math.min(left, sent.bytes - this.partBytes);
      left -= part;
      this.partBytes += part;
      newest = sent.fromMs + ((sent.toMs - sent.fromMs) * this.partBytes) / sent.bytes;
      this.firstMs ??= sent.fromMs;
      if (this.partBytes < sent.bytes - 0.001) break;
      this.queue.shift();
      this.partBytes = 0;
    }
    this.arrivals.add(now, bytes - left, newest);
  }
}

export type Link = {
  /** Kilobits per second at a time. */
  readonly kbps: (now: number) => number;
  /** Whether the publisher sends at a time. */
  readonly publishes?: (now: number) => boolean;
  /** Whether the server makes a rung. */
  readonly serves?: (step: number) => boolean;
  /** Whether the server has room for rungs; true by default. */
  readonly hasRoom?: boolean;
  /** Seconds of pictures that the encoder of a rung makes in a second; 1 by default. */
  readonly encoderPace?: (step: number) => number;
  /** How far behind the publisher the viewer begins, milliseconds; 800 by default. */
  readonly behindMs?: number;
  /** A full queue in front of the link, milliseconds: no other connection gets a packet through until it is empty. None by default. */
  readonly queueMs?: (now: number) => number;
  /** Packets are lost: what follows one reaches the page in a burst, when it has been sent again, after so many milliseconds. */
  readonly burstMs?: (now: number) => number;
};

export type Change = { readonly at: number; readonly step: number };

export class SimulatedViewer {
  now = 0;
  /** Milliseconds that the picture stood still. */
  stillMs = 0;
  readonly changes: Change[] = [];
  readonly opened: Change[] = [];
  readonly choice: RungChoice;
  private readonly link: Link;
  private shown: SimulatedStream;
  private next: SimulatedStream | null = null;
  private joinAt: number | null = null;
  private positionMs: number;
  private isStill = false;
  private madeMs = 0;

  constructor(link: Link, first = 0) {
    this.link = link;
    this.shown = new SimulatedStream(first, 0, 0);
    this.choice = new RungChoice(STEPS, first, 0);
    this.positionMs = -(link.behindMs ?? 800);
  }

  get step(): number {
    return this.shown.step;
  }

  run(milliseconds: number): this {
    for (const end = this.now + milliseconds; this.now < end; ) {
      this.now += TICK_MS;
      this.tick();
    }
    return this;
  }

  private get aheadMs(): number {
    return Math.max(0, (this.shown.arrivals.newest ?? this.positionMs) - this.positionMs);
  }

  private tick(): void {
    const { now, link } = this;
    const streams = [this.shown, this.next].filter((stream) => stream !== null);
    if (link.publishes?.(now) ?? true) this.madeMs = now;
    for (const stream of streams) {
      const joins = stream.openedAt === null && this.isAnswered(stream, streams);
      if (joins) stream.open(now);
      if (joins || now % BATCH_MS === 0) stream.send(this.madeOf(stream.step));
    }
    const waiting = streams.filter(({ waits }) => waits);
    const burstMs = link.burstMs?.(now) || TICK_MS;
    if (now % burstMs === 0) for (const stream of waiting) stream.deliver(now, (link.kbps(now) * burstMs) / 8 / waiting.length);
    this.play();
    this.tryToJoin();
    if (now % DECIDE_MS === 0) this.decide();
  }

  /** Whether the server's answer to a new stream gets through. */
  private isAnswered(stream: SimulatedStream, streams: readonly SimulatedStream[]): boolean {
    const { now, link } = this;
    const queueMs = link.queueMs?.(now) ?? 0;
    const isFree = (other: SimulatedStream) =>
      other === stream || (other.cutAt === null ? !other.waits : now - other.cutAt >= queueMs);
    return now - stream.requestedAt >= ANSWER_MS && (queueMs === 0 || streams.every(isFree));
  }

  /** What there is of a rung. */
  private madeOf(step: number): number {
    const isEncoded = step > 0 && STEPS[step]?.isSound === false;
    return isEncoded ? this.madeMs * (this.link.encoderPace?.(step) ?? 1) : this.madeMs;
  }

  private play(): void {
    this.isStill = this.aheadMs < (this.isStill ? RESUME_MS : TICK_MS);
    if (this.isStill) this.stillMs += this.shown.arrivals.newest === null ? 0 : TICK_MS;
    else this.positionMs += TICK_MS * this.rate;
  }

  private get rate(): number {
    if (this.choice.needsTime || this.aheadMs < 400) return RATE.slow;
    return this.aheadMs > 1000 ? RATE.fast : 1;
  }

  private tryToJoin(): void {
    const { next, joinAt } = this;
    if (!next || joinAt === null) return;
    if ((this.shown.arrivals.newest ?? 0) < joinAt) return;
    if ((next.arrivals.newest ?? 0) >= joinAt) this.arrive(next);
    else if (joinAt - this.positionMs < HOLD_ABOVE_MS) this.joinAt = joinAt + GOP_MS;
  }

  private arrive(next: SimulatedStream): void {
    // A decoder that is loaded with sound alone begins with its first frame.
    this.positionMs = Math.max(this.positionMs, next.firstMs ?? 0);
    this.shown = next;
    this.next = null;
    this.joinAt = null;
    this.changes.push({ at: this.now, step: next.step });
    this.choice.arrived(this.now);
  }

  private decide(): void {
    const { now, shown, next } = this;
    const { serves, hasRoom = true } = this.link;
    const isOpen = next !== null && next.openedAt !== null;
    const isRefused = isOpen && !(serves?.(next.step) ?? true);
    if (isRefused || (isOpen && !hasRoom)) {
      this.next = null;
      this.joinAt = null;
      return this.choice.failed(now, isRefused);
    }
    const decision = this.choice.decide({
      ...shown.arrivals.measure(now),
      now,
      ahead: this.aheadMs / 1000,
      isStill: this.isStill,
      isHolding: false,
      next: next && this.nextReception(next),
    });
    if (decision) this.act(decision);
  }

  private nextReception(next: SimulatedStream): NextReception {
    const { now, shown } = this;
    const newest = next.arrivals.newest;
    return {
      openMs: next.openedAt === null ? null : now - next.openedAt,
      leadMs: newest === null ? null : newest - (shown.arrivals.newest ?? 0),
      ahead: newest === null ? Number.NEGATIVE_INFINITY : (newest - Math.max(this.positionMs, next.firstMs ?? 0)) / 1000,
      pace: next.arrivals.measure(now).pace,
      burstKbps: next.arrivals.burstKbps,
    };
  }

  private act(decision: RungDecision): void {
    const { now, next } = this;
    switch (decision.kind) {
      case "open":
        this.next = new SimulatedStream(decision.step, now, this.madeOf(decision.step));
        this.opened.push({ at: now, step: decision.step });
        this.joinAt = null;
        return;
      case "join":
        this.joinAt = Math.ceil(Math.max(this.shown.arrivals.newest ?? 0, next?.firstMs ?? 0) / GOP_MS) * GOP_MS;
        return;
      case "cut":
        this.shown.cutAt ??= now;
        this.joinAt = null;
        return;
      case "swap":
        if (next) this.arrive(next);
        return;
      case "drop":
        this.next = null;
        this.joinAt = null;
    }
  }
}
