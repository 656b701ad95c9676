/**
 * Chooses which due deliveries are sent now, so that no school and no endpoint waits for another one's dead endpoints. Each school gets free
 * places in turn, and so does each webhook within its school. Webhooks whose last attempt failed share a part of the places only.
 */

/** Places: how many deliveries are sent at the same time. */
export type Places = {
  readonly total: number;
  readonly perSchool: number;
  readonly perWebhook: number;
  /** For all webhooks together whose last attempt failed. */
  readonly failing: number;
};

export const PLACES: Places = { total: 48, perSchool: 6, perWebhook: 2, failing: 12 };

export type Candidate = {
  readonly id: string;
  readonly webhookId: string;
  /** Null: the platform, which counts as one school. */
  readonly schoolId: string | null;
  /** Failed attempts of the webhook since its last success. */
  readonly failures: number;
};

/**
 * @param due in the order in which they are due
 * @param sending what is being sent now
 * @param failuresBeforePause a webhook with as many failures gets one place: its next delivery is a probe
 */
export function chooseDeliveries<T extends Candidate>(
  due: readonly T[],
  sending: readonly Candidate[],
  failuresBeforePause: number,
  places: Places = PLACES,
): T[] {
  const busy = [...sending];
  const waiting = new Set(due.filter(({ id }) => sending.every((other) => other.id !== id)));
  const chosen: T[] = [];
  while (busy.length < places.total) {
    const next = fairest(waiting, busy, failuresBeforePause, places);
    if (!next) break;
    waiting.delete(next);
    busy.push(next);
    chosen.push(next);
  }
  return chosen;
}

/** Of the deliveries that have a place, the one whose school, then whose webhook, is sent the least to; then the first due. */
function fairest<T extends Candidate>(
  waiting: ReadonlySet<T>,
  busy: readonly Candidate[],
  failuresBeforePause: number,
  places: Places,
): T | null {
  const failing = busy.filter(({ failures }) => failures > 0).length;
  const bySchool = countBy(busy, ({ schoolId }) => schoolId);
  const byWebhook = countBy(busy, ({ webhookId }) => webhookId);
  let best: T | null = null;
  let least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY] as const;
  for (const one of waiting) {
    const ofSchool = bySchool.get(one.schoolId) ?? 0;
    const ofWebhook = byWebhook.get(one.webhookId) ?? 0;
    const perWebhook = one.failures >= failuresBeforePause ? 1 : places.perWebhook;
    if (ofSchool >= places.perSchool || ofWebhook >= perWebhook) continue;
    if (one.failures > 0 && failing >= places.failing) continue;
    if (ofSchool > least[0] || (ofSchool === least[0] && ofWebhook >= least[1])) continue;
    best = one;
    least = [ofSchool, ofWebhook];
  }
  return best;
}

function countBy<T, K>(items: readonly T[], keyOf: (item: T) => K): ReadonlyMap<K, number> {
  const counts = new Map<K, number>();
  for (const item of items) counts.set(keyOf(item), (counts.get(keyOf(item)) ?? 0) + 1);
  return counts;
}
