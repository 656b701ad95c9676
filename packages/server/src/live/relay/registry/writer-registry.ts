/**
 * Decides which process writes which stream: terms are claimed here only, so that two processes never write one log. Each node has one
 * registry, in its supervisor; those of a cluster decide by compare-and-set in the stream table on the bus. On one machine the table is in
 * the same process.
 *
 * A claim takes the next term. The previous writer yields first, unless its publisher lives; where the writer is gone, the new one takes the
 * history from the longest copy. While the bus is unreachable, claims go on from the rows here: the next term is then taken from far ahead,
 * so that two parts of a partitioned network never take the same one, and the higher term wins when they meet.
 */
import { randomBytes, randomInt } from "node:crypto";
import type { Bus } from "../../../platform/bus/bus.ts";
import type { Clock } from "../../../platform/clock.ts";
import type { Job } from "../../../platform/jobs/job.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { liveText } from "../../live-texts.ts";
import type { Claim, ClaimOptions, Location, Occupancy, Yielded } from "../../streams/index.ts";
import { JobLeases, RECORD, recorderCandidates, recorderOf } from "./job-leases.ts";
import { PeerGone, type RegistryLimits, type RegistryNodes, type RegistryPeers } from "./registry-peers.ts";
import { sourcesFor } from "./sources.ts";
import { type Copy, longest, StreamCopies } from "./stream-copies.ts";
import { type StreamRow, StreamTable } from "./stream-table.ts";
import { keyOf, nodeOf, type StreamKey, type StreamTableEntry } from "./stream-table-entry.ts";

/** Outcome of a claim. offline: the entry where the bus does not answer. */
type Decision = { readonly entry: StreamTableEntry; readonly offline: StreamTableEntry; readonly from: Claim["from"] };

/** A write that another node overtook is decided again, at most so often. */
const TRIES = 8;
/** Rows that a sweep looks at while no node comes or goes: what is to be done for them follows from their changes, and the sweep repeats it. */
const ROWS_PER_SWEEP = 500;
/** How far ahead the terms are that are taken while the bus is unreachable. */
const AHEAD = { least: 1000, most: 1_000_000 } as const;
/** Makes an epoch's name, which cannot be guessed: it gives access to the stream's files. */
const newEpoch = () => randomBytes(9).toString("base64url");

export class WriterRegistry {
  private readonly peers: RegistryPeers;
  private readonly nodes: RegistryNodes;
  private readonly limits: () => RegistryLimits;
  private readonly clock: Clock;
  private readonly table: StreamTable;
  private readonly leases: JobLeases;
  private readonly copies = new StreamCopies();
  private readonly graces = new Map<string, () => void>();
  /** Claims of one stream are decided one after the other. */
  private readonly queues = new Map<string, Promise<unknown>>();
  /** Streams that this node writes or is an origin of. */
  private ownStreams = 0;

  constructor(bus: Bus, peers: RegistryPeers, nodes: RegistryNodes, limits: () => RegistryLimits, clock: Clock) {
    this.peers = peers;
    this.nodes = nodes;
    this.limits = limits;
    this.clock = clock;
    this.table = new StreamTable(bus, clock, {
      put: (row, before) => this.onPut(row, before),
      removed: (entry) => this.forget(entry),
      gossip: peers.gossip,
      isOurs: ({ writer }) => this.isHere(writer),
      // When a process dies, its copies are forgotten first.
      isWriting: ({ app, name, writer }) => this.isHere(writer) && this.copies.has(keyOf(app, name), writer),
      orphaned: (row) => void this.vacate(row),
    });
    const record = {
      kind: RECORD,
      candidates: recorderCandidates,
      isRunning: (entry: StreamTableEntry) => this.isRecordable(entry) && this.leadOf(entry) !== null,
    };
    this.leases = new JobLeases(this.table, nodes, (entry) => [record, ...peers.jobsOf(entry)]);
  }

  /** A process of this node has started. */
  joined(worker: string): void {
    this.copies.addWorker(worker);
  }

  /** All live streams. */
  keys(): StreamKey[] {
    return this.table.all().map(({ entry: { app, name } }) => ({ app, name }));
  }

  entry(app: string, name: string): StreamTableEntry | null {
    return this.table.get(keyOf(app, name))?.entry ?? null;
  }

  /** Leased jobs that this node answers for. */
  jobs(): Job[] {
    return this.leases.own();
  }

  /** All rows. */
  entries(): StreamTableEntry[] {
    return this.table.all().map(({ entry }) => entry);
  }

  /** Leases a job of a stream to this node. False when another node was faster, or the stream is over. */
  async takeJob(app: string, name: string, kind: string, cores: number): Promise<boolean> {
    return await this.leases.take(keyOf(app, name), kind, cores);
  }

  /** Gives this node's lease of a job back. */
  async releaseJob(app: string, name: string, kind: string): Promise<void> {
    await this.leases.release(keyOf(app, name), kind);
  }

  /** Where a stream is, for a process of this node; null when it is over. */
  locate(worker: string, app: string, name: string): Location | null {
    const entry = this.entry(app, name);
    if (!entry) return null;
    const { epoch, term, startedAt, writer, origins } = entry;
    const { self } = this.nodes;
    const lead = this.leadOf(entry);
    const isLead = worker === lead;
    const recorderNode = recorderOf(entry, this.nodes);
    return {
      epoch,
      term,
      startedAt,
      writer,
      recorderNode,
      sources: sourcesFor(worker, entry, { lead, copies: this.copies.of(keyOf(app, name)) }, this.nodes),
      isOriginCopy: isLead && origins.includes(self) && !this.isHere(writer),
      record: isLead && recorderNode === self && this.isRecordable(entry),
    };
  }

  /** The process of this node that brings a stream to it; null when it is not live. */
  leadFor(app: string, name: string): string | null {
    const entry = this.entry(app, name);
    return entry && this.leadOf(entry);
  }

  /** Gives a stream's next term to a process of this node. */
  async claim(peer: string, app: string, name: string, fresh: boolean, options: ClaimOptions): Promise<Claim | Refusal> {
    const key = keyOf(app, name);
    const before = this.queues.get(key) ?? Promise.resolve();
    const turn = before.then(() => this.decide(peer, app, name, fresh, options));
    const settled = turn.catch(() => {});
    this.queues.set(key, settled);
    try {
      return await turn;
    } finally {
      if (this.queues.get(key) === settled) this.queues.delete(key);
    }
  }

  /** Whether a claim would find a living publisher. */
  async occupied(app: string, name: string, silentMs: number | null): Promise<Occupancy> {
    const writer = this.entry(app, name)?.writer ?? null;
    return writer === null ? "free" : await this.peers.occupied(writer, app, name, silentMs).catch(() => "free" as const);
  }

  /** A process of this node has a copy from now on. */
  copyAdded(peer: string, app: string, name: string, epoch: string): void {
    const row = this.find(app, name, epoch);
    if (row && this.copies.add(keyOf(app, name), peer) && row.entry.writer === null) this.peers.changed(app, name);
  }

  /** A process of this node has no copy any more. */
  copyRemoved(peer: string, app: string, name: string, epoch: string): void {
    const row = this.find(app, name, epoch);
    const key = keyOf(app, name);
    if (!this.copies.remove(key, peer) || !row || row.entry.writer !== null) return;
    if (this.copies.of(key).length === 0 && this.isOnlyHere(row.entry)) void this.table.end(row);
  }

  ended(peer: string, app: string, name: string, epoch: string): void {
    const row = this.find(app, name, epoch);
    if (row?.entry.writer === peer) void this.table.end(row);
  }

  /** A process of this node has died. Its streams wait for their publishers, where there is a copy. */
  gone(worker: string): void {
    this.copies.removeWorker(worker);
    for (const row of this.table.all()) {
      const { entry } = row;
      const key = keyOf(entry.app, entry.name);
      const had = this.copies.remove(key, worker);
      if (entry.writer !== worker) {
        if (had) this.peers.changed(entry.app, entry.name);
      } else if (this.copies.of(key).length === 0 && this.isOnlyHere(entry)) void this.table.end(row);
      else void this.vacate(row);
    }
  }

  /** The longest copy on this node; null when there is none. */
  async newestHere(app: string, name: string): Promise<Copy | null> {
    const newest = async (peer: string) => ({ peer, head: await this.peers.newest(peer, app, name).catch(() => null) });
    return longest(await Promise.all(this.copies.of(keyOf(app, name)).map(newest)));
  }

  /** Takes a row of the stream table that another node has sent directly, because the bus is unreachable. */
  takeGossip(row: string): void {
    this.table.takeGossip(row);
  }

  /**
   * Takes over what nodes have left that are gone: streams without a writer, and leases of jobs. To be called every second or two.
   * @param nodesChanged a node has come, gone, or is drained
   */
  async sweep(nodesChanged = false): Promise<void> {
    if (!this.table.connected) return;
    const replacing: Promise<void>[] = [this.table.republish()];
    const rows = nodesChanged ? this.table.all() : this.table.some(ROWS_PER_SWEEP);
    for (const row of rows) {
      const { entry } = row;
      const writerNode = entry.writer === null ? null : nodeOf(entry.writer);
      if (writerNode === this.nodes.self) {
        if (nodesChanged) replacing.push(this.replaceOrigins(keyOf(entry.app, entry.name)));
      } else if (this.decides(entry)) {
        if (writerNode !== null && !this.nodes.isUp(writerNode)) replacing.push(this.vacate(row));
        else if (writerNode === null) this.awaitPublisher(row);
      }
    }
    await Promise.all(replacing);
    await this.leases.sweep(rows);
  }

  /** Claims and gives back jobs at once, because people want others. */
  async sweepJobs(): Promise<void> {
    await this.leases.sweep();
  }

  private isHere(peer: string | null): boolean {
    return peer !== null && nodeOf(peer) === this.nodes.self;
  }

  /** No other node has a copy that has to be there. */
  private isOnlyHere({ origins }: StreamTableEntry): boolean {
    return !origins.some((origin) => origin !== this.nodes.self && this.nodes.isUp(origin));
  }

  /** Without a writer, only a stream with several origins can go on. */
  private isRecordable({ writer, origins }: StreamTableEntry): boolean {
    return writer !== null || origins.length > 1;
  }

  /** Whether this node decides for a stream whose writer is gone. */
  private decides({ origins }: StreamTableEntry): boolean {
    return (origins.find((origin) => this.nodes.isUp(origin)) ?? this.nodes.eldest()) === this.nodes.self;
  }

  private leadOf({ app, name, writer }: StreamTableEntry): string | null {
    return this.copies.leadOf(keyOf(app, name), this.isHere(writer) ? writer : null);
  }

  private async decide(peer: string, app: string, name: string, fresh: boolean, options: ClaimOptions): Promise<Claim | Refusal> {
    const key = keyOf(app, name);
    for (let tries = 0; tries < TRIES; tries++) {
      const row = this.table.get(key);
      const decision = row && !fresh ? await this.succeed(peer, row, options) : this.begin(peer, app, name, row);
      if (decision instanceof Refusal) return decision;
      // While the writer was asked, the stream may have gone on elsewhere.
      if (this.table.get(key) !== row) continue;
      const { entry, offline, from } = decision;
      if (!(await this.table.store(entry, row, offline))) {
        await this.table.refresh(key);
        continue;
      }
      this.endGrace(key);
      this.copies.add(key, peer);
      const { epoch, startedAt, origins } = entry;
      const { term } = this.table.get(key)?.entry ?? entry;
      return { epoch, term, startedAt, from, acknowledged: !origins.includes(this.nodes.self) };
    }
    return new Refusal("publisher-present");
  }

  private begin(peer: string, app: string, name: string, before: StreamRow | null): Decision | Refusal {
    if (!before && this.isFull()) return new Refusal("full", liveText("streams-full"));
    const entry: StreamTableEntry = {
      app,
      name,
      epoch: newEpoch(),
      term: 1,
      startedAt: this.clock.utc(),
      writer: peer,
      jobs: {},
      otherFields: {},
      ...this.placement(keyOf(app, name), peer, null),
    };
    return { entry, offline: entry, from: null };
  }

  private isFull(): boolean {
    return this.ownStreams >= this.limits().streams;
  }

  /** Whether the stream counts against this node's limit. */
  private isOwn({ origins, writer }: StreamTableEntry): boolean {
    return origins.includes(this.nodes.self) || this.isHere(writer);
  }

  /** The next term of a live stream, if its writer yields. */
  private async succeed(peer: string, row: StreamRow, options: ClaimOptions): Promise<Decision | Refusal> {
    const { entry } = row;
    const { app, name, writer } = entry;
    let from: Claim["from"] = null;
    // The writer has yielded to this process: no other can take the next term.
    let isSure = false;
    let yielded: Yielded | null = null;
    if (writer !== null) {
      try {
        yielded = await this.peers.yield(writer, app, name, peer, options);
        isSure = true;
      } catch (error) {
        // The process does not answer, but its node may be alive, and its publisher with it.
        if (!(error instanceof PeerGone) && this.table.connected && this.nodes.isUp(nodeOf(writer)) && !this.isHere(writer))
          return new Refusal("publisher-present");
      }
    }
    if (yielded?.living) return new Refusal("publisher-present");
    if (yielded && writer !== null) {
      if (writer !== peer && yielded.head) from = { peer: writer, head: yielded.head };
    } else {
      const best = await this.longestCopy(entry);
      if (!best) return this.begin(peer, app, name, row);
      if (best.peer !== peer) from = best;
    }
    const placement = this.placement(keyOf(app, name), peer, entry);
    const next: StreamTableEntry = { ...entry, term: entry.term + 1, writer: peer, ...placement };
    const ahead = { ...next, term: next.term + randomInt(AHEAD.least, AHEAD.most) };
    return { entry: next, offline: isSure ? next : ahead, from };
  }

  /** Origins and recorder of a stream that is published here. */
  private placement(
    key: string,
    writer: string,
    before: StreamTableEntry | null,
  ): Pick<StreamTableEntry, "origins" | "recorderNode"> {
    const origins = this.nodes.originsFor(key, before?.origins ?? []);
    return { origins, recorderNode: recorderOf({ origins, writer, recorderNode: before?.recorderNode ?? "" }, this.nodes) };
  }

  private async longestCopy({ app, name, origins }: StreamTableEntry): Promise<Copy | null> {
    const others = origins.filter((origin) => origin !== this.nodes.self);
    const asked = others.map((node) => this.peers.newestAt(node, app, name).catch(() => null));
    return longest(await Promise.all([this.newestHere(app, name), ...asked]));
  }

  private onPut(row: StreamRow, before: StreamRow | null): void {
    const { app, name, writer, epoch } = row.entry;
    const key = keyOf(app, name);
    this.ownStreams += Number(this.isOwn(row.entry)) - Number(before !== null && this.isOwn(before.entry));
    if (before && before.entry.epoch !== epoch) this.copies.reset(key);
    if (writer !== null) this.endGrace(key);
    else if (this.decides(row.entry)) this.awaitPublisher(row);
    this.peers.changed(app, name);
  }

  private forget(entry: StreamTableEntry): void {
    const { app, name } = entry;
    const key = keyOf(app, name);
    this.ownStreams -= Number(this.isOwn(entry));
    this.endGrace(key);
    this.copies.forget(key);
    this.peers.changed(app, name);
  }

  private endGrace(key: string): void {
    this.graces.get(key)?.();
    this.graces.delete(key);
  }

  private find(app: string, name: string, epoch: string): StreamRow | null {
    const row = this.table.get(keyOf(app, name));
    return row?.entry.epoch === epoch ? row : null;
  }

  /** The writer is gone: the stream waits for its publisher. */
  private async vacate(row: StreamRow): Promise<void> {
    await this.table.storeOrRefresh({ ...row.entry, writer: null }, row);
  }

  private awaitPublisher({ entry: { app, name, epoch, term } }: StreamRow): void {
    const key = keyOf(app, name);
    if (this.graces.has(key)) return;
    const cancel = this.clock.after(this.limits().graceMs, () => {
      this.graces.delete(key);
      const now = this.table.get(key);
      if (now?.entry.epoch === epoch && now.entry.term === term && now.entry.writer === null) void this.table.end(now);
    });
    this.graces.set(key, cancel);
  }

  /** Nodes have come or gone: chooses the origins of a stream that is written here again. Another node may claim a job at the same time. */
  private async replaceOrigins(key: string): Promise<void> {
    for (let tries = 0; tries < TRIES; tries++) {
      const row = this.table.get(key);
      const writer = row?.entry.writer ?? null;
      if (!row || writer === null || !this.isHere(writer)) return;
      const { origins, recorderNode } = row.entry;
      const next = this.placement(key, writer, row.entry);
      if (next.origins.join() === origins.join() && next.recorderNode === recorderNode) return;
      if (await this.table.store({ ...row.entry, ...next }, row)) return;
      await this.table.refresh(key);
    }
  }
}
