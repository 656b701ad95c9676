/** Provides the rungs of a stream as far as they are known: asks for the list when it is wanted, but not too often, and leaves out what cannot be played. */
import { fetchRungs, isPlayable, type Rung } from "../rung-list.ts";

/** The list is not asked for more often. */
const LIST_MS = 30_000;
/**
 * A stream that had no rungs when it began may have some later, and who asks only when the connection has become slow waits long for the answer. So it is asked
 * again after this, then after twice as long each time: most streams never have any.
 */
const ALONE_MS = 10_000;

export class KnownRungs {
  private readonly url: string;
  private known: readonly Rung[] = [];
  /** A newer list, which is not used yet. */
  private fresh: readonly Rung[] | null = null;
  private requestedAt = Number.NEGATIVE_INFINITY;
  private aloneMs = ALONE_MS;
  /** Names of rungs that this browser could not play. */
  private readonly unplayable = new Set<string | null>();

  /** @param url the stream's address */
  constructor(url: string) {
    this.url = url;
  }

  /** Those that can be played, from the largest to the smallest. */
  get list(): readonly Rung[] {
    return this.known;
  }

  get hasUnplayable(): boolean {
    return this.unplayable.size > 0;
  }

  /** Index of the rung with this name; -1 where it is not known. */
  indexOf(name: string | null): number {
    return this.known.findIndex((rung) => rung.name === name);
  }

  byLabel(label: string | null): Rung | undefined {
    return this.known.find((rung) => rung.label === label);
  }

  /**
   * Asks for the list, where that was not done lately.
   * @param shown the name of the rung that plays, and therefore can be played
   * @return all rungs, with those that cannot be played; none where the list was not asked for
   */
  async ask(now: number, shown: string | null | undefined): Promise<readonly Rung[]> {
    if (now - this.requestedAt < (this.known.length === 0 ? ALONE_MS : LIST_MS)) return [];
    this.requestedAt = now;
    const all = await fetchRungs(this.url);
    if (all.length > 1)
      this.fresh = all.filter((rung) => !this.unplayable.has(rung.name) && (rung.name === shown || isPlayable(rung)));
    return all;
  }

  /** Whether it is time to ask again for the rungs of a stream that had none. */
  isDue(now: number): boolean {
    if (this.known.length > 0 || this.fresh || now - this.requestedAt < this.aloneMs) return false;
    this.aloneMs *= 2;
    return true;
  }

  /** Uses the newest list. Returns the one before, or null when there is no newer one. */
  use(): readonly Rung[] | null {
    if (!this.fresh) return null;
    const before = this.known;
    this.known = this.fresh;
    this.fresh = null;
    return before;
  }

  /** The browser could not play a rung. The list is asked for again. */
  leaveOut(name: string | null): void {
    this.unplayable.add(name);
    this.known = this.known.filter((rung) => rung.name !== name);
    this.requestedAt = Number.NEGATIVE_INFINITY;
  }
}
