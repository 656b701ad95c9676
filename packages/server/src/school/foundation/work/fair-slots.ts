/**
 * Chooses which due items are done now, so that no school and no target waits for another one's dead targets. Each school gets free places in turn,
 * and so does each target within its school. Targets whose last attempt failed share a part of the places only.
 */
import type { Slots, WorkItem } from "./work-kind.ts";

/** @param due in the order in which they are due @param busy what is being done now */
export function chooseItems<Item extends WorkItem>(due: readonly Item[], busy: readonly WorkItem[], places: Slots): Item[] {
  const taken = [...busy];
  const waiting = new Set(due.filter(({ id }) => busy.every((other) => other.id !== id)));
  const chosen: Item[] = [];
  while (taken.length < places.total) {
    const next = fairest(waiting, taken, places);
    if (!next) break;
    waiting.delete(next);
    taken.push(next);
    chosen.push(next);
  }
  return chosen;
}

/** Of the items that have a place, the one whose school, then whose target, has the fewest; then the first due. */
function fairest<Item extends WorkItem>(waiting: ReadonlySet<Item>, taken: readonly WorkItem[], places: Slots): Item | null {
  const failing = taken.filter(({ failures }) => failures > 0).length;
  const bySchool = countBy(taken, ({ schoolId }) => schoolId);
  const byTarget = countBy(taken, targetOf);
  let best: Item | null = null;
  let least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
  for (const one of waiting) {
    const ofSchool = bySchool.get(one.schoolId) ?? 0;
    const ofTarget = byTarget.get(targetOf(one)) ?? 0;
    const perTarget = one.failures >= places.probeAfter ? 1 : places.perTarget;
    if (ofSchool >= places.perSchool || ofTarget >= perTarget) continue;
    if (one.failures > 0 && failing >= places.failing) continue;
    if (ofSchool > least[0] || (ofSchool === least[0] && ofTarget >= least[1])) continue;
    best = one;
    least = [ofSchool, ofTarget];
  }
  return best;
}

function targetOf({ schoolId, target }: WorkItem): string {
  return `${schoolId ?? ""} ${target}`;
}

function countBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, number> {
  const counts = new Map<K, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
