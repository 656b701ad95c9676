/** Has the votes of a room's questions counted soon after they were stored, and not more often than people can read. */
import { newId } from "../../../platform/id.ts";
import type { RoomHandle } from "../domain.ts";

/** Between two counts. */
const COUNT_MS = 1000;

export class VoteCounter {
  private readonly handle: RoomHandle;
  private uncounted = new Set<string>();
  private timer: NodeJS.Timeout | null = null;
  private countedAt = Number.NEGATIVE_INFINITY;
  private closed = false;

  constructor(handle: RoomHandle) {
    this.handle = handle;
  }

  /** Questions whose votes have changed since they were counted. */
  get questions(): string[] {
    return [...this.uncounted];
  }

  changed(questions: readonly string[]): void {
    for (const question of questions) this.uncounted.add(question);
    this.plan();
  }

  counted(questions: readonly string[]): void {
    for (const question of questions) this.uncounted.delete(question);
  }

  close(): void {
    this.closed = true;
    if (this.timer) clearTimeout(this.timer);
  }

  private plan(): void {
    if (this.closed || this.timer || this.uncounted.size === 0) return;
    const wait = Math.max(0, this.countedAt + COUNT_MS - performance.now());
    this.timer = setTimeout(() => void this.count(), wait).unref();
  }

  private async count(): Promise<void> {
    this.countedAt = performance.now();
    // What could not be counted now is counted next time.
    await this.handle.act({ id: newId(), kind: "question", body: { action: "count" } }).catch(() => {});
    this.timer = null;
    this.plan();
  }
}
