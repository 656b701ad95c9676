/**
 * Provides the ladder of one stream in the process that makes it: a publish session for each rung, and one encoder for all rungs with video. An
 * encoder that ends is started again from the segment that is missing; a rung that cannot go on is dropped, and the source never notices.
 */
import { AUDIO_CODEC, type FourCc } from "@lectern/media";
import type { JobProblem, JobReport, RungReport } from "../../contracts/jobs/job-report.ts";
import type { Clock } from "../../platform/clock.ts";
import type { LadderChoice } from "../../platform/config/schema.ts";
import { ProgramUsage } from "../../platform/jobs/program-usage.ts";
import { Refusal } from "../../platform/refusal.ts";
import { RetryDelay } from "../../platform/retry-delay.ts";
import type { Rendition } from "../stream-name.ts";
import type {
  BrokenDerivation,
  PublishSession,
  SegmentHead,
  SourceMessage,
  Stream,
  StreamCopy,
  Streams,
} from "../streams/index.ts";
import { type Encoder, type EncoderEnd, startEncoder } from "./encoder.ts";
import type { EncoderKind } from "./encoder-arguments.ts";
import { type EncoderInUse, encoderAfterFailure } from "./hardware.ts";
import { isEncoded, type Rung } from "./rungs.ts";

export type LadderOptions = {
  readonly parent: Stream;
  /** The form that is made; null for the rungs of a ladder. */
  readonly rendition: Rendition | null;
  /** From which its rungs follow. */
  readonly choice: LadderChoice;
  readonly rungs: readonly Rung[];
  readonly streams: Streams;
  readonly clock: Clock;
  /** The program that encodes. */
  readonly command: string;
  /** What it encodes with; null while that is found out. */
  readonly encoderKind: () => EncoderKind | null;
  /** Whether the largest rung is not to be made for now. */
  readonly isTopRungShed: () => boolean;
  readonly events: LadderEvents;
};

export type LadderEvents = {
  /** ffmpeg ended, or was killed; it is started again. */
  readonly failed: (parent: Stream, reason: string, againInMs: number) => void;
  /** A rung is not made any more. */
  readonly dropped: (parent: Stream, rung: string, reason: DropReason) => void;
};

/** overloaded: the machine cannot encode all rungs in real time. shed: the server does without it for now. */
export type DropReason = BrokenDerivation | "overloaded" | "shed";

type Running = { readonly rung: Rung; readonly session: PublishSession };

/** How long what a publisher sends may wait for a ladder, and for a form that nobody watches: as where nobody watches. */
const MAY_WAIT_MS = 100;
/** A form that has to wait no less than this is recorded, and watched by nobody. */
const RECORDER_WAIT_MS = 90;

/** Before an encoder that failed is started again. */
const RESTART_MS = { first: 100 } as const;
/** A claim that was refused, because the process before has not given the rung up yet, is tried again. */
const CLAIM_AGAIN_MS = 500;
/** When its source ends, an encoder has so long for the frames that it still holds. */
const FINISH_MS = 2000;

/** A rung is a second behind its source at most. One that is further behind for so many checks, after its encoder has settled, is too much. */
const OVERLOAD = { lagMs: 1000, checks: 5, settledMs: 15_000 } as const;
/** A rung that was too much is tried again after so long in which none was behind: what else the machine had to do may be over. */
const RETURN_MS = { first: 300_000, most: 3_600_000 } as const;

export class Ladder {
  readonly parent: Stream;
  readonly rendition: Rendition | null;
  readonly choice: LadderChoice;
  /** When its first encoder began, monotonic milliseconds; null before. */
  encodingSince: number | null = null;
  private readonly options: LadderOptions;
  private readonly running = new Map<string, Running>();
  private readonly dropped = new Map<string, DropReason>();
  /** The source is in use, and what its publisher sends waits no longer for a form than for the form's own viewers. */
  private readonly copy: StreamCopy;
  private checksBehind = 0;
  private quietSince: number;
  private readonly quietFor = new RetryDelay(RETURN_MS);
  /** How long no problem must be seen before the next rung is tried again. */
  private returnAfterMs = 0;
  private encoder: Encoder | null = null;
  private inUse: EncoderInUse | null = null;
  private watchedAt: number;
  private startedAt = 0;
  private restarts = 0;
  private problem: JobProblem | null = null;
  private lastState: JobReport["state"] = "starting";
  /** Milliseconds since 1970. */
  private since: number;
  private readonly usage: ProgramUsage;
  private cores: number | null = null;
  private readonly delay = new RetryDelay(RESTART_MS);
  private cancel: () => void = () => {};
  /** Why its source has ended; null while it has not. */
  private finishing: string | null = null;
  private closed = false;

  constructor(options: LadderOptions) {
    this.options = options;
    this.parent = options.parent;
    this.rendition = options.rendition;
    this.choice = options.choice;
    this.watchedAt = options.clock.monotonic();
    this.quietSince = this.watchedAt;
    this.since = options.clock.utc();
    this.usage = new ProgramUsage(options.clock);
    this.copy = options.parent.addCopy(this.rendition ? 0 : MAY_WAIT_MS);
    void this.open();
  }

  /** A form goes on when its source has what was made for it until now. */
  private get keptAudio(): FourCc | null {
    const kept = { opus: AUDIO_CODEC.opus, aac: AUDIO_CODEC.aac, rtc: AUDIO_CODEC.aac } as const;
    return this.rendition && kept[this.rendition];
  }

  /** Names of the rungs that are made. */
  get rungs(): readonly string[] {
    return [...this.running.keys()];
  }

  /** Milliseconds since somebody watched one of its rungs, on any node, or since it began. */
  get unwatchedMs(): number {
    const now = this.options.clock.monotonic();
    for (const name of this.rungs) this.watchedAt = Math.max(this.watchedAt, now - (this.stream(name)?.unwatchedMs ?? now));
    return now - this.watchedAt;
  }

  /** How far the slowest rung is behind its source, milliseconds. */
  get lagMs(): number {
    return Math.max(0, ...this.rungs.map((name) => this.lagOf(name)));
  }

  report(): Omit<JobReport, "node"> {
    const { app, name } = this.parent;
    const dropped = [...this.dropped].map(
      ([rung, problem]): RungReport => ({ name: rung, state: "dropped", lagMs: 0, problem: problemOf(problem) }),
    );
    const made = this.rungs.map((rung): RungReport => ({ name: rung, state: "running", lagMs: this.lagOf(rung), problem: null }));
    return {
      kind: "ladder",
      id: this.rendition ?? "",
      app,
      name,
      state: this.state,
      since: this.since,
      problem: this.problem,
      cores: this.cores,
      address: null,
      restarts: this.restarts,
      rungs: [...made, ...dropped],
    };
  }

  private get state(): JobReport["state"] {
    if (this.problem && !this.encoder) return "retrying";
    return this.rungs.length > 0 && this.rungs.every((name) => (this.stream(name)?.time ?? 0) > 0) ? "running" : "starting";
  }

  private stream(rung: string): Stream | null {
    return this.options.streams.local(this.parent.app, `${this.parent.name}@${rung}`);
  }

  private lagOf(rung: string): number {
    return Math.max(0, this.parent.time - (this.stream(rung)?.time ?? 0));
  }

  /** Whether a rung was given up. */
  hasDropped(rung: string): boolean {
    return this.dropped.has(rung);
  }

  /** To be called each second. */
  check(): void {
    this.cores = this.usage.measure(this.encoder?.pid ?? null);
    this.relieve();
    this.tryAgain();
    if (this.rendition) {
      const waitMs = Math.min(...this.rungs.map((name) => this.stream(name)?.mayWaitMs ?? 0));
      this.copy.mayWait(waitMs < RECORDER_WAIT_MS ? waitMs : MAY_WAIT_MS);
    }
    const { state } = this;
    if (state !== this.lastState) this.since = this.options.clock.utc();
    this.lastState = state;
  }

  /** Where the encoder cannot keep up, the largest rung is given up, and the others go on. */
  private relieve(): void {
    const isSettled = this.encoder !== null && this.options.clock.monotonic() - this.startedAt > OVERLOAD.settledMs;
    if (this.options.isTopRungShed()) this.shed();
    this.checksBehind = isSettled && this.lagMs > OVERLOAD.lagMs ? this.checksBehind + 1 : 0;
    if (this.checksBehind < OVERLOAD.checks) return;
    this.checksBehind = 0;
    const largest = this.largestOfSeveral();
    if (largest === null) return;
    this.returnAfterMs = this.quietFor.next();
    this.drop(largest, "overloaded");
  }

  /** Gives up one rung. */
  private shed(): void {
    const largest = [...this.dropped.values()].some(isForLoad) ? null : this.largestOfSeveral();
    if (largest !== null) this.drop(largest, "shed");
  }

  /** The largest rung with a picture; null where it is the only one. */
  private largestOfSeveral(): string | null {
    const sizeOf = ({ rung: { video } }: Running) => (video?.width ?? 0) * (video?.height ?? 0) + (video?.kbps ?? 0);
    const pictures = [...this.running.values()].filter(({ rung }) => rung.video !== null).sort((a, b) => sizeOf(b) - sizeOf(a));
    return pictures.length > 1 ? (pictures[0]?.rung.name ?? null) : null;
  }

  /** Makes a rung again that was given up last, where the machine has had time for the others for a while. */
  private tryAgain(): void {
    const now = this.options.clock.monotonic();
    if (this.lagMs > OVERLOAD.lagMs) this.quietSince = now;
    const [name, reason] = [...this.dropped].findLast(([, one]) => isForLoad(one)) ?? [];
    const rung = this.options.rungs.find((one) => one.name === name);
    if (!rung || this.options.isTopRungShed()) return;
    if (reason === "overloaded" && now - this.quietSince < this.returnAfterMs) return;
    this.quietSince = now;
    this.dropped.delete(rung.name);
    this.openAgain(rung);
  }

  /** The source has ended: ends the rungs, with all frames up to its last. */
  finish(reason: string): void {
    if (!this.encoder) return this.close(reason);
    this.finishing = reason;
    this.cancel = this.options.clock.after(FINISH_MS, () => this.close(reason));
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
    this.copy.close();
  }

  private async open(): Promise<void> {
    const waiting = await Promise.all(this.options.rungs.map(async (rung) => ((await this.openRung(rung)) ? [] : [rung])));
    if (this.closed) return;
    this.encode();
    for (const rung of waiting.flat()) this.openLater(rung);
  }

  private openLater(rung: Rung): void {
    this.options.clock.after(CLAIM_AGAIN_MS, () => {
      if (!this.closed) this.openAgain(rung);
    });
  }

  private openAgain(rung: Rung): void {
    void this.openRung(rung).then((isOpen) => {
      if (this.closed) return;
      if (isOpen) this.restart();
      else this.openLater(rung);
    });
  }

  private async openRung(rung: Rung): Promise<boolean> {
    const { app, name, log } = this.parent;
    const session = await this.options.streams.publications.open({
      app,
      name: `${name}@${rung.name}`,
      backup: false,
      source: { protocol: "ladder", ip: "", agent: "ffmpeg" },
      onRevoked: () => this.running.delete(rung.name),
      derivation: {
        parent: log,
        video: rung.video ? "encoded" : rung.isVideoCopied ? "copied" : "none",
        audio: rung.audio ? "encoded" : "copied",
        ...(this.keptAudio ? { keptAudio: this.keptAudio } : {}),
        // Who records it needs all that its source has.
        fromEarliest: this.rendition === "aac",
        onBroken: (reason) => this.drop(rung.name, reason),
      },
    });
    if (session instanceof Refusal) return false;
    if (this.closed) session.end("idle");
    else this.running.set(rung.name, { rung, session });
    return true;
  }

  private drop(name: string, reason: DropReason): void {
    this.dropped.set(name, reason);
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
    const { command, clock, encoderKind } = this.options;
    const needsCard = rungs.some(({ rung }) => rung.video !== null);
    const kind = needsCard ? (this.inUse?.encoder ?? encoderKind()) : "software";
    if (kind === null) {
      this.cancel = clock.after(CLAIM_AGAIN_MS, () => this.encode());
      return;
    }
    this.inUse ??= { encoder: kind, earlyFailures: 0 };
    const starts = rungs.map(({ session }) => this.options.streams.local(this.parent.app, session.stream.name)?.beginEncoding());
    const from = earliest(starts.map((start) => start?.from));
    this.startedAt = clock.monotonic();
    this.encodingSince ??= this.startedAt;
    this.encoder =
      from &&
      startEncoder(
        {
          command,
          clock,
          encoder: kind,
          log: this.parent.log,
          rungs: rungs.map(({ rung }) => rung),
          ...(this.keptAudio ? { keptAudio: this.keptAudio } : {}),
          onMessage: (index, message) => this.push(rungs[index], message),
          onEnd: (end) => this.ended(end),
        },
        from,
        starts.map((start) => start?.wantedFrom ?? null),
      );
    // The source has no key frame yet, or nothing that can be decoded or needs to be.
    if (!this.encoder) this.cancel = clock.after(CLAIM_AGAIN_MS, () => this.encode());
  }

  private push(to: Running | undefined, message: SourceMessage): void {
    if (!to) return;
    to.session.heard(this.options.clock.monotonic());
    to.session.push(message);
  }

  private ended(end: EncoderEnd): void {
    this.encoder = null;
    const { clock, events } = this.options;
    if (this.finishing !== null) return this.close(this.finishing);
    if (this.parent.ended) return;
    if (end.kind === "finished") return this.encode();
    this.problem = { code: "program-failed", detail: end.reason };
    this.restarts++;
    const ranMs = clock.monotonic() - this.startedAt;
    if (this.inUse) this.inUse = encoderAfterFailure(this.inUse, ranMs);
    this.delay.ran(ranMs);
    const restartMs = this.delay.next();
    events.failed(this.parent, end.reason, restartMs);
    this.cancel = clock.after(restartMs, () => this.encode());
  }
}

function earliest(heads: readonly (SegmentHead | undefined)[]): SegmentHead | null {
  const known = heads.filter((head) => head !== undefined);
  return known.reduce<SegmentHead | null>((first, head) => (first && first.msn <= head.msn ? first : head), null);
}

/** Whether a rung was given up for lack of time, and is made again when there is some. */
function isForLoad(reason: DropReason): boolean {
  return reason === "overloaded" || reason === "shed";
}

function problemOf(reason: DropReason): JobProblem["code"] {
  return reason === "hole" ? "stalled" : reason === "shed" ? "overloaded" : reason;
}
