/** Provides one source under watch: it has to deliver its first frame in time, and further ones without a pause. */

import type { JobProblem } from "../../contracts/jobs/job-report.ts";
import type { Clock } from "../../platform/clock.ts";
import type { SourceMessage } from "../streams/index.ts";
import { LastGop } from "./last-gop.ts";
import type { Source, SourceEvents } from "./source.ts";

export type FeedOptions = {
  readonly clock: Clock;
  readonly open: (events: SourceEvents) => Source;
  /** Milliseconds to the first frame; null: it waits for the other side, as long as that takes. */
  readonly firstFrameMs: number | null;
  readonly onMessage: (message: SourceMessage) => void;
  readonly onHeard: () => void;
  /** Called once, and not after `close`. */
  readonly onEnd: (problem: JobProblem) => void;
};

/** Between two frames. Slides without sound may come as slowly as this, but seldom do. */
const STALLED_AFTER_MS = 5000;
const CHECK_MS = 500;

export class Feed {
  private readonly options: FeedOptions;
  private readonly source: Source;
  private readonly beganAt: number;
  private frameAt: number | null = null;
  private firstFrameAt: number | null = null;
  private cancelCheck = () => {};
  private noticed: JobProblem | null = null;
  private over = false;

  constructor(options: FeedOptions) {
    this.options = options;
    this.beganAt = options.clock.monotonic();
    this.source = options.open({
      onMessage: (message) => this.take(message),
      onHeard: () => {
        if (!this.over) options.onHeard();
      },
      onNotice: (notice) => {
        this.noticed = notice;
      },
      onEnd: (problem) => this.end(problem),
    });
    this.check();
  }

  /** How long it has delivered frames, milliseconds; null before the first. */
  get deliveringMs(): number | null {
    return this.firstFrameAt === null ? null : this.options.clock.monotonic() - this.firstFrameAt;
  }

  /** Of its program; null where it has none. */
  get pid(): number | null {
    return this.source.pid();
  }

  /** What is missing of it, while it delivers otherwise; null: nothing. */
  get notice(): JobProblem | null {
    return this.noticed;
  }

  close(): void {
    if (this.over) return;
    this.over = true;
    this.cancelCheck();
    this.source.close();
  }

  private take(message: SourceMessage): void {
    if (this.over) return;
    if (message.kind === "frame") {
      this.frameAt = this.options.clock.monotonic();
      this.firstFrameAt ??= this.frameAt;
    }
    this.options.onMessage(message);
  }

  private end(problem: JobProblem): void {
    if (this.over) return;
    this.close();
    this.options.onEnd(problem);
  }

  private check(): void {
    const { clock, firstFrameMs } = this.options;
    this.cancelCheck = clock.after(CHECK_MS, () => this.check());
    const now = clock.monotonic();
    if (this.frameAt !== null && now - this.frameAt >= STALLED_AFTER_MS)
      this.end({ code: "stalled", detail: `No frame for ${STALLED_AFTER_MS / 1000} s.` });
    else if (this.frameAt === null && firstFrameMs !== null && now - this.beganAt >= firstFrameMs)
      this.end({ code: "stalled", detail: `No frame within ${firstFrameMs / 1000} s.` });
  }
}

/** A source that is tried while another one is published: ready at a key frame, once it has delivered for a while. */
export class ProbedFeed {
  readonly feed: Feed;
  private readonly held = new LastGop();
  private readonly seen = new Set<string>();
  private adopted: ((message: SourceMessage) => void) | null = null;

  /**
   * @param steadyMs how long it has to deliver, asked at each key frame
   * @param onReady at a key frame: what is held begins with it
   */
  constructor(options: Omit<FeedOptions, "onMessage">, steadyMs: () => number, onReady: () => void) {
    this.feed = new Feed({
      ...options,
      onMessage: (message) => {
        if (this.adopted) return this.adopted(message);
        this.held.push(message);
        if (message.kind !== "frame") return;
        this.seen.add(message.track);
        const mayBegin = message.track === "video" ? message.key : !this.seen.has("video");
        if (mayBegin && (this.feed.deliveringMs ?? 0) >= steadyMs()) onReady();
      },
    });
  }

  /** Tracks that it delivers. */
  get tracks(): ReadonlySet<string> {
    return this.seen;
  }

  get isDelivering(): boolean {
    return this.seen.size > 0;
  }

  /** Gives what is held, and all later messages. */
  adopt(take: (message: SourceMessage) => void): void {
    this.adopted = take;
    for (const message of this.held.take()) take(message);
  }
}
