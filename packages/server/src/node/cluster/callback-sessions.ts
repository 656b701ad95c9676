/**
 * Keeps the open callback sessions of a node outside of its workers, so that the back end hears of their end even when a worker dies
 * (`access/callbacks/callbacks.ts`). A second node, the *witness*, keeps them too, and reports their end when the whole node has died.
 */
import type { CallbackEvent } from "../../access/callbacks/callback-event.ts";
import { rank } from "../../live/relay/registry/stream-table-entry.ts";
import type { Member } from "../../network/membership.ts";

/** What a node sends to its witness. The fields are on the wire. */
export type CallbackSessionsUpdate = {
  readonly node: string;
  /** Differs between starts of a node. */
  readonly instance: string;
  /** True: replaces all earlier updates. */
  readonly anew: boolean;
  readonly entered: readonly CallbackEvent[];
  /** Keys of events. */
  readonly left: readonly string[];
};

export type CallbackSessionsOptions = {
  /** All nodes, this one first. */
  readonly members: () => readonly Member[];
  readonly send: (node: string, update: CallbackSessionsUpdate) => void;
  /** Reports the end of sessions to the back end. */
  readonly report: (events: readonly CallbackEvent[]) => void;
};

/** The limit of events in one message. */
const MAX_EVENTS = 500;

const keyOf = ({ action, clientId }: CallbackEvent): string => `${action} ${clientId}`;

export class CallbackSessions {
  private readonly options: CallbackSessionsOptions;
  private readonly workers = new Map<string, Map<string, CallbackEvent>>();
  private readonly watched = new Map<string, { readonly instance: string; readonly events: Map<string, CallbackEvent> }>();
  private witness: string | null = null;

  constructor(options: CallbackSessionsOptions) {
    this.options = options;
  }

  opened(worker: string, event: CallbackEvent): void {
    const events = this.workers.get(worker) ?? new Map<string, CallbackEvent>();
    this.workers.set(worker, events.set(keyOf(event), event));
    this.send({ entered: [event] });
  }

  closed(worker: string, event: CallbackEvent): void {
    if (this.workers.get(worker)?.delete(keyOf(event))) this.send({ left: [keyOf(event)] });
  }

  /** The open sessions of a worker. */
  of(worker: string): CallbackEvent[] {
    return [...(this.workers.get(worker)?.values() ?? [])];
  }

  /** A node has joined, gone, or restarted. */
  memberChanged(member: Member): void {
    const watched = this.watched.get(member.id);
    if (watched && (member.state === "gone" || member.instance !== watched.instance)) {
      this.watched.delete(member.id);
      this.options.report([...watched.events.values()]);
    }
    const [self, ...others] = this.options.members();
    const up = others.filter(({ state }) => state === "up").map(({ id }) => ({ id, rank: rank(self?.id ?? "", id) }));
    const witness = up.sort((a, b) => (a.rank < b.rank ? 1 : -1))[0]?.id ?? null;
    if (witness === this.witness) {
      // A restarted witness has no sessions.
      if (member.id === witness) this.sendAll();
      return;
    }
    this.send({ anew: true });
    this.witness = witness;
    this.sendAll();
  }

  /** Stores an update of another node, whose witness this one is. */
  take({ node, instance, anew, entered, left }: CallbackSessionsUpdate): void {
    const before = this.watched.get(node);
    if (before && before.instance !== instance) this.options.report([...before.events.values()]);
    const known = before && before.instance === instance && !anew ? before : { instance, events: new Map<string, CallbackEvent>() };
    for (const event of entered) known.events.set(keyOf(event), event);
    for (const key of left) known.events.delete(key);
    if (known.events.size > 0) this.watched.set(node, known);
    else this.watched.delete(node);
  }

  private sendAll(): void {
    const all = [...this.workers.values()].flatMap((events) => [...events.values()]);
    for (let i = 0; i === 0 || i < all.length; i += MAX_EVENTS) this.send({ anew: i === 0, entered: all.slice(i, i + MAX_EVENTS) });
  }

  private send(update: Partial<CallbackSessionsUpdate>): void {
    const [self] = this.options.members();
    if (this.witness === null || !self) return;
    this.options.send(this.witness, { node: self.id, instance: self.instance, anew: false, entered: [], left: [], ...update });
  }
}
