/** Provides a publisher's hold on its stream, from the granted claim until the publisher is gone or loses the stream. */
import type { Malformed } from "@lectern/media";
import type { MediaProblem } from "../../../contracts/monitoring/media-problem.ts";
import type { TraceContext } from "../../../platform/tracing/trace-context.ts";
import type { Derivation } from "../ingest/derivation.ts";
import type { SourceMessage } from "../ingest/source.ts";
import type { LineReport, PublishRequest, PublishSession, SourceInfo } from "./publish-session.ts";

/** The stream that a publication writes. */
export type PublishedStream = {
  readonly app: string;
  readonly name: string;
  readonly mayWaitMs: number;
  readonly take: (message: SourceMessage) => Malformed | null;
  readonly publisherGone: (publication: Publication) => void;
  readonly end: (reason: string) => void;
};

export type PublisherInfo = {
  readonly source: SourceInfo;
  readonly isBackup: boolean;
  readonly onRevoked: (reason: string) => void;
  readonly onKeyFrameWanted?: (() => void) | undefined;
  readonly onProblem?: PublishRequest["onProblem"] | undefined;
  readonly derivation?: Derivation | undefined;
  readonly line?: (() => LineReport) | undefined;
  /** Its span. */
  readonly trace?: TraceContext | null;
  /** Called once, when it has ended or lost the stream. */
  readonly onOver?: (reason: string | null) => void;
};

export class Publication implements PublishSession {
  readonly stream: PublishedStream;
  readonly source: SourceInfo;
  readonly isBackup: boolean;
  /** What its line does; null: its protocol does not tell. */
  readonly line: (() => LineReport) | null;
  private readonly onRevoked: (reason: string) => void;
  private readonly onKeyFrameWanted: (() => void) | undefined;
  private readonly onProblem: PublishRequest["onProblem"];
  private readonly onOver: ((reason: string | null) => void) | undefined;
  private heardAt: number;
  private open = true;

  /** @param now monotonic milliseconds */
  constructor(
    stream: PublishedStream,
    { source, isBackup, onRevoked, onKeyFrameWanted, onProblem, onOver, line }: PublisherInfo,
    now: number,
  ) {
    this.stream = stream;
    this.source = source;
    this.isBackup = isBackup;
    this.line = line ?? null;
    this.onRevoked = onRevoked;
    this.onKeyFrameWanted = onKeyFrameWanted;
    this.onProblem = onProblem;
    this.onOver = onOver;
    this.heardAt = now;
  }

  get closed(): boolean {
    return !this.open;
  }

  get mayWaitMs(): number {
    return this.stream.mayWaitMs;
  }

  /** Monotonic milliseconds. */
  get lastHeard(): number {
    return this.heardAt;
  }

  heard(now: number): void {
    this.heardAt = now;
  }

  push(message: SourceMessage): Malformed | null {
    return this.open ? this.stream.take(message) : null;
  }

  get canMakeKeyFrames(): boolean {
    return this.onKeyFrameWanted !== undefined;
  }

  /** Asks the publisher for a key frame. */
  wantKeyFrame(): void {
    if (this.open) this.onKeyFrameWanted?.();
  }

  /** Tells the publisher whether players can decode a track. */
  noteProblem(track: "video" | "audio", problem: MediaProblem | null): void {
    if (this.open) this.onProblem?.(track, problem);
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.onOver?.(null);
    this.stream.publisherGone(this);
  }

  end(reason: string): void {
    this.stream.end(reason);
  }

  /** Takes the stream away from the publisher, which is told the reason. */
  revoke(reason: string): void {
    if (!this.open) return;
    this.open = false;
    this.onOver?.(reason);
    this.onRevoked(reason);
  }
}
