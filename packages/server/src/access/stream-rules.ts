/**
 * The rules of lessons' streams in a media worker: asked once, kept, and brought up to date by whoever knows them. While that one is
 * away, what is known holds.
 */
import type { Logger } from "../platform/log.ts";
import { Refusal } from "../platform/refusal.ts";
import type { StreamRule } from "./stream-rule.ts";

/** Asks for a rule: null when no lesson has this stream. Fails when there is nobody to ask. */
export type FetchRule = (app: string, name: string) => Promise<StreamRule | null>;

type Entry = { readonly rule: StreamRule; stale: boolean };

/** Rules that are kept; of more, the oldest go, and are asked for again. */
const MOST = 10_000;
/** Strangers can ask for any name; no more of them than this keep the control process busy at once. */
const MOST_ASKING = 256;

export class StreamRules {
  private readonly fetch: FetchRule;
  private readonly log: Logger;
  private readonly known = new Map<string, Entry>();
  private readonly asking = new Map<string, Promise<StreamRule | null>>();
  private listener: (app: string, name: string, rule: StreamRule | null) => void = () => {};

  constructor(fetch: FetchRule, log: Logger) {
    this.fetch = fetch;
    this.log = log;
  }

  /** Calls when a rule is another than it was. */
  onChanged(listener: (app: string, name: string, rule: StreamRule | null) => void): void {
    this.listener = listener;
  }

  /** Null: no lesson has this stream. Refuses with `control-away` what is not known and cannot be asked. */
  async find(app: string, name: string): Promise<StreamRule | null | Refusal> {
    const entry = this.known.get(keyOf(app, name));
    if (entry && !entry.stale) return entry.rule;
    const asked = this.ask(app, name);
    try {
      // What is known may be out of date, but is all there is if nobody answers.
      return await asked;
    } catch {
      return entry ? entry.rule : new Refusal("control-away");
    }
  }

  /** What is known of it; null when nothing is. */
  peek(app: string, name: string): StreamRule | null {
    return this.known.get(keyOf(app, name))?.rule ?? null;
  }

  /** News of a rule. */
  take(app: string, name: string, rule: StreamRule | null): void {
    const key = keyOf(app, name);
    this.known.delete(key);
    // That there is no such lesson is worth nothing: strangers can ask for any name.
    if (rule) this.known.set(key, { rule, stale: false });
    const oldest = this.known.size > MOST ? this.known.keys().next().value : undefined;
    if (oldest !== undefined) this.known.delete(oldest);
    this.listener(app, name, rule);
  }

  /** Whoever knows the rules was away: what is known is asked for anew. */
  refresh(): void {
    for (const entry of this.known.values()) entry.stale = true;
    for (const { rule } of [...this.known.values()]) {
      this.ask(rule.app, rule.name).catch((error: unknown) => {
        this.log.warn({ reason: String(error) }, "a lesson's rule could not be read anew");
      });
    }
  }

  private ask(app: string, name: string): Promise<StreamRule | null> {
    const key = keyOf(app, name);
    if (!this.asking.has(key) && this.asking.size >= MOST_ASKING) return Promise.reject(new Error("too many rules are asked for"));
    const asking =
      this.asking.get(key) ??
      this.fetch(app, name)
        .then((rule) => {
          this.take(app, name, rule);
          return rule;
        })
        .finally(() => this.asking.delete(key));
    this.asking.set(key, asking);
    return asking;
  }
}

function keyOf(app: string, name: string): string {
  return `${app}/${name}`;
}
