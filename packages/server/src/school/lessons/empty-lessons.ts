/** Waits for lessons that nobody publishes to any more: one ends when nobody has come back for a while. */

/** Long enough for a school whose line is down, or a teacher who loads the page again. */
const EMPTY_MS = 120_000;

export class EmptyLessons {
  private readonly onLeft: (key: string) => void;
  /** What ends each; "left": it has been long enough. */
  private readonly empty = new Map<string, NodeJS.Timeout | "left">();

  /** @param onLeft told once for a lesson that is to be looked at again: nobody has come back */
  constructor(onLeft: (key: string) => void) {
    this.onLeft = onLeft;
  }

  /** Whether nobody has been there for long enough. The time begins with the first question. @param isEmpty whether nobody is there now */
  isLeft(key: string, isEmpty: boolean): boolean {
    const before = this.empty.get(key);
    if (!isEmpty || before === "left") {
      this.forget(key);
      return isEmpty;
    }
    if (before === undefined) {
      const left = () => {
        this.empty.set(key, "left");
        this.onLeft(key);
      };
      this.empty.set(key, setTimeout(left, EMPTY_MS).unref());
    }
    return false;
  }

  close(): void {
    for (const key of [...this.empty.keys()]) this.forget(key);
  }

  private forget(key: string): void {
    const before = this.empty.get(key);
    if (typeof before === "object") clearTimeout(before);
    this.empty.delete(key);
  }
}
