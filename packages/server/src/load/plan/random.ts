/** Makes random numbers that a seed repeats, one series for each name: who is added to a plan changes nothing for the others. */
import { mulberry32 } from "../../platform/mulberry32.ts";

/** @returns numbers from 0 up to 1 */
export function randomOf(seed: number, name: string): () => number {
  return mulberry32(hashOf(`${seed}/${name}`));
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
