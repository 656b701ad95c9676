/**
 * Remembers which streams a person started or stopped recording by hand. The decision is the stream's, not its epoch's: it holds until the
 * stream was gone for an hour. Streams of lessons are not here: the lesson keeps their decision.
 */

export type RecordChoice = { readonly app: string; readonly name: string; readonly action: "start" | "stop" };

/** A publisher that returns within this time continues: see `docs/recording.md`. */
const MAX_BREAK_MS = 3600 * 1000;
/** Bound of streams. */
const MAX_CHOICES = 10_000;

type Known = { readonly choice: RecordChoice; liveAt: number };

export class RecordChoices {
  private readonly known = new Map<string, Known>();
  private readonly now: () => number;

  /** @param now monotonic milliseconds */
  constructor(now: () => number, choices: readonly RecordChoice[] = []) {
    this.now = now;
    for (const choice of choices) this.set(choice);
  }

  set(choice: RecordChoice): void {
    const key = `${choice.app}/${choice.name}`;
    this.known.delete(key);
    this.known.set(key, { choice, liveAt: this.now() });
    const oldest = this.known.size > MAX_CHOICES ? this.known.keys().next().value : undefined;
    if (oldest !== undefined) this.known.delete(oldest);
  }

  of(app: string, name: string): RecordChoice["action"] | null {
    return this.known.get(`${app}/${name}`)?.choice.action ?? null;
  }

  all(): RecordChoice[] {
    return [...this.known.values()].map(({ choice }) => choice);
  }

  /** Forgets streams that were not live for an hour. To be called at least every minute. */
  sweep(isLive: (app: string, name: string) => boolean): void {
    const now = this.now();
    for (const [key, one] of this.known) {
      if (isLive(one.choice.app, one.choice.name)) one.liveAt = now;
      else if (now - one.liveAt > MAX_BREAK_MS) this.known.delete(key);
    }
  }
}
