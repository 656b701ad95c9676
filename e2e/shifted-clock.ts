/** Provides processes whose clocks are wrong: faketime's library, loaded into them before all others. */
import { globSync } from "node:fs";

/**
 * The environment of a process whose clock is shifted by `offset`, such as `-1h`. The `faketime` command is not used: it names a
 * semaphore after its process id and fails when one of that name was left by a process that was killed.
 */
export function shiftedClock(offset: string): Record<string, string> {
  const [library] = globSync("/usr/lib/*/faketime/libfaketime.so.1");
  if (!library) throw new Error("libfaketime is not installed");
  return { LD_PRELOAD: library, FAKETIME: offset };
}
