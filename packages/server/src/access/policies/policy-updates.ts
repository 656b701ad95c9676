/**
 * Sends changed policies of lessons' streams, and changed recordings, to the media workers. Each is read from the database and sent, and the read
 * is repeated until it succeeds: a withdrawn permission must reach the workers, whatever happens to the database.
 */
import { setTimeout as pause } from "node:timers/promises";

const RETRY_MS = 300;
const SENT_WITHIN_MS = 1000;

type Pending<Subject> = { readonly subject: Subject; readonly sent: PromiseWithResolvers<void> };

export class PolicyUpdateQueue<Subject, Update> {
  private readonly keyOf: (subject: Subject) => string;
  private readonly read: (subject: Subject) => Promise<Update>;
  private readonly send: (update: Update) => void;
  private readonly changed = new Map<string, Pending<Subject>>();
  /** The one that is being read. */
  private current: Pending<Subject> | null = null;

  constructor(keyOf: (subject: Subject) => string, read: (subject: Subject) => Promise<Update>, send: (update: Update) => void) {
    this.keyOf = keyOf;
    this.read = read;
    this.send = send;
  }

  add(subject: Subject): void {
    const key = this.keyOf(subject);
    this.changed.set(key, { subject, sent: this.changed.get(key)?.sent ?? Promise.withResolvers() });
    if (!this.current) void this.work();
  }

  /** Resolves when all that was added so far has been sent, or after a second: a database that is slow holds nobody up for longer. */
  async sent(): Promise<void> {
    const pending = [...(this.current ? [this.current] : []), ...this.changed.values()];
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
