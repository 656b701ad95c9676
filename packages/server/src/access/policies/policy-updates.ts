/**
 * Sends changed policies of lessons' streams, and changed recordings, to the media workers. Each is read from the database and sent, and the read
 * is repeated until it succeeds: a withdrawn permission must reach the workers, whatever happens to the database.
 */

const RETRY_MS = 300;

export class PolicyUpdateQueue<Subject, Update> {
  private readonly keyOf: (subject: Subject) => string;
  private readonly read: (subject: Subject) => Promise<Update>;
  private readonly send: (update: Update) => void;
  private readonly changed = new Map<string, Subject>();
  private working = false;

  constructor(keyOf: (subject: Subject) => string, read: (subject: Subject) => Promise<Update>, send: (update: Update) => void) {
    this.keyOf = keyOf;
    this.read = read;
    this.send = send;
  }

  add(subject: Subject): void {
    this.changed.set(this.keyOf(subject), subject);
    if (!this.working) void this.work();
  }

  private async work(): Promise<void> {
    this.working = true;
    for (;;) {
      const next = this.changed.entries().next().value;
      if (!next) break;
      const [key, subject] = next;
      this.changed.delete(key);
      try {
        this.send(await this.read(subject));
      } catch {
        this.changed.set(key, subject);
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      }
    }
    this.working = false;
  }
}
