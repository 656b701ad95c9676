/** Makes random numbers that a seed repeats, one series for each name: who is added to a plan changes nothing for the others. */

/** Mulberry32 of a hash of the name and the seed. @returns numbers from 0 up to 1 */
export function randomOf(seed: number, name: string): () => number {
  let state = hashOf(`${seed}/${name}`);
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A pause of a process whose events do not depend on each other. @param mean milliseconds */
export function pauseOf(random: () => number, mean: number): number {
  return -Math.log(1 - random()) * mean;
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash | 0;
}
