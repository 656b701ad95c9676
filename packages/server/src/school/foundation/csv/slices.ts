/** Works on many rows in slices of a few milliseconds, so that other requests of the process are answered between them. */
import { setImmediate } from "node:timers/promises";

const SLICE_MS = 5;

/** Calls `work` for each row in order, and yields to the event loop after each slice. */
export async function forEachInSlices<T>(rows: readonly T[], work: (row: T) => void): Promise<void> {
  let begun = performance.now();
  for (const row of rows) {
    work(row);
    if (performance.now() - begun < SLICE_MS) continue;
    await setImmediate();
    begun = performance.now();
  }
}
