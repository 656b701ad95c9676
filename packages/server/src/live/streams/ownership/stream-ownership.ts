/**
 * Knows who publishes one stream in this process: one publication at most, and the grace period after it. A living publisher keeps its
 * stream; a silent one may be superseded, and a backup may be preempted by the main publisher.
 */
import type { Clock } from "../../../platform/clock.ts";
import { Publication, type PublishedStream, type PublisherInfo } from "./publication.ts";
import type { ClaimOptions, Occupancy } from "./stream-locator.ts";

export type OwnershipOptions = {
  /** How long viewers wait for a publisher that is gone. */
  readonly graceMs: number;
  /** A publisher that is silent for so long may be superseded. */
  readonly supersedeAfterMs: number;
};

export class StreamOwnership {
  private readonly stream: PublishedStream;
  private readonly options: OwnershipOptions;
  private readonly clock: Clock;
  private current: Publication | null = null;
  private cancelGrace: (() => void) | null = null;

  constructor(stream: PublishedStream, options: OwnershipOptions, clock: Clock) {
    this.stream = stream;
    this.options = options;
    this.clock = clock;
  }

  /** Null while no publisher is here. */
  get publication(): Publication | null {
    return this.current;
  }

  /** Whether a living publisher has the stream. @param silentMs null: as is configured */
  occupancy(silentMs: number | null): Occupancy {
    const { current } = this;
    if (!current || this.clock.monotonic() - current.lastHeard >= (silentMs ?? this.options.supersedeAfterMs)) return "free";
    return current.isBackup ? "backup" : "main";
  }

  /** Whether a claim with these options gets the stream from its present publisher. */
  yieldsTo({ silentMs, preempt }: ClaimOptions): boolean {
    const found = this.occupancy(silentMs);
    return found === "free" || (found === "backup" && preempt);
  }

  /** Gives the stream to a publisher. */
  begin(publisher: PublisherInfo): Publication {
    this.stopGrace();
    this.current = new Publication(this.stream, publisher, this.clock.monotonic());
    return this.current;
  }

  /** Takes the stream from its publisher, which is told the reason. */
  revoke(reason: string): void {
    const { current } = this;
    this.current = null;
    this.stopGrace();
    current?.revoke(reason);
  }

  /** A publisher is gone. False when it did not have the stream any more. */
  left(publication: Publication): boolean {
    if (this.current !== publication) return false;
    this.current = null;
    return true;
  }

  /** Calls unless a publisher comes within the grace period. */
  startGrace(expired: () => void): void {
    this.cancelGrace = this.clock.after(this.options.graceMs, expired);
  }

  private stopGrace(): void {
    this.cancelGrace?.();
    this.cancelGrace = null;
  }
}
