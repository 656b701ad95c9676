/** Works on many rows in slices, so that other requests of the process are answered between them. */
import { setImmediate } from "node:timers/promises";

const ROWS_PER_SLICE = 500;

/** Calls `work` for each row in order, and yields to the event loop after each slice. */
export async function forEachInSlices<T>(rows: readonly T[], work: (row: T) => void): Promise<void> {
  for (let i = 0; i < rows.length; i += ROWS_PER_SLICE) {
    for (const row of rows.slice(i, i + ROWS_PER_SLICE)) work(row);
    await setImmediate();
  }
}
