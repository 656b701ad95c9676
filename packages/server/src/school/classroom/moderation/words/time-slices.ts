/** Divides long work into slices, between which the event loop serves others. */
import { setImmediate as nextTurn } from "node:timers/promises";

const SLICE_MS = 2;
/** Steps between two looks at the clock; a step takes some microseconds. */
const STEPS = 64;

export class TimeSlices {
  private steps = 0;
  private since = performance.now();

  /** Called after each step: whether it is time to pause. */
  isOver(): boolean {
    return ++this.steps % STEPS === 0 && performance.now() - this.since >= SLICE_MS;
  }

  async pause(): Promise<void> {
    await nextTurn();
    this.since = performance.now();
  }
}
