/**
 * The ladder of one stream in the process that makes it: a publish session for each rung, and one encoder for all rungs with video. An
 * encoder that ends is started again from the segment that is missing; a rung that cannot go on is dropped, and the source never notices.
 */
import type { Clock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { BrokenDerivation, PublishSession, SegmentHead, SourceMessage, Stream, Streams } from "../streams/index.ts";
import { type Encoder, type EncoderEnd, startEncoder } from "./encoder.ts";
import type { Rung } from "./rungs.ts";

export type LadderOptions = {
  readonly parent: Stream;
  readonly rungs: readonly Rung[];
  readonly streams: Streams;
  readonly clock: Clock;
  /** The program that encodes. */
  readonly command: string;
  readonly events: LadderEvents;
};

export type LadderEvents = {
  /** ffmpeg ended, or was killed; it is started again. */
  readonly failed: (parent: Stream, reason: string, againInMs: number) => void;
  /** A rung is not made any more. */
  readonly dropped: (parent: Stream, rung: string, reason: DropReason) => void;
};

/** overloaded: the machine cannot encode all rungs in real time. */
export type DropReason = BrokenDerivation | "overloaded";

type Running = { readonly rung: Rung; readonly session: PublishSession };

/** Before an encoder that failed is started again. It doubles each time, until one has run for `steady`. */
const RESTART_MS = { first: 100, most: 30_000, steady: 10_000 } as const;
/** A claim that was refused, because the process before has not given the rung up yet, is tried again. */
const CLAIM_AGAIN_MS = 500;

/** A rung is a second behind its source at most. One that is further behind for so many checks, after its encoder has settled, is too much. */
const OVERLOAD = { lagMs: 1000, checks: 5, settledMs: 15_000 } as const;

export class Ladder {
  readonly parent: Stream;
  private readonly options: LadderOptions;
  private readonly running = new Map<string, Running>();
  private readonly dropped = new Set<string>();
  private checksBehind = 0;
  private encoder: Encoder | null = null;
  private readonly bornAt: number;
  private startedAt = 0;
  private restartMs: number = RESTART_MS.first;
  private cancel: () => void = () => {};
  private closed = false;

  constructor(options: LadderOptions) {
    this.options = options;
    this.parent = options.parent;
    this.bornAt = options.clock.monotonic();
    void this.open();
  }

  /** Names of the rungs that are made. */
  get rungs(): readonly string[] {
    return [...this.running.keys()];
  }

  /** Milliseconds since it began. */
  get ageMs(): number {
    return this.options.clock.monotonic() - this.bornAt;
  }

  /** How far the slowest rung is behind its source, milliseconds. */
  get lagMs(): number {
    const { parent, options } = this;
    const times = this.rungs.map((name) => options.streams.local(parent.app, `${parent.name}@${name}`)?.time ?? 0);
    return times.length === 0 ? 0 : Math.max(0, parent.time - Math.min(...times));
  }

  /** Whether a rung was given up. */
  hasDropped(rung: string): boolean {
    return this.dropped.has(rung);
  }

  /** To be called each second: where the encoder cannot keep up, the largest rung is given up, and the others go on. */
  relieve(): void {
    const isSettled = this.encoder !== null && this.options.clock.monotonic() - this.startedAt > OVERLOAD.settledMs;
    this.checksBehind = isSettled && this.lagMs > OVERLOAD.lagMs ? this.checksBehind + 1 : 0;
    if (this.checksBehind < OVERLOAD.checks) return;
    this.checksBehind = 0;
    const pictures = [...this.running.values()].filter(({ rung }) => rung.video !== null);
    const sizeOf = ({ rung: { video } }: Running) => (video?.width ?? 0) * (video?.height ?? 0) + (video?.kbps ?? 0);
    const [largest, ...others] = pictures.sort((a, b) => sizeOf(b) - sizeOf(a));
    if (largest && others.length > 0) this.drop(largest.rung.name, "overloaded");
  }

  /** Ends the rungs, whose viewers are told the reason. May be called twice. */
  close(reason: string): void {
    this.stop();
    for (const { session } of this.running.values()) session.end(reason);
    this.running.clear();
  }

  /** Another process makes the rungs now: they go on there. */
  handOver(): void {
    this.stop();
    for (const { session } of this.running.values()) session.close();
    this.running.clear();
  }

  private stop(): void {
    this.closed = true;
    this.cancel();
    this.encoder?.close();
    this.encoder = null;
  }

  private async open(): Promise<void> {
    const waiting = await Promise.all(this.options.rungs.map(async (rung) => ((await this.openRung(rung)) ? [] : [rung])));
    if (this.closed) return;
    this.encode();
    for (const rung of waiting.flat()) this.openLater(rung);
  }

  private openLater(rung: Rung): void {
    this.options.clock.after(CLAIM_AGAIN_MS, () => {
      if (this.closed) return;
      void this.openRung(rung).then((isOpen) => {
        if (this.closed) return;
        if (isOpen) this.restart();
        else this.openLater(rung);
      });
    });
  }

  private async openRung(rung: Rung): Promise<boolean> {
    const { app, name, log } = this.parent;
    const session = await this.options.streams.publications.open({
      ...{ app, name: `${name}@${rung.name}`, backup: false },
      source: { protocol: "ladder", ip: "", agent: "ffmpeg" },
      onRevoked: () => this.running.delete(rung.name),
      derivation: {
        parent: log,
        video: rung.video ? "encoded" : "none",
        audio: rung.audio ? "encoded" : "copied",
        onBroken: (reason) => this.drop(rung.name, reason),
      },
    });
    if (session instanceof Refusal) return false;
    if (this.closed) session.end("idle");
    else this.running.set(rung.name, { rung, session });
    return true;
  }

  private drop(name: string, reason: DropReason): void {
    this.dropped.add(name);
    this.options.events.dropped(this.parent, name, reason);
    const dropped = this.running.get(name);
    this.running.delete(name);
    // The rung's log is being written to just now.
    queueMicrotask(() => {
      dropped?.session.end(reason);
      if (!this.closed && dropped && isEncoded(dropped.rung)) this.restart();
    });
  }

  private restart(): void {
    this.encoder?.close();
    this.encoder = null;
    this.cancel();
    this.encode();
  }

  /** Encodes for all rungs from the earliest segment that one of them needs. */
  private encode(): void {
    if (this.closed || this.encoder) return;
    const rungs = [...this.running.values()].filter(({ rung }) => isEncoded(rung));
    if (rungs.length === 0) return;
    const from = this.earliestNeeded(rungs);
    const { command, clock } = this.options;
    this.startedAt = clock.monotonic();
    this.encoder =
      from &&
      startEncoder(
        {
          ...{ command, clock, log: this.parent.log, rungs: rungs.map(({ rung }) => rung) },
          onMessage: (index, message) => this.push(rungs[index], message),
          onEnd: (end) => this.ended(end),
        },
        from,
      );
    // The source has no key frame yet, or nothing that can be decoded.
    if (!this.encoder) this.cancel = clock.after(CLAIM_AGAIN_MS, () => this.encode());
  }

  private earliestNeeded(rungs: readonly Running[]): SegmentHead | null {
    const { app } = this.parent;
    const heads = rungs.map(({ session }) => this.options.streams.local(app, session.stream.name)?.encodeFrom ?? null);
    return heads.reduce((first, head) => (head && (!first || head.msn < first.msn) ? head : first), null);
  }

  private push(to: Running | undefined, message: SourceMessage): void {
    if (!to) return;
    to.session.heard(this.options.clock.monotonic());
    to.session.push(message);
  }

  private ended(end: EncoderEnd): void {
    this.encoder = null;
    const { clock, events } = this.options;
    if (this.parent.ended) return;
    if (end.kind === "finished") return this.encode();
    if (clock.monotonic() - this.startedAt >= RESTART_MS.steady) this.restartMs = RESTART_MS.first;
    events.failed(this.parent, end.reason, this.restartMs);
    this.cancel = clock.after(this.restartMs, () => this.encode());
    this.restartMs = Math.min(RESTART_MS.most, this.restartMs * 2);
  }
}

/** A rung of the source's own sound needs no encoder. */
function isEncoded({ video, audio }: Rung): boolean {
  return video !== null || audio !== null;
}
