/**
 * Sends changed policies of lessons' streams, and changed recordings, to the media workers. Each is read from the database and sent, and the read
 * is repeated until it succeeds: a withdrawn permission must reach the workers, whatever happens to the database.
 */
import { setTimeout as pause } from "node:timers/promises";

const RETRY_MS = 300;
const SENT_WITHIN_MS = 1000;

type Pending<Subject> = {
  readonly subject: Subject;
  /** Which of all that were added it was. */
  readonly number: number;
  readonly sent: PromiseWithResolvers<void>;
};

export class PolicyUpdateQueue<Subject, Update> {
  private readonly keyOf: (subject: Subject) => string;
  private readonly read: (subject: Subject) => Promise<Update>;
  private readonly send: (update: Update) => void;
  private readonly changed = new Map<string, Pending<Subject>>();
  /** The one that is being read. */
  private current: Pending<Subject> | null = null;
  private added = 0;

  constructor(keyOf: (subject: Subject) => string, read: (subject: Subject) => Promise<Update>, send: (update: Update) => void) {
    this.keyOf = keyOf;
    this.read = read;
    this.send = send;
  }

  add(subject: Subject): void {
    const key = this.keyOf(subject);
    this.added++;
    this.changed.set(key, { subject, number: this.added, sent: this.changed.get(key)?.sent ?? Promise.withResolvers() });
    if (!this.current) void this.work();
  }

  /** For `sentSince`. */
  get mark(): number {
    return this.added;
  }

  /** Resolves when all that was added after a mark has been sent, or after a second: a database that is slow holds nobody up for longer. */
  async sentSince(mark: number): Promise<void> {
    const all = [...(this.current ? [this.current] : []), ...this.changed.values()];
    const pending = all.filter(({ number }) => number > mark);
    if (pending.length === 0) return;
    await Promise.race([Promise.all(pending.map(({ sent }) => sent.promise)), pause(SENT_WITHIN_MS, undefined, { ref: false })]);
  }

  private async work(): Promise<void> {
    for (;;) {
      const next = this.changed.entries().next().value;
      if (!next) break;
      const [key, pending] = next;
      this.changed.delete(key);
      this.current = pending;
      try {
        this.send(await this.read(pending.subject));
        pending.sent.resolve();
      } catch {
        this.putBack(key, pending);
        await pause(RETRY_MS, undefined, { ref: false });
      }
    }
    this.current = null;
  }

  /** Others are read before it is read again. */
  private putBack(key: string, pending: Pending<Subject>): void {
    const newer = this.changed.get(key);
    if (newer) void newer.sent.promise.then(pending.sent.resolve);
    else this.changed.set(key, pending);
  }
}

/** Calls what tells of changes, and resolves when those that it has told of are sent; as `sentSince`. */
export async function sentWith(
  queues: readonly Pick<PolicyUpdateQueue<never, never>, "mark" | "sentSince">[],
  tell: () => void,
): Promise<void> {
  const marked = queues.map((queue) => [queue, queue.mark] as const);
  tell();
  await Promise.all(marked.map(([queue, mark]) => queue.sentSince(mark)));
}
