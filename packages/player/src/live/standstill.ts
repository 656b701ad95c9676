/** Finds out for the live player why its picture stands still, by what its engine knows and what the server says. */
import { bufferedAhead } from "../engines/buffered-ahead.ts";
import type { Engine } from "../engines/engine.ts";
import { fetchNewestTime } from "../engines/rung-list.ts";
import { type Silence, SilenceWatch } from "./silence-watch.ts";
import type { StreamSource } from "./stream-source.ts";

/** Nothing has arrived for so long, where the picture stands still. */
const SILENT_AFTER_MS = 700;
/** A server that does not answer within this cannot be reached. */
const ANSWER_WITHIN_MS = 1000;

export type StandstillLook = {
  /** The picture should move, and does not. */
  readonly isStalled: boolean;
  /** When media have arrived last: milliseconds of `performance.now`. */
  readonly arrivedAt: number;
  readonly source: StreamSource;
  readonly engine: Engine | null;
};

export class Standstill {
  private readonly video: HTMLVideoElement;
  private readonly watch: SilenceWatch;
  private source: StreamSource | null = null;

  /** @param onChange the reason is known now, or the picture moves again */
  constructor(video: HTMLVideoElement, onChange: () => void) {
    this.video = video;
    this.watch = new SilenceWatch({
      ask: async () => (this.source ? await fetchNewestTime(this.source.urlFor("flv"), ANSWER_WITHIN_MS) : null),
      onChange,
    });
  }

  /** As `SilenceWatch.silence`. */
  get silence(): Silence | null {
    return this.watch.silence;
  }

  /** Called about five times a second. */
  look({ isStalled, arrivedAt, source, engine }: StandstillLook, now: number): void {
    this.source = source;
    const shownMs = engine?.mediaTime() ?? null;
    // By WHEP the server goes on saying that it is there, else another engine is tried: a picture that stands still is the publisher's.
    const isRealtime = source.choice.name === "whep";
    const newestMs = isRealtime ? Number.POSITIVE_INFINITY : shownMs && shownMs + bufferedAhead(this.video) * 1000;
    this.watch.look({ isStill: isStalled && now - arrivedAt > SILENT_AFTER_MS, newestMs }, now);
  }
}
