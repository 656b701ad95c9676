/** Caches in a media worker what the viewers of HLS sessions told when they were admitted; the supervisor knows those of other workers and nodes. */
import type { SharedFacts } from "./back-end-question.ts";

/** unanswered: the supervisor did not say in time whether anybody knows the session. */
export type FoundFacts = SharedFacts | null | "unanswered";

export type SessionFactsOptions = {
  readonly note: (session: number, told: SharedFacts) => void;
  /** Null: nobody knows the session. Fails where the supervisor does not answer. */
  readonly find: (session: number) => Promise<SharedFacts | null>;
};

const MAX_SESSIONS = 20_000;
/** The worker that issued a session tells of it before it answers; its message may be slower than the viewer. */
const REPEAT_AFTER_MS = 300;

export class SessionFacts {
  private readonly options: SessionFactsOptions;
  private readonly known = new Map<number, SharedFacts>();
  private readonly finding = new Map<number, Promise<FoundFacts>>();

  constructor(options: SessionFactsOptions) {
    this.options = options;
  }

  /** This worker has issued a session. */
  note(session: number, told: SharedFacts): void {
    this.keep(session, told);
    this.options.note(session, told);
  }

  /** Without a promise where this worker knows. Null: nobody does. */
  of(session: number): SharedFacts | Promise<FoundFacts> {
    const known = this.known.get(session) ?? this.finding.get(session);
    if (known) return known;
    const finding = this.find(session).finally(() => this.finding.delete(session));
    this.finding.set(session, finding);
    return finding;
  }

  private async find(session: number): Promise<FoundFacts> {
    const ask = (): Promise<FoundFacts> => this.options.find(session).catch(() => "unanswered");
    let told = await ask();
    if (!told) {
      await new Promise((resolve) => setTimeout(resolve, REPEAT_AFTER_MS).unref());
      told = await ask();
    }
    if (told && told !== "unanswered") this.keep(session, told);
    return told;
  }

  private keep(session: number, told: SharedFacts): void {
    this.known.set(session, told);
    const oldest = this.known.size > MAX_SESSIONS ? this.known.keys().next().value : undefined;
    if (oldest !== undefined) this.known.delete(oldest);
  }
}
