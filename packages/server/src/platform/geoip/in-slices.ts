/** Does long work in slices of 2 ms, so that the process does other work between them. */
import { setImmediate } from "node:timers/promises";

const SLICE_MS = 2;
/** Steps between two looks at the clock. */
const STEPS = 32;

/** Calls `step` with 0, 1 and so on. What it throws ends the work. */
export async function inSlices(count: number, step: (i: number) => void): Promise<void> {
  let begun = performance.now();
  for (let i = 0; i < count; i++) {
    step(i);
    if (i % STEPS !== 0 || performance.now() - begun < SLICE_MS) continue;
    await setImmediate();
    begun = performance.now();
  }
}
