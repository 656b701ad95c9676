/** Draws a section's questions for one candidate: exactly so many, questions of a passage together, each possible choice as likely. */
import type { Random } from "./random/xoshiro.ts";

type Placed = { readonly id: string; readonly passage?: string };

/** Questions that are drawn, shuffled and shown together: those of a passage, or one. In the order of the section's first of each. */
export function unitsOf<Q extends Placed>(questions: readonly Q[]): readonly (readonly Q[])[] {
  const units: Q[][] = [];
  const ofPassage = new Map<string, Q[]>();
  for (const question of questions) {
    const known = question.passage === undefined ? undefined : ofPassage.get(question.passage);
    if (known) {
      known.push(question);
      continue;
    }
    const unit = [question];
    units.push(unit);
    if (question.passage !== undefined) ofPassage.set(question.passage, unit);
  }
  return units;
}

/** Whether some units have so many questions together. */
export function canDraw(sizes: readonly number[], count: number): boolean {
  return choices(sizes, count)[0]?.[count] !== 0;
}

/** Chosen units in their order. All of them where no choice has so many questions: a paper that was checked has one. */
export function drawnUnits<T>(units: readonly (readonly T[])[], count: number, random: Random): readonly (readonly T[])[] {
  const ways = choices(
    units.map(({ length }) => length),
    count,
  );
  if (!ways[0]?.[count]) return units;
  let left = count;
  return units.filter(({ length }, i) => {
    const all = ways[i]?.[left] ?? 0;
    const taking = ways[i + 1]?.[left - length] ?? 0;
    const isTaken = random.fraction() * all < taking;
    if (isTaken) left -= length;
    return isTaken;
  });
}

/** In how many ways the units from each place on give each number of questions. Doubles: C(300, 150) is 10^89, and shares of it are all that counts. */
function choices(sizes: readonly number[], count: number): readonly (readonly number[])[] {
  const rows: number[][] = [Array.from({ length: count + 1 }, (_, n) => (n === 0 ? 1 : 0))];
  for (const size of sizes.toReversed()) {
    const after = rows[0] ?? [];
    rows.unshift(after.map((without, n) => without + (after[n - size] ?? 0)));
  }
  return rows;
}
