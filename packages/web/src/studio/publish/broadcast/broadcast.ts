/**
 * Publishes what is captured to the lesson's stream: starts, changes the stream while it is live, finds out who else publishes, and measures. The
 * publisher itself reconnects; this knows what to tell the teacher. Knows nothing of the page.
 */
import type { Publisher, PublisherOptions, PublisherProblem, PublisherRole, PublisherStatistics, Way } from "@lectern/publisher";

/**
 * - `off`: not asked to publish. - `starting`, `live`, `reconnecting`: as the publisher is.
 * - `present`: another publisher has the stream; the teacher decides. - `refused`: it is over, and `reason` says why.
 */
export type BroadcastPhase = "off" | "starting" | "live" | "reconnecting" | "present" | "refused";

export type BroadcastState = {
  readonly phase: BroadcastPhase;
  readonly role: PublisherRole;
  readonly way: Way | null;
  readonly reason: PublisherProblem | null;
  /** When it first went live, milliseconds since 1970; null before. */
  readonly since: number | null;
  readonly statistics: PublisherStatistics | null;
  /** What was sent in each of the last seconds, the newest last; null: not known. */
  readonly kbps: readonly (number | null)[];
};

export type BroadcastTarget = { readonly address: string; readonly key: string };

export type BroadcastOptions = {
  readonly createPublisher: (options: PublisherOptions) => Publisher;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Runs once after a time. Gives what cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
};

/** The last two minutes. */
const SAMPLES = 120;
const SAMPLE_MS = 1000;
/** The connection of a page that was loaded again may live on for some seconds. */
const FORMER_MS = 8000;

const OFF: BroadcastState = {
  phase: "off",
  role: "main",
  way: null,
  reason: null,
  since: null,
  statistics: null,
  kbps: Array<null>(SAMPLES).fill(null),
};

export class Broadcast {
  private readonly options: BroadcastOptions;
  private readonly listeners = new Set<() => void>();
  private state = OFF;
  private target: BroadcastTarget | null = null;
  private stream: MediaStream | null = null;
  private maxKbps: number | null = null;
  private publisher: Publisher | null = null;
  /** Counts the publishers: one that was closed is not heard any more. */
  private turn = 0;
  private formerUntil = 0;
  private cancelSample: (() => void) | null = null;

  constructor(options: BroadcastOptions) {
    this.options = options;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  };

  /** The same object until something changes. */
  readonly snapshot = (): BroadcastState => this.state;

  /** Where to publish. A new key reconnects a publisher that is on. */
  setTarget(target: BroadcastTarget): void {
    const { key, address } = this.target ?? {};
    this.target = target;
    if (this.isOn && (key !== target.key || address !== target.address)) this.open(this.state.role);
  }

  /** The picture's bitrate at most, for the next start. */
  setMaxKbps(maxKbps: number): void {
    this.maxKbps = maxKbps;
  }

  /** What to publish from now on. Null keeps what is published. */
  setStream(stream: MediaStream | null): void {
    if (stream === null || stream === this.stream) return;
    this.stream = stream;
    this.publisher?.replaceStream(stream).catch(() => {});
  }

  /** @param isReturn the page was live before: its former connection may still be there for a moment */
  start(role: PublisherRole, isReturn = false): void {
    this.formerUntil = isReturn ? this.options.now() + FORMER_MS : 0;
    this.state = { ...OFF, phase: "starting", role, since: null };
    this.open(role);
    this.sample();
  }

  /** Ends it; the lesson goes on. May be called twice. */
  stop(): void {
    this.closePublisher();
    this.cancelSample?.();
    this.cancelSample = null;
    this.change(OFF);
  }

  private get isOn(): boolean {
    return this.state.phase !== "off" && this.state.phase !== "present";
  }

  private open(role: PublisherRole): void {
    this.closePublisher();
    const { target, stream, maxKbps } = this;
    if (!target || !stream) {
      this.change({ phase: "refused", reason: { code: "no-tracks", detail: "" } });
      return;
    }
    const { turn } = this;
    const publisher = this.options.createPublisher({
      ...target,
      stream,
      role,
      ...(maxKbps === null ? {} : { maxKbps }),
      onState: (state) => {
        if (turn === this.turn) this.heard(state);
      },
    });
    if (turn !== this.turn) return void publisher.close().catch(() => {});
    this.publisher = publisher;
    this.heard(publisher.state);
  }

  private heard({ phase, way, reason }: Publisher["state"]): void {
    if (phase === "closed" || this.state.phase === "off") return;
    if (phase === "live") {
      this.formerUntil = 0;
      this.change({ phase, way, reason: null, since: this.state.since ?? this.options.now() });
      return;
    }
    // The publisher waits for a while for its own former connection. Before it was live, only a page that was loaded again has one.
    const isPresent =
      reason?.code === "publisher-present" && (phase === "refused" || (phase === "connecting" && !this.mayBeFormer));
    // Another one has taken the stream over.
    if (isPresent || (phase === "refused" && reason?.code === "superseded")) {
      this.closePublisher();
      this.change({ phase: "present", way: null, reason });
      return;
    }
    if (phase === "refused") this.closePublisher();
    this.change({ phase: phase === "connecting" ? "starting" : phase, way, reason });
  }

  private get mayBeFormer(): boolean {
    return this.options.now() < this.formerUntil;
  }

  private closePublisher(): void {
    const { publisher } = this;
    this.publisher = null;
    this.turn += 1;
    void publisher?.close().catch(() => {});
  }

  private sample(): void {
    this.cancelSample?.();
    this.cancelSample = this.options.after(SAMPLE_MS, () => {
      const statistics = this.publisher?.statistics() ?? null;
      this.change({ statistics, kbps: [...this.state.kbps.slice(1), statistics?.kbps ?? null] });
      this.sample();
    });
  }

  private change(change: Partial<BroadcastState>): void {
    this.state = { ...this.state, ...change };
    for (const listener of this.listeners) listener();
  }
}
