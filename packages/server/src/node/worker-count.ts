/** Says how many media workers a node has. */
import { availableParallelism } from "node:os";
import type { Config } from "../platform/config/schema.ts";

/** One core is left to the system and to encoders. */
export function workerCount({ workers }: Pick<Config, "workers">): number {
  return workers === "auto" ? Math.max(1, availableParallelism() - 1) : workers;
}
