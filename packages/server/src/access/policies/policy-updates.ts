/**
 * Sends changed policies of lessons' streams to the media workers. Each policy is read from the database and sent, and the read is repeated
 * until it succeeds: a withdrawn permission must reach the workers, whatever happens to the database.
 */
import type { StreamPolicyUpdate } from "./policy-messages.ts";
import type { StreamPolicy } from "./stream-policy.ts";

const RETRY_MS = 300;

export class PolicyUpdateQueue {
  private readonly read: (app: string, name: string) => Promise<StreamPolicy | null>;
  private readonly send: (update: StreamPolicyUpdate) => void;
  private readonly changed = new Map<string, { readonly app: string; readonly name: string }>();
  private working = false;

  constructor(read: (app: string, name: string) => Promise<StreamPolicy | null>, send: (update: StreamPolicyUpdate) => void) {
    this.read = read;
    this.send = send;
  }

  add(app: string, name: string): void {
    this.changed.set(`${app}/${name}`, { app, name });
    if (!this.working) void this.work();
  }

  private async work(): Promise<void> {
    this.working = true;
    for (;;) {
      const next = this.changed.entries().next().value;
      if (!next) break;
      const [key, { app, name }] = next;
      this.changed.delete(key);
      try {
        this.send({ app, name, rule: await this.read(app, name) });
      } catch {
        this.changed.set(key, { app, name });
        await new Promise((resolve) => setTimeout(resolve, RETRY_MS).unref());
      }
    }
    this.working = false;
  }
}
