/** Publishes the own stream of a member while the room gives keys for it, and begins again with a new key where the old one has expired. */
import type { Publisher, PublisherOptions, PublisherState, VideoLimits } from "@lectern/publisher";
import type { StageKeys } from "./stage-keys.ts";
import { isMore, isSameLimits } from "./video-limits.ts";

export type MemberPublisherOptions = {
  readonly createPublisher: (options: PublisherOptions) => Publisher;
  /** `https://HOST` */
  readonly origin: string;
  readonly onState: (state: PublisherState | null) => void;
  /** Of the picture, until `setLimits` is called. */
  readonly limits: VideoLimits;
  /** Between key frames. Default: the publisher's. */
  readonly keyFrameSeconds?: number;
  /** Runs once after a time. Gives what cancels it. */
  readonly after: (ms: number, run: () => void) => () => void;
};

/** A picture becomes larger at once, and smaller only when it stays so: people speak in turns. */
const SMALLER_AFTER_MS = 5000;
/** The room has given another key by then, or the media worker has heard of the stage. */
const AGAIN_MS = 1500;
/** What another attempt with a newer key mends. */
const PASSING = ["link-expired", "not-on-stage", "control-away", "publisher-present", "network"];

export class MemberPublisher {
  private readonly options: MemberPublisherOptions;
  private publisher: Publisher | null = null;
  private keys: StageKeys["publish"] = null;
  private stream: MediaStream | null = null;
  private isScreen = false;
  /** Counts connections: what an earlier one tells is of no interest any more. */
  private connection = 0;
  private cancelRetry: () => void = () => {};
  private limits: VideoLimits;
  private wanted: VideoLimits;
  private cancelSmaller: () => void = () => {};

  constructor(options: MemberPublisherOptions) {
    this.options = options;
    this.limits = options.limits;
    this.wanted = options.limits;
  }

  /** Null: the member may not publish any more. Another key is for the next connection. */
  setKeys(keys: StageKeys["publish"]): void {
    const isOther = keys?.name !== this.keys?.name;
    this.keys = keys;
    if (isOther) this.end();
    this.begin();
  }

  setStream(stream: MediaStream | null, isScreen: boolean): void {
    if (stream === this.stream && isScreen === this.isScreen) return;
    this.stream = stream;
    const isOtherKind = isScreen !== this.isScreen;
    this.isScreen = isScreen;
    if (!stream || isOtherKind) this.end();
    // A closed publisher has ended meanwhile.
    if (this.publisher && stream) void this.publisher.replaceStream(stream).catch(() => {});
    else this.begin();
  }

  /** How large the picture is to be, which depends on who is shown how large. */
  setLimits(limits: VideoLimits): void {
    if (isSameLimits(limits, this.wanted)) return;
    this.wanted = limits;
    this.cancelSmaller();
    if (isMore(limits, this.limits)) this.limit();
    else if (!isSameLimits(limits, this.limits)) this.cancelSmaller = this.options.after(SMALLER_AFTER_MS, () => this.limit());
  }

  close(): void {
    this.cancelSmaller();
    this.keys = null;
    this.end();
  }

  private limit(): void {
    this.limits = this.wanted;
    this.publisher?.setLimits(this.limits);
  }

  private begin(): void {
    const { keys, stream } = this;
    if (this.publisher || !keys || !stream) return;
    this.cancelRetry();
    const connection = ++this.connection;
    const { createPublisher, origin, keyFrameSeconds } = this.options;
    const publisher = createPublisher({
      address: `${origin}/${keys.app}/${keys.name}`,
      key: keys.key,
      stream,
      ...given(this.limits),
      ...(keyFrameSeconds === undefined ? {} : { keyFrameSeconds }),
      content: this.isScreen ? "detail" : "motion",
      onState: (state) => {
        if (this.connection === connection) this.changed(state);
      },
    });
    // It may have been refused at once.
    if (this.connection === connection) this.publisher = publisher;
    else void publisher.close();
  }

  private changed(state: PublisherState): void {
    this.options.onState(state);
    if (state.phase !== "refused" || !PASSING.includes(state.reason?.code ?? "")) return;
    this.drop();
    this.cancelRetry = this.options.after(AGAIN_MS, () => this.begin());
  }

  private end(): void {
    this.cancelRetry();
    if (this.drop()) this.options.onState(null);
  }

  private drop(): boolean {
    const { publisher } = this;
    this.publisher = null;
    this.connection++;
    void publisher?.close();
    return publisher !== null;
  }
}

function given({ maxKbps, maxLines, maxFps }: VideoLimits): Pick<PublisherOptions, "maxKbps" | "maxLines" | "maxFps"> {
  return {
    ...(maxKbps === null ? {} : { maxKbps }),
    ...(maxLines === null ? {} : { maxLines }),
    ...(maxFps === null ? {} : { maxFps }),
  };
}
