/**
 * Who is in, where the school's own system wants to be told of their end (`access/callbacks/callbacks.ts`). This is kept outside of the workers, which
 * may die, and at another node too, the *witness*: when a node has died, its witness has everybody who was in there reported gone.
 */
import type { CallbackEvent } from "../../access/callbacks/callback-event.ts";
import { rank } from "../../live/relay/registry/stream-table-entry.ts";
import type { Member } from "../../network/membership.ts";

/** What a node tells its witness. */
export type CallbackSessionsUpdate = {
  readonly node: string;
  /** Which of the processes that had this name, one after the other. */
  readonly instance: string;
  /** Everything that was told before is void. */
  readonly anew: boolean;
  readonly entered: readonly CallbackEvent[];
  /** Keys of events. */
  readonly left: readonly string[];
};

export type CallbackSessionsOptions = {
  /** All nodes, this one first. */
  readonly members: () => readonly Member[];
  readonly tell: (node: string, news: CallbackSessionsUpdate) => void;
  /** Tells the school's system that these have gone. */
  readonly report: (events: readonly CallbackEvent[]) => void;
};

/** Of which a message has so many. */
const AT_ONCE = 500;

const keyOf = ({ action, clientId }: CallbackEvent): string => `${action} ${clientId}`;

export class CallbackSessions {
  private readonly options: CallbackSessionsOptions;
  private readonly workers = new Map<string, Map<string, CallbackEvent>>();
  private readonly watched = new Map<string, { readonly instance: string; readonly events: Map<string, CallbackEvent> }>();
  private witness: string | null = null;

  constructor(options: CallbackSessionsOptions) {
    this.options = options;
  }

  entered(worker: string, event: CallbackEvent): void {
    const events = this.workers.get(worker) ?? new Map<string, CallbackEvent>();
    this.workers.set(worker, events.set(keyOf(event), event));
    this.say({ entered: [event] });
  }

  left(worker: string, event: CallbackEvent): void {
    if (this.workers.get(worker)?.delete(keyOf(event))) this.say({ left: [keyOf(event)] });
  }

  /** Who is in at a worker. */
  at(worker: string): CallbackEvent[] {
    return [...(this.workers.get(worker)?.values() ?? [])];
  }

  /** A node has come, has gone, or is another than before. */
  changed(member: Member): void {
    const watched = this.watched.get(member.id);
    if (watched && (member.state === "gone" || member.instance !== watched.instance)) {
      this.watched.delete(member.id);
      this.options.report([...watched.events.values()]);
    }
    const [self, ...others] = this.options.members();
    const able = others.filter(({ state }) => state === "up").map(({ id }) => ({ id, rank: rank(self?.id ?? "", id) }));
    const witness = able.sort((a, b) => (a.rank < b.rank ? 1 : -1))[0]?.id ?? null;
    if (witness === this.witness) {
      // It has begun anew, and knows nothing.
      if (member.id === witness) this.sayAll();
      return;
    }
    this.say({ anew: true });
    this.witness = witness;
    this.sayAll();
  }

  /** What another node tells this one, its witness. */
  hear({ node, instance, anew, entered, left }: CallbackSessionsUpdate): void {
    const before = this.watched.get(node);
    if (before && before.instance !== instance) this.options.report([...before.events.values()]);
    const known = before && before.instance === instance && !anew ? before : { instance, events: new Map<string, CallbackEvent>() };
    for (const event of entered) known.events.set(keyOf(event), event);
    for (const key of left) known.events.delete(key);
    if (known.events.size > 0) this.watched.set(node, known);
    else this.watched.delete(node);
  }

  private sayAll(): void {
    const all = [...this.workers.values()].flatMap((events) => [...events.values()]);
    for (let i = 0; i === 0 || i < all.length; i += AT_ONCE) this.say({ anew: i === 0, entered: all.slice(i, i + AT_ONCE) });
  }

  private say(news: Partial<CallbackSessionsUpdate>): void {
    const [self] = this.options.members();
    if (this.witness === null || !self) return;
    this.options.tell(this.witness, { node: self.id, instance: self.instance, anew: false, entered: [], left: [], ...news });
  }
}
