/** Chooses how much memory a worker uses for packaged segments. */
import type { Config } from "../../platform/config/schema.ts";

const SHARE_OF_MEMORY = 0.1;
/** Less would not hold the segments that the viewers of a few recordings watch at the same time. */
const MIN_BYTES = 16 * 1024 * 1024;

/**
 * The bound of one worker's cache, bytes: its share of `replay.cacheBytes`.
 * @param workers of this node; @param memory of the machine, bytes
 */
export function cacheBytesOf({ replay }: Pick<Config, "replay">, workers: number, memory: number): number {
  if (replay.cacheBytes !== "auto") return Math.floor(replay.cacheBytes / workers);
  return Math.floor(Math.max(MIN_BYTES, (memory * SHARE_OF_MEMORY) / workers));
}
