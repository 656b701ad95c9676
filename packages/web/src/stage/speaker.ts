/** Chooses who is shown large: the one who speaks, and still the one before while somebody coughs. */

/** Quieter is no speech; root mean square of full scale. */
const SPEECH = 0.02;
/** Somebody else has to be the loudest for this long. */
const TAKES_OVER_MS = 800;

export type Speaker = {
  readonly person: string | null;
  /** The one who is louder now, and since when, in milliseconds. */
  readonly next: { readonly person: string; readonly since: number } | null;
};

export const NO_SPEAKER: Speaker = { person: null, next: null };

/**
 * @param levels by person: 0 to 1
 * @param now milliseconds of any clock that goes on
 */
export function nextSpeaker({ person, next }: Speaker, levels: ReadonlyMap<string, number>, now: number): Speaker {
  const current = person !== null && levels.has(person) ? person : null;
  let loudest: string | null = null;
  for (const [one, level] of levels)
    if (level >= SPEECH && level > (loudest === null ? 0 : (levels.get(loudest) ?? 0))) loudest = one;
  if (loudest === null || loudest === current) return { person: current, next: null };
  if (current === null) return { person: loudest, next: null };
  if (next?.person !== loudest) return { person: current, next: { person: loudest, since: now } };
  return now - next.since >= TAKES_OVER_MS ? { person: loudest, next: null } : { person: current, next };
}
