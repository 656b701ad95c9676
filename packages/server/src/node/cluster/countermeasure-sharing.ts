/**
 * Shares measures against addresses with the other nodes: changes within a second, and all of them with a node that has come, and now and then, because
 * a message may be lost. Measures of a node that is gone last until their time is over.
 */
import type { BlockedAddress, ProtectionNodeMessages } from "../../access/protection/protection-messages.ts";
import type { Member } from "../../network/membership.ts";

type Update = Parameters<ProtectionNodeMessages["heldAddresses"]>[0];

export type CountermeasureSharingOptions = {
  /** This node's name. */
  readonly self: string;
  /** The measures of this node. */
  readonly own: () => readonly BlockedAddress[];
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly send: (node: string, update: Update) => void;
  readonly sendAll: (update: Update) => void;
};

/** Measures in one message: about 100 kB. */
const MAX_AT_ONCE = 300;
/** In seconds: so often each node sends all its measures again. */
const REPEAT_EVERY = 30;
/** Of one other node. */
const MAX_OF_NODE = 5000;

export class CountermeasureSharing {
  private readonly options: CountermeasureSharingOptions;
  private readonly byNode = new Map<string, Map<string, BlockedAddress>>();
  private readonly instances = new Map<string, string>();
  private changes = new Map<string, BlockedAddress>();
  private polls = 0;
  /** Whether other nodes know of measures that a repetition confirms or ends. */
  private isNotified = false;

  constructor(options: CountermeasureSharingOptions) {
    this.options = options;
  }

  /** Measures of other nodes that are in force. */
  get others(): readonly BlockedAddress[] {
    const now = this.options.now();
    return [...this.byNode.values()].flatMap((held) => [...held.values()].filter(({ until }) => until > now));
  }

  othersOf(owner: string): readonly BlockedAddress[] {
    const now = this.options.now();
    return [...this.byNode.values()].flatMap((all) => {
      const held = all.get(owner);
      return held && held.until > now ? [held] : [];
    });
  }

  /** A measure of this node has changed or ended. */
  changed(held: BlockedAddress): void {
    this.changes.set(held.owner, held);
  }

  /** To be called each second. */
  poll(): void {
    this.polls++;
    this.dropEnded();
    const isRepeat = this.polls % REPEAT_EVERY === 0;
    const held = isRepeat ? this.options.own() : [...this.changes.values()];
    this.changes = new Map();
    if (held.length === 0 && !(isRepeat && this.isNotified)) return;
    this.isNotified = held.length > 0;
    for (const update of this.inPieces(held, isRepeat)) this.options.sendAll(update);
  }

  memberChanged({ id, state, instance }: Pick<Member, "id" | "state" | "instance">): void {
    const { self, own, send } = this.options;
    if (id === self) return;
    if (state === "gone") this.instances.delete(id);
    if (state === "gone" || this.instances.get(id) === instance) return;
    this.instances.set(id, instance);
    const held = own();
    if (held.length > 0) for (const update of this.inPieces(held, true)) send(id, update);
  }

  /** Stores an update of another node. Returns what has changed by it. */
  take({ node, held, replaces }: Update): readonly BlockedAddress[] {
    if (node === this.options.self) return [];
    const before = this.byNode.get(node) ?? new Map<string, BlockedAddress>();
    const now = this.options.now();
    const ended = replaces ? [...before.values()] : [];
    const known = replaces ? new Map<string, BlockedAddress>() : before;
    for (const one of held) {
      if (one.until <= now) known.delete(one.owner);
      else if (known.size < MAX_OF_NODE) known.set(one.owner, { ...one, node });
    }
    this.byNode.set(node, known);
    return [...ended, ...held];
  }

  /** Someone has ended the measures against an address. Returns those of other nodes, which end there as well. */
  release(owner: string): readonly BlockedAddress[] {
    const held = this.othersOf(owner);
    for (const all of this.byNode.values()) all.delete(owner);
    return held;
  }

  private dropEnded(): void {
    const now = this.options.now();
    for (const [node, held] of this.byNode) {
      for (const { owner, until } of held.values()) if (until <= now) held.delete(owner);
      if (held.size === 0) this.byNode.delete(node);
    }
  }

  private inPieces(held: readonly BlockedAddress[], replaces: boolean): readonly Update[] {
    const pieces: Update[] = [];
    for (let i = 0; i === 0 || i < held.length; i += MAX_AT_ONCE)
      pieces.push({ node: this.options.self, held: held.slice(i, i + MAX_AT_ONCE), replaces: replaces && i === 0 });
    return pieces;
  }
}
