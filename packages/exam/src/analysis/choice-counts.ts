/**
 * Counts which options candidates choose, by how well they did in all. Which fifth a candidate is in is known only when all are graded, so choices are
 * counted by share of the points, in thousandths: bounded memory for any number of candidates.
 */

export const GROUPS = 5;
const BINS = 1000;

export type ChoiceCount = {
  /** The id of an option, `true`, `false`; empty: no answer. */
  readonly choice: string;
  readonly count: number;
  /** In each fifth of the candidates, the weakest first. Those with the same share, to a thousandth, are in the same fifth. */
  readonly byGroup: readonly number[];
};

export class ChoiceCounts {
  readonly #candidates = new Uint32Array(BINS + 1);
  readonly #chosen: ReadonlyMap<string, Uint32Array>;

  /** @param choices that are counted */
  constructor(choices: readonly string[]) {
    this.#chosen = new Map(choices.map((choice) => [choice, new Uint32Array(BINS + 1)]));
  }

  /** @param share of all points, 0 to 1 */
  add(share: number, choices: readonly string[]): void {
    const bin = Math.round(Math.min(1, Math.max(0, share)) * BINS);
    increment(this.#candidates, bin);
    for (const choice of choices) {
      const bins = this.#chosen.get(choice);
      if (bins) increment(bins, bin);
    }
  }

  read(): { readonly groups: readonly number[]; readonly choices: readonly ChoiceCount[] } {
    const groupOf = this.#groupsOfBins();
    const byGroup = (bins: Uint32Array) => {
      const sums = Array.from({ length: GROUPS }, () => 0);
      for (const [bin, count] of bins.entries()) if (count > 0) sums[groupOf[bin] ?? 0] = (sums[groupOf[bin] ?? 0] ?? 0) + count;
      return sums;
    };
    const choices = [...this.#chosen].map(([choice, bins]) => {
      const groups = byGroup(bins);
      return { choice, count: groups.reduce((sum, count) => sum + count, 0), byGroup: groups };
    });
    return { groups: byGroup(this.#candidates), choices };
  }

  /** A bin is in the fifth where the middle of its candidates is. */
  #groupsOfBins(): Uint8Array {
    const all = this.#candidates.reduce((sum, count) => sum + count, 0);
    let before = 0;
    return Uint8Array.from(this.#candidates, (count) => {
      const middle = before + count / 2;
      before += count;
      return all === 0 ? 0 : Math.min(GROUPS - 1, Math.floor((GROUPS * middle) / all));
    });
  }
}

function increment(bins: Uint32Array, bin: number): void {
  bins[bin] = (bins[bin] ?? 0) + 1;
}
