/** A publisher's hold on its stream, from the granted claim until the publisher is gone or loses the stream. */
import type { Malformed } from "@lectern/media";
import type { Derivation } from "../ingest/derived-ingest.ts";
import type { SourceMessage } from "../ingest/source.ts";
import type { PublishSession, SourceInfo } from "./publish-session.ts";

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
  readonly derivation?: Derivation | undefined;
};

export class Publication implements PublishSession {
  readonly stream: PublishedStream;
  readonly source: SourceInfo;
  readonly isBackup: boolean;
  private readonly onRevoked: (reason: string) => void;
  private heardAt: number;
  private open = true;

  /** @param now monotonic milliseconds */
  constructor(stream: PublishedStream, { source, isBackup, onRevoked }: PublisherInfo, now: number) {
    this.stream = stream;
    this.source = source;
    this.isBackup = isBackup;
    this.onRevoked = onRevoked;
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

  close(): void {
    if (!this.open) return;
    this.open = false;
    this.stream.publisherGone(this);
  }

  end(reason: string): void {
    this.stream.end(reason);
  }

  /** Takes the stream away from the publisher, which is told the reason. */
  revoke(reason: string): void {
    if (!this.open) return;
    this.open = false;
    this.onRevoked(reason);
  }
}
