/** Measures how much work a core of this machine does for ladders, from the ladders that run here. */

/** Encoded megapixels a second that one core does, before something was measured here: less than usual machines do. */
const ASSUMED = 60;
/** The weight of each new measurement. */
const WEIGHT = 0.2;
/** A measurement that is off by more than this factor is of something else: an encoder that waits for its source. */
const PLAUSIBLE = 8;

type Ladder = { readonly work: number; readonly school: string };

export class WorkPerCore {
  private readonly ladders = new Map<string, Ladder>();
  private perCore = ASSUMED;

  /** A ladder begins here. */
  begins(key: string, work: number, school: string): void {
    this.ladders.set(key, { work, school });
  }

  /** The cores that a ladder has used lately. */
  measured(key: string, cores: number): void {
    const { work } = this.ladders.get(key) ?? { work: 0 };
    if (work <= 0 || cores <= 0) return;
    const measured = work / cores;
    if (measured > ASSUMED * PLAUSIBLE || measured < ASSUMED / PLAUSIBLE) return;
    this.perCore += (measured - this.perCore) * WEIGHT;
  }

  /** Forgets all other ladders. */
  keep(keys: ReadonlySet<string>): void {
    for (const key of this.ladders.keys()) if (!keys.has(key)) this.ladders.delete(key);
  }

  schoolOf(key: string): string | null {
    return this.ladders.get(key)?.school ?? null;
  }

  /** The cores that a ladder will need. */
  coresFor(work: number): number {
    return work / this.perCore;
  }
}
