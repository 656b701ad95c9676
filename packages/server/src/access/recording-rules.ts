/**
 * Recordings as a media worker knows them: what they consist of, and whether they may be watched. Asked once of the control process, kept,
 * and brought up to date; while that one is away, what is known holds.
 */
import { Refusal } from "../platform/refusal.ts";

export type RecordingRule = {
  readonly id: string;
  /** Of the stream that was recorded. */
  readonly app: string;
  readonly name: string;
  readonly epoch: string;
  /** Its files, in order, below the recordings' directory. */
  readonly files: readonly string[];
  /** The node that has them; null: none is said. */
  readonly node?: string | null;
  /** False while it is written. */
  readonly whole: boolean;
  /** False in the bin. */
  readonly open: boolean;
  /** Whether it needs a link that was given to somebody: recordings of lessons do. */
  readonly signed: boolean;
};

type Entry = { readonly rule: RecordingRule; readonly askedAt: number };

const MOST = 10_000;
/** What is still written has another file now and then. */
const GROWING_MS = 2000;

export class RecordingRules {
  private readonly fetch: (id: string) => Promise<RecordingRule | null>;
  private readonly known = new Map<string, Entry>();

  /** @param fetch fails when there is nobody to ask */
  constructor(fetch: (id: string) => Promise<RecordingRule | null>) {
    this.fetch = fetch;
  }

  async find(id: string): Promise<RecordingRule | Refusal> {
    const entry = this.known.get(id);
    if (entry && (entry.rule.whole || performance.now() - entry.askedAt < GROWING_MS)) return open(entry.rule);
    try {
      const rule = await this.fetch(id);
      this.take(id, rule);
      return rule ? open(rule) : new Refusal("no-such-recording");
    } catch {
      return entry ? open(entry.rule) : new Refusal("control-away");
    }
  }

  /** News of a recording: null when it is gone. */
  take(id: string, rule: RecordingRule | null): void {
    this.known.delete(id);
    if (rule) this.known.set(id, { rule, askedAt: performance.now() });
    const oldest = this.known.size > MOST ? this.known.keys().next().value : undefined;
    if (oldest !== undefined) this.known.delete(oldest);
  }

  /** Whoever knows them was away: they are asked for anew. */
  refresh(): void {
    this.known.clear();
  }
}

function open(rule: RecordingRule): RecordingRule | Refusal {
  return rule.open ? rule : new Refusal("no-such-recording");
}
