/** Asks a room again and again to tidy its stage, while somebody is on it: invitations end, and people leave without saying so. */

/** An invitation ends at most this much late. */
const TIDY_MS = 5000;
/** A person who is not there for this long has left: a page loads again, a line breaks and comes back. */
const LEFT_MS = 30_000;

export class StageWatch {
  private readonly tidy: () => Promise<void>;
  private timer: NodeJS.Timeout | null = null;
  /** Since when people on stage are not there; milliseconds since 1970. */
  private missing = new Map<string, number>();

  constructor(tidy: () => Promise<void>) {
    this.tidy = tidy;
  }

  run(isUsed: boolean): void {
    if (isUsed) {
      // A room that cannot do it now is asked again after a while.
      this.timer ??= setInterval(() => this.tidy().catch(() => {}), TIDY_MS).unref();
      return;
    }
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
    this.missing = new Map();
  }

  /** Those of the people who have left long enough ago. */
  left({ people, now }: { readonly people: ReadonlySet<string>; readonly now: number }, ids: readonly string[]): string[] {
    const gone = ids.filter((id) => !people.has(id));
    this.missing = new Map(gone.map((id) => [id, this.missing.get(id) ?? now]));
    return gone.filter((id) => now - (this.missing.get(id) ?? now) >= LEFT_MS);
  }
}
