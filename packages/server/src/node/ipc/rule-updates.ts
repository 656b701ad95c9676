/**
 * Tells the media workers of lessons' rules that have changed. Each is read anew and told in turn, and again until it could be read: a
 * permission that was withdrawn must reach those who guard the stream, whatever the database does meanwhile.
 */
import type { StreamPolicy } from "../../access/policies/stream-policy.ts";
import type { RuleUpdate } from "./messages.ts";

const AGAIN_MS = 300;

export class RuleUpdates {
  private readonly read: (app: string, name: string) => Promise<StreamPolicy | null>;
  private readonly tell: (news: RuleUpdate) => void;
  private readonly changed = new Map<string, { readonly app: string; readonly name: string }>();
  private working = false;

  constructor(read: (app: string, name: string) => Promise<StreamPolicy | null>, tell: (news: RuleUpdate) => void) {
    this.read = read;
    this.tell = tell;
  }

  take(app: string, name: string): void {
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
        this.tell({ app, name, rule: await this.read(app, name) });
      } catch {
        this.changed.set(key, { app, name });
        await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref());
      }
    }
    this.working = false;
  }
}
