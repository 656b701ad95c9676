/** Knows since when the publisher of a stream that was live has been absent: as the player has seen it, or as the page knows. */
import { serverClock } from "../clock/server-clock.ts";
import type { Problem } from "../engines/problem.ts";
import type { Silence } from "./silence-watch.ts";

/** Set by the page where the lesson is live and nobody publishes: since when, ISO 8601. */
const PUBLISHER_LEFT_AT = "publisher-left-at";
/** Set by the page that will say when the stream is live, as long as it is not: until then it is not asked for. */
const AWAITS_LIVE = "awaits-live";

export class PublisherAbsence {
  private readonly element: HTMLElement;
  private since: number | null = null;

  constructor(element: HTMLElement) {
    this.element = element;
  }

  /** Called when the state of the player may have changed. @param hasPlayed whether it has shown a picture of the stream */
  note(silence: Silence | null, problem: Problem | null, hasPlayed: boolean): void {
    if (silence?.cause === "publisher") this.since ??= silence.since;
    else if (problem === "not-live" && hasPlayed) this.since ??= serverClock.now();
  }

  /** A picture plays, or another stream is opened. */
  end(): void {
    this.since = null;
  }

  /** Milliseconds; null where the publisher is not absent. */
  get ms(): number | null {
    const told = Date.parse(this.element.getAttribute(PUBLISHER_LEFT_AT) ?? "");
    const since = this.since ?? (Number.isNaN(told) ? null : told);
    return since === null ? null : Math.max(0, serverClock.now() - since);
  }

  /** What the page will say of the stream; null: it says nothing. */
  get awaited(): "return" | "begin" | null {
    if (!this.element.hasAttribute(AWAITS_LIVE)) return null;
    return this.ms === null ? "begin" : "return";
  }
}
