/** Keeps a stream published: by WHIP, and by WebSocket where that does not pass. */

import { browserClock } from "./supervise/clock.ts";
import { networkFailure } from "./supervise/failure.ts";
import type { Publisher, PublisherOptions, PublisherStatistics, VideoLimits, Way } from "./supervise/publisher-types.ts";
import { streamAddresses } from "./supervise/stream-addresses.ts";
import { type Attempt, type AttemptEvents, Supervisor } from "./supervise/supervisor.ts";
import { watchNetwork } from "./supervise/watch-network.ts";
import { sessionWayMemory } from "./supervise/way-choice.ts";
import { canEncode, type EncoderWorker, startEncoderWorker } from "./websocket/encoder-worker.ts";
import { WebSocketAttempt } from "./websocket/websocket-attempt.ts";
import { WhipAttempt } from "./whip/whip-attempt.ts";

type OpenAttempt = Attempt & {
  /** False: it cannot carry these tracks, and another attempt has to be made. */
  readonly replace: (stream: MediaStream) => Promise<boolean>;
  readonly mute: (muted: { readonly audio: boolean; readonly video: boolean }) => void;
  readonly setLimits: (limits: VideoLimits) => void;
  readonly statistics: () => Partial<PublisherStatistics>;
};

const NO_STATISTICS: PublisherStatistics = {
  way: null,
  kbps: null,
  targetKbps: null,
  fps: null,
  width: null,
  height: null,
  rttMs: null,
  lossPercent: null,
  queueMs: null,
  droppedFrames: 0,
  audioLevel: null,
};

/** Publishes a stream from now on, and comes back by itself until `close`. Does not throw: what goes wrong is told by `onState`. */
export function createPublisher(options: PublisherOptions): Publisher {
  return new BrowserPublisher(options);
}

class BrowserPublisher implements Publisher {
  private readonly options: PublisherOptions;
  private readonly supervisor: Supervisor;
  private readonly unwatch: () => void;
  private stream: MediaStream;
  private muted = { audio: false, video: false };
  private limits: VideoLimits;
  private hasTakenOver = false;
  private worker: EncoderWorker | null = null;
  /** Of the newest attempt that uses it. */
  private workerEvents: AttemptEvents | null = null;
  private attempt: { readonly way: Way; readonly own: OpenAttempt } | null = null;

  constructor(options: PublisherOptions) {
    this.options = options;
    this.stream = options.stream;
    const { maxKbps = null, maxLines = null, maxFps = null } = options;
    this.limits = { maxKbps, maxLines, maxFps };
    this.supervisor = new Supervisor({
      prefer: options.prefer ?? "auto",
      can: { whip: "RTCPeerConnection" in globalThis, websocket: canEncode() },
      open: (way, events) => this.open(way, events),
      memory: sessionWayMemory(new URL(options.address).host),
      onState: (state) => {
        if (state.phase === "live") this.hasTakenOver = true;
        queueMicrotask(() => options.onState?.(state));
      },
      clock: browserClock,
      utc: () => performance.timeOrigin + performance.now(),
      random: () => Math.random(),
    });
    this.unwatch = watchNetwork(
      () => this.supervisor.networkChanged(),
      () => void this.close(),
    );
    if (!hasTracks(this.stream)) this.supervisor.refuse("no-tracks", "There is no camera, microphone or screen to publish.");
    else this.supervisor.start();
  }

  get state() {
    return this.supervisor.state;
  }

  async replaceStream(stream: MediaStream): Promise<void> {
    if (this.supervisor.isOver) throw new Error("the publisher is closed");
    this.stream = stream;
    const isReplaced = (await this.attempt?.own.replace(stream)) ?? false;
    if (!isReplaced && this.stream === stream) this.supervisor.restart();
  }

  setMuted(kind: "audio" | "video", muted: boolean): void {
    this.muted = { ...this.muted, [kind]: muted };
    this.attempt?.own.mute(this.muted);
  }

  setLimits(limits: VideoLimits): void {
    this.limits = limits;
    this.attempt?.own.setLimits(limits);
  }

  statistics(): PublisherStatistics {
    const { attempt } = this;
    return { ...NO_STATISTICS, ...attempt?.own.statistics(), way: attempt?.way ?? null };
  }

  async close(): Promise<void> {
    this.unwatch();
    this.supervisor.close();
    this.attempt = null;
    this.worker?.close();
    this.worker = null;
  }

  private open(way: Way, events: AttemptEvents): Attempt {
    const own = way === "whip" ? this.openWhip(events) : this.openWebSocket(events);
    this.attempt = { way, own };
    return own;
  }

  /** Who has taken the stream over does so once: another person may take it over later. */
  private addresses() {
    const { address, key, role = "main" } = this.options;
    return streamAddresses(address, key, role === "takeover" && this.hasTakenOver ? "main" : role);
  }

  private openWhip(events: AttemptEvents): OpenAttempt {
    const { key, content } = this.options;
    const { stream, muted, limits } = this;
    const attempt = new WhipAttempt({ address: this.addresses().whip, key, stream, muted, limits, content }, events);
    return {
      check: () => attempt.check(),
      close: () => attempt.close(),
      replace: (next) => attempt.replace(next),
      mute: (next) => attempt.mute(next),
      setLimits: (next) => attempt.setLimits(next),
      statistics: () => attempt.statistics,
    };
  }

  private openWebSocket(events: AttemptEvents): OpenAttempt {
    const { content, keyFrameSeconds = 2 } = this.options;
    const { stream, muted, limits } = this;
    const keyFrameMs = keyFrameSeconds * 1000;
    this.workerEvents = events;
    this.worker ??= startEncoderWorker(() => {
      this.worker?.close();
      this.worker = null;
      this.workerEvents?.onFailed(networkFailure("The encoder has failed, or its script could not be loaded."));
    });
    const { worker } = this;
    const address = this.addresses().webSocket;
    const attempt = new WebSocketAttempt({ address, stream, muted, limits, keyFrameMs, content, worker }, events);
    return {
      check: () => attempt.check(),
      close: () => attempt.close(),
      replace: async (next) => {
        attempt.replace(next);
        return true;
      },
      mute: (next) => attempt.mute(next),
      setLimits: (next) => attempt.setLimits(next),
      statistics: () => attempt.statistics ?? {},
    };
  }
}

function hasTracks(stream: MediaStream): boolean {
  return stream.getTracks().some(({ readyState }) => readyState === "live");
}
