/**
 * Who may write which stream: the one place where terms are claimed, so that two processes can never both write one log. Each node has one,
 * in its supervisor; those of a cluster decide by compare-and-set in one table of the bus. On one machine the table is in the same process.
 *
 * A claim takes the next term. The process that wrote before lets go first, unless its publisher lives; where it is gone, whoever has
 * the longest copy is where the new writer takes the history from. While the bus is away, claims go on from what is known: the next term
 * is then taken from far ahead, so that two halves of a broken network never take the same one, and the higher one wins when they meet.
 */

import { randomBytes, randomInt } from "node:crypto";
import type { Bus } from "../../../platform/bus/bus.ts";
import type { Clock } from "../../../platform/clock.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { liveText } from "../../live-messages.ts";
import type { Claim, ClaimOptions, Location, LogPosition, Occupancy, Yielded } from "../../streams/index.ts";
import { type Known, StreamTable } from "./stream-table.ts";
import { keyOf, nodeOf, type StreamKey, type StreamTableEntry, workerFor } from "./stream-table-entry.ts";

/** What the registry asks of processes, here and on other nodes. A call fails with `PeerGone` when its process is certainly gone. */
export type RegistryPeers = {
  /** Null when the process does not have the stream. */
  readonly yield: (peer: string, app: string, name: string, to: string, manner: ClaimOptions) => Promise<Yielded | null>;
  /** Whether a living publisher has the stream at this process. */
  readonly occupied: (peer: string, app: string, name: string, silentMs: number | null) => Promise<Occupancy>;
  /** The newest record of a copy; null when it is empty. */
  readonly newest: (peer: string, app: string, name: string) => Promise<LogPosition | null>;
  /** The longest copy on another node; null when it has none. */
  readonly newestAt: (node: string, app: string, name: string) => Promise<Copy | null>;
  /** A stream is elsewhere than before, or over: the processes of this node have to be told. */
  readonly changed: (app: string, name: string) => void;
  /** The bus is away: tells other nodes what it would tell them. */
  readonly spread: (entry: StreamTableEntry) => void;
};

/** A copy that is somewhere, and up to where. */
export type Copy = { readonly peer: string; readonly head: LogPosition };

/** What the registry knows of the nodes. */
export type RegistryNodes = {
  readonly self: string;
  /** False when a node is gone, as far as this one knows. */
  readonly isUp: (node: string) => boolean;
  /** Who keeps a stream that is published here. Those of `before` that can stay, stay. */
  readonly originsFor: (key: string, before: readonly string[]) => readonly string[];
  /** Whom this node asks for a stream that it keeps no copy of by itself, the best first: nodes. */
  readonly upstreamsOf: (key: string, origins: readonly string[]) => readonly string[];
  /** Which of a node's processes to ask for a stream. */
  readonly peerAt: (node: string, key: string) => string;
  /** Who decides when the nodes that would have to are gone. */
  readonly eldest: () => string;
};

/** A process is gone for certain: its machine has said so, or its connection broke. */
export class PeerGone extends Error {
  override readonly name = "PeerGone";
}

export type RegistryLimits = { readonly streams: number; readonly graceMs: number };

/** What a claim comes to. alone: where the bus does not answer. */
type Decision = { readonly entry: StreamTableEntry; readonly alone: StreamTableEntry; readonly from: Claim["from"] };

/** Claims that were overtaken are decided anew, so often. */
const TRIES = 8;
/** How far ahead the terms are that are taken while the bus is away. */
const AHEAD = { least: 1000, most: 1_000_000 } as const;
/** Makes an epoch's name, which cannot be guessed: whoever knows it may fetch the stream's files. */
const newEpoch = () => randomBytes(9).toString("base64url");

export class WriterRegistry {
  private readonly peers: RegistryPeers;
  private readonly nodes: RegistryNodes;
  private readonly limits: () => RegistryLimits;
  private readonly clock: Clock;
  private readonly ledger: StreamTable;
  /** The processes of this node, and which of them keep a copy of what. */
  private readonly workers = new Set<string>();
  private readonly holders = new Map<string, Set<string>>();
  /** The process of this node that brings a stream to it from elsewhere. */
  private readonly leads = new Map<string, string>();
  private readonly graces = new Map<string, () => void>();
  /** Claims of one stream are decided one after the other. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(bus: Bus, peers: RegistryPeers, nodes: RegistryNodes, limits: () => RegistryLimits, clock: Clock) {
    this.peers = peers;
    this.nodes = nodes;
    this.limits = limits;
    this.clock = clock;
    this.ledger = new StreamTable(bus, clock, {
      put: (known, before) => this.heard(known, before),
      removed: (entry) => this.forget(entry),
      spread: peers.spread,
      isOurs: ({ writer }) => this.isHere(writer),
      orphaned: (known) => void this.vacate(known),
    });
  }

  /** A process of this node is there, and follows what others write. */
  joined(worker: string): void {
    this.workers.add(worker);
  }

  /** Everything that is live. */
  keys(): StreamKey[] {
    return this.ledger.all().map(({ entry: { app, name } }) => ({ app, name }));
  }

  entry(app: string, name: string): StreamTableEntry | null {
    return this.ledger.get(keyOf(app, name))?.entry ?? null;
  }

  /** Where a stream is, as a process of this node has to know it; null when it is over. */
  locate(worker: string, app: string, name: string): Location | null {
    const key = keyOf(app, name);
    const entry = this.ledger.get(key)?.entry;
    if (!entry) return null;
    const { epoch, term, startedAt, writer, origins } = entry;
    const { self, isUp } = this.nodes;
    const lead = this.leadOf(key, entry);
    const isLead = worker === lead;
    const isOriginCopy = isLead && origins.includes(self) && !this.isHere(writer);
    const keeper = [entry.keeper, ...origins].find(isUp) ?? self;
    const record = isLead && keeper === self && (writer !== null || origins.length > 1);
    return {
      epoch,
      term,
      startedAt,
      writer,
      sources: this.sources(worker, key, entry, lead),
      isOriginCopy,
      record,
      recorderNode: keeper,
    };
  }

  /** The process of this node that brings a stream to it; null when it is not live. */
  leadFor(app: string, name: string): string | null {
    const key = keyOf(app, name);
    const known = this.ledger.get(key);
    return known ? this.leadOf(key, known.entry) : null;
  }

  /** Gives a stream's next term to a process of this node. */
  async claim(peer: string, app: string, name: string, fresh: boolean, manner: ClaimOptions): Promise<Claim | Refusal> {
    const key = keyOf(app, name);
    const before = this.turns.get(key) ?? Promise.resolve();
    const turn = before.then(() => this.decide(peer, app, name, fresh, manner));
    const settled = turn.catch(() => {});
    this.turns.set(key, settled);
    try {
      return await turn;
    } finally {
      if (this.turns.get(key) === settled) this.turns.delete(key);
    }
  }

  /** Whether a claim would find a living publisher. */
  async occupied(app: string, name: string, silentMs: number | null): Promise<Occupancy> {
    const writer = this.entry(app, name)?.writer ?? null;
    return writer === null ? "free" : await this.peers.occupied(writer, app, name, silentMs).catch(() => "free" as const);
  }

  keeps(peer: string, app: string, name: string, epoch: string): void {
    const known = this.find(app, name, epoch);
    const holders = this.holdersOf(keyOf(app, name));
    if (!known || holders.has(peer)) return;
    holders.add(peer);
    if (known.entry.writer === null) this.peers.changed(app, name);
  }

  drops(peer: string, app: string, name: string, epoch: string): void {
    const known = this.find(app, name, epoch);
    const holders = this.holdersOf(keyOf(app, name));
    if (!holders.delete(peer) || !known || known.entry.writer !== null) return;
    if (holders.size === 0 && this.isAlone(known.entry)) void this.ledger.end(known);
  }

  ended(peer: string, app: string, name: string, epoch: string): void {
    const known = this.find(app, name, epoch);
    if (known?.entry.writer === peer) void this.ledger.end(known);
  }

  /** A process of this node has died. What it wrote is waited for, where somebody has a copy of it. */
  gone(worker: string): void {
    this.workers.delete(worker);
    for (const [key, lead] of this.leads) if (lead === worker) this.leads.delete(key);
    for (const known of this.ledger.all()) {
      const key = keyOf(known.entry.app, known.entry.name);
      const had = this.holders.get(key)?.delete(worker) ?? false;
      const { entry } = known;
      if (entry.writer !== worker) {
        if (had) this.peers.changed(entry.app, entry.name);
      } else if (this.holdersOf(key).size === 0 && this.isAlone(entry)) void this.ledger.end(known);
      else void this.vacate(known);
    }
  }

  /** The longest copy on this node; null when there is none. */
  async newestHere(app: string, name: string): Promise<Copy | null> {
    const holders = [...(this.holders.get(keyOf(app, name)) ?? [])];
    return longest(
      await Promise.all(holders.map(async (peer) => ({ peer, head: await this.peers.newest(peer, app, name).catch(() => null) }))),
    );
  }

  /** Another node says what the bus would say, if it were there. */
  hear(text: string): void {
    this.ledger.heard(text);
  }

  /**
   * Looks whether somebody who had to do something is gone. To be called every second or two.
   * @param nodesChanged a node has come, gone, or is drained
   */
  tend(nodesChanged = false): void {
    if (!this.ledger.connected) return;
    void this.ledger.retell();
    for (const known of this.ledger.all()) {
      const { entry } = known;
      const writerNode = entry.writer === null ? null : nodeOf(entry.writer);
      if (writerNode === this.nodes.self) {
        if (nodesChanged) void this.replaceOrigins(known);
      } else if (this.decides(entry)) {
        if (writerNode !== null && !this.nodes.isUp(writerNode)) void this.vacate(known);
        else if (writerNode === null) this.wait(known);
      }
    }
  }

  private isHere(peer: string | null): boolean {
    return peer !== null && nodeOf(peer) === this.nodes.self;
  }

  /** No other node keeps it. */
  private isAlone({ origins }: StreamTableEntry): boolean {
    return !origins.some((origin) => origin !== this.nodes.self && this.nodes.isUp(origin));
  }

  /** Whether it is this node that decides for a stream whose writer is gone. */
  private decides({ origins }: StreamTableEntry): boolean {
    return (origins.find((origin) => this.nodes.isUp(origin)) ?? this.nodes.eldest()) === this.nodes.self;
  }

  private holdersOf(key: string): Set<string> {
    const holders = this.holders.get(key) ?? new Set();
    this.holders.set(key, holders);
    return holders;
  }

  private leadOf(key: string, { writer }: StreamTableEntry): string | null {
    if (writer !== null && this.isHere(writer)) return writer;
    const known = this.leads.get(key);
    if (known && this.workers.has(known)) return known;
    const holder = [...(this.holders.get(key) ?? [])][0];
    const lead = holder ?? workerFor(key, [...this.workers].sort());
    if (lead) this.leads.set(key, lead);
    return lead ?? null;
  }

  private sources(worker: string, key: string, { writer, origins }: StreamTableEntry, lead: string | null): string[] {
    if (worker === writer) return [];
    if (lead !== null && worker !== lead) return [lead];
    const { self, peerAt, upstreamsOf, isUp } = this.nodes;
    const keeps = origins.includes(self);
    const nodes = keeps ? origins.filter((origin) => origin !== self) : upstreamsOf(key, origins);
    const peers = nodes.filter(isUp).map((node) => (writer !== null && nodeOf(writer) === node ? writer : peerAt(node, key)));
    // Origins follow the writer itself; others only where no origin can be had.
    const all = writer === null ? peers : keeps ? [writer, ...peers] : [...peers, writer];
    const elsewhere = [...new Set(all)].filter((peer) => nodeOf(peer) !== self);
    return elsewhere.length > 0 ? elsewhere : [...(this.holders.get(key) ?? [])].filter((peer) => peer !== worker);
  }

  private async decide(peer: string, app: string, name: string, fresh: boolean, manner: ClaimOptions): Promise<Claim | Refusal> {
    const key = keyOf(app, name);
    for (let tries = 0; tries < TRIES; tries++) {
      const known = this.ledger.get(key);
      const decision = known && !fresh ? await this.succeed(peer, known, manner) : this.begin(peer, app, name, known);
      if (decision instanceof Refusal) return decision;
      // While its writer was asked, the stream may have gone on without us.
      if (this.ledger.get(key) !== known) continue;
      const { entry, alone, from } = decision;
      if (!(await this.ledger.store(entry, known, alone))) {
        await this.ledger.refresh(key);
        continue;
      }
      this.endGrace(key);
      this.holdersOf(key).add(peer);
      const { epoch, startedAt, origins } = entry;
      const { term } = this.ledger.get(key)?.entry ?? entry;
      return { epoch, term, startedAt, from, acknowledged: !origins.includes(this.nodes.self) };
    }
    return new Refusal("publisher-present");
  }

  private begin(peer: string, app: string, name: string, before: Known | null): Decision | Refusal {
    if (!before && this.isFull()) return new Refusal("full", liveText("streams-full"));
    const kept = this.kept(keyOf(app, name), null);
    const entry: StreamTableEntry = { app, name, epoch: newEpoch(), term: 1, startedAt: this.clock.utc(), writer: peer, ...kept };
    return { entry, alone: entry, from: null };
  }

  private isFull(): boolean {
    const { self } = this.nodes;
    let count = 0;
    for (const { entry } of this.ledger.all()) if (entry.origins.includes(self) || this.isHere(entry.writer)) count++;
    return count >= this.limits().streams;
  }

  /** The next term of a stream that is there, if its writer lets go of it. */
  private async succeed(peer: string, known: Known, manner: ClaimOptions): Promise<Decision | Refusal> {
    const { entry } = known;
    const { app, name, writer } = entry;
    let from: Claim["from"] = null;
    // The writer has let go to us: nobody else can take the next term.
    let isSure = false;
    let yielded: Yielded | null = null;
    if (writer !== null) {
      try {
        yielded = await this.peers.yield(writer, app, name, peer, manner);
        isSure = true;
      } catch (error) {
        // Nobody answers there, but the node may be alive, and its publisher with it.
        if (!(error instanceof PeerGone) && this.ledger.connected && this.nodes.isUp(nodeOf(writer)) && !this.isHere(writer))
          return new Refusal("publisher-present");
      }
    }
    if (yielded?.living) return new Refusal("publisher-present");
    if (yielded && writer !== null) {
      if (writer !== peer && yielded.head) from = { peer: writer, head: yielded.head };
    } else {
      const best = await this.longestCopy(entry);
      if (!best) return this.begin(peer, app, name, known);
      if (best.peer !== peer) from = best;
    }
    const next: StreamTableEntry = { ...entry, term: entry.term + 1, writer: peer, ...this.kept(keyOf(app, name), entry) };
    const ahead = { ...next, term: next.term + randomInt(AHEAD.least, AHEAD.most) };
    return { entry: next, alone: isSure ? next : ahead, from };
  }

  /**
   * Who keeps a stream that is published here, and who of them records it: another node than this one, where there is one, since that the
   * publisher's node dies is what a recording has to outlive.
   */
  private kept(key: string, before: StreamTableEntry | null): Pick<StreamTableEntry, "origins" | "keeper"> {
    const { self, isUp, originsFor } = this.nodes;
    const origins = originsFor(key, before?.origins ?? []);
    const others = origins.filter((origin) => origin !== self);
    const keeper = [...(before ? [before.keeper] : []), ...others].find((origin) => origins.includes(origin) && isUp(origin));
    return { origins, keeper: keeper ?? self };
  }

  private async longestCopy({ app, name, origins }: StreamTableEntry): Promise<Copy | null> {
    const elsewhere = origins.filter((origin) => origin !== this.nodes.self);
    const asked = elsewhere.map((node) => this.peers.newestAt(node, app, name).catch(() => null));
    return longest(await Promise.all([this.newestHere(app, name), ...asked]));
  }

  /** An entry is another than before. */
  private heard(known: Known, before: Known | null): void {
    const { app, name, writer, epoch } = known.entry;
    const key = keyOf(app, name);
    if (before && before.entry.epoch !== epoch) this.holders.delete(key);
    if (writer !== null) this.endGrace(key);
    else if (this.decides(known.entry)) this.wait(known);
    this.peers.changed(app, name);
  }

  private forget({ app, name }: StreamTableEntry): void {
    const key = keyOf(app, name);
    this.endGrace(key);
    this.holders.delete(key);
    this.leads.delete(key);
    this.peers.changed(app, name);
  }

  private endGrace(key: string): void {
    this.graces.get(key)?.();
    this.graces.delete(key);
  }

  private find(app: string, name: string, epoch: string): Known | null {
    const known = this.ledger.get(keyOf(app, name));
    return known?.entry.epoch === epoch ? known : null;
  }

  /** The writer is gone: the stream is waited for. */
  private async vacate(known: Known): Promise<void> {
    const entry: StreamTableEntry = { ...known.entry, writer: null };
    if (!(await this.ledger.store(entry, known))) await this.ledger.refresh(keyOf(entry.app, entry.name));
  }

  private wait({ entry: { app, name, epoch, term } }: Known): void {
    const key = keyOf(app, name);
    if (this.graces.has(key)) return;
    const cancel = this.clock.after(this.limits().graceMs, () => {
      this.graces.delete(key);
      const now = this.ledger.get(key);
      if (now?.entry.epoch === epoch && now.entry.term === term && now.entry.writer === null) void this.ledger.end(now);
    });
    this.graces.set(key, cancel);
  }

  private async replaceOrigins(known: Known): Promise<void> {
    const { app, name, origins, keeper } = known.entry;
    const next = this.kept(keyOf(app, name), known.entry);
    if (next.origins.join() === origins.join() && next.keeper === keeper) return;
    if (!(await this.ledger.store({ ...known.entry, ...next }, known))) await this.ledger.refresh(keyOf(app, name));
  }
}

function longest(copies: readonly ({ readonly peer: string; readonly head: LogPosition | null } | null)[]): Copy | null {
  let best: Copy | null = null;
  for (const copy of copies) {
    if (!copy?.head) continue;
    const { peer, head } = copy;
    if (!best || head.term > best.head.term || (head.term === best.head.term && head.sequence > best.head.sequence))
      best = { peer, head };
  }
  return best;
}
