/** Shuffles lists with each order as likely: Fisher and Yates in Durstenfeld's form (Communications of the ACM 7, 1964, algorithm 235). */
import type { Random } from "./xoshiro.ts";

/** @param isAnchored items that keep their places */
export function shuffled<T>(items: readonly T[], random: Random, isAnchored: (item: T) => boolean = () => false): readonly T[] {
  const loose = items.filter((item) => !isAnchored(item));
  for (let i = loose.length - 1; i > 0; i--) {
    const j = random.below(i + 1);
    const [one, other] = [loose[i], loose[j]];
    // Both are there: i and j are places of the list.
    if (one === undefined || other === undefined) continue;
    loose[i] = other;
    loose[j] = one;
  }
  let next = 0;
  return items.map((item) => (isAnchored(item) ? item : (loose[next++] ?? item)));
}
