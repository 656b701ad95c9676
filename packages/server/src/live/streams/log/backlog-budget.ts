/**
 * Bounds what the logs of a process hold beyond their retention, because a reader such as the recorder is behind: over all streams together. A bound for each
 * stream alone is none where a disk is slow, since all its streams are behind at once.
 */

export class BacklogBudget {
  private readonly total: () => number;
  private held = 0;

  /** @param total bytes. Called each time: streams share the memory of a process */
  constructor(total: () => number) {
    this.total = total;
  }

  /** Bytes that all logs hold beyond their retention. */
  get used(): number {
    return this.held;
  }

  get limit(): number {
    return this.total();
  }

  /** Changes what one log holds. False, and nothing is changed, where it would hold more and there is no room for that. */
  change(before: number, after: number): boolean {
    if (after > before && this.held - before + after > this.total()) return false;
    this.held += after - before;
    return true;
  }

  /** As `change`, for what cannot be given up. */
  force(before: number, after: number): void {
    this.held += after - before;
  }
}
