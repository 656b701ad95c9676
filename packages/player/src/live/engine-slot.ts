/** Holds the engine that plays now, tells what becomes of it, and not what becomes of earlier ones, and knows the rungs that it plays. */
import type { Engine, Quality } from "../engines/engine.ts";
import type { Problem } from "../engines/problem.ts";
import type { Undecodable } from "../engines/undecodable.ts";
import { mayTryAgain } from "./refused-streams.ts";
import type { RungPreference } from "./rung-preference.ts";

/** The page is not asked again sooner about a refused stream. */
const ASK_PAGE_AFTER_MS = 60_000;

export type SlotEvents = {
  readonly onProblem: (problem: Problem, detail: string) => void;
  /** The engine is about to load the element again. */
  readonly onReload: () => void;
  readonly onQuality: () => void;
  readonly onUndecodable: () => void;
};

export class EngineSlot {
  private readonly video: HTMLVideoElement;
  private readonly preference: RungPreference;
  private readonly events: SlotEvents;
  private current: Engine | null = null;
  private rungs: Quality | null = null;
  private spoilt: Undecodable | null = null;
  private url = "";
  /** Milliseconds of `performance.now()`. */
  private requestedPageAt = Number.NEGATIVE_INFINITY;

  constructor(video: HTMLVideoElement, preference: RungPreference, events: SlotEvents) {
    this.video = video;
    this.preference = preference;
    this.events = events;
  }

  get engine(): Engine | null {
    return this.current;
  }

  /** Null while the stream has one rung, or none is known. */
  get quality(): Quality | null {
    return this.rungs;
  }

  /** The track of the stream that nobody can decode; null: none is known. */
  get undecodable(): Undecodable | null {
    return this.spoilt;
  }

  /** What plays, or played last: its address, empty before there was one, and the label of its rung. */
  get playing(): { readonly url: string; readonly rung: string | null } {
    return { url: this.url, rung: this.rungs?.playing ?? null };
  }

  open(engine: Engine, url: string): void {
    this.current = engine;
    this.url = url;
    const isCurrent = (): boolean => engine === this.current;
    engine.start({
      video: this.video,
      url,
      ...this.preference.start(performance.now()),
      events: {
        onProblem: (problem, detail) => {
          if (!isCurrent()) return;
          const now = performance.now();
          if (problem !== "refused" || now - this.requestedPageAt < ASK_PAGE_AFTER_MS)
            return this.events.onProblem(problem, detail);
          this.requestedPageAt = now;
          void mayTryAgain(url).then((may) => isCurrent() && this.events.onProblem(may ? "network" : problem, detail));
        },
        onEnd: () => isCurrent() && this.events.onProblem("network", ""),
        onReload: () => isCurrent() && this.events.onReload(),
        onUndecodable: (track) => {
          if (!isCurrent() || track === this.spoilt) return;
          this.spoilt = track;
          this.events.onUndecodable();
        },
        onQuality: (quality) => {
          if (!isCurrent()) return;
          this.rungs = quality;
          this.preference.notePlaying(quality, performance.now());
          this.events.onQuality();
        },
      },
    });
  }

  /** Plays one rung by its label, now and later; null for automatic. */
  choose(label: string | null): void {
    this.preference.choose(label);
    this.current?.choose(label);
  }

  /** Another stream is next. */
  forget(): void {
    this.spoilt = null;
  }

  close(): void {
    this.current?.close();
    this.current = null;
    this.rungs = null;
  }
}
