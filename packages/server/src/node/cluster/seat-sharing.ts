/**
 * Shares the seats of this node with the other nodes: each change within some milliseconds, and all seats with a node that has come, or that has
 * missed an update. Each node counts the updates to each other one, so a lost update is noticed.
 */
import type { SeatsUpdate, SharedSeat } from "../../access/seats/seat-messages.ts";
import type { Member } from "../../network/membership.ts";
import { isShared, type Seat, type SeatTable } from "./seat-table.ts";

export type SeatSharingOptions = {
  /** This node. */
  readonly self: () => Pick<Member, "id" | "instance"> | null;
  /** Sessions that lost their seats, for a node that has come. */
  readonly ended: () => readonly number[];
  readonly send: (node: string, update: SeatsUpdate) => void;
  /** Asks a node for all its seats. */
  readonly sendMissed: (node: string) => void;
};

type News = Pick<SeatsUpdate, "seats" | "left" | "counts" | "ended">;
/** What this node sends to another one, and has got from it. */
type Peer = { readonly instance: string; sent: number; got: { instance: string; count: number } | null };

/** Changes that come within this share a message. */
const SHARE_MS = 10;
/** Of seats, and of each other list in one message: it takes well below a millisecond to write. */
const MAX_AT_ONCE = 100;
/** Seats that are looked at in one turn of the event loop. */
const MAX_LOOKED_AT = 2000;
/** In seconds: so often a node without news sends its count, which shows others whether they have missed the last update. */
const CONFIRM_EVERY = 5;
const NO_NEWS: News = { seats: [], left: [], counts: [], ended: [] };

export class SeatSharing {
  private readonly table: SeatTable;
  private readonly options: SeatSharingOptions;
  private readonly peers = new Map<string, Peer>();
  /** Ids of seats that have changed or are free, and what else is new. */
  private readonly changedIds = new Set<string>();
  private readonly countedStreams = new Set<string>();
  private readonly endedSessions = new Set<number>();
  private timer: NodeJS.Timeout | null = null;
  private known: Pick<Member, "id" | "instance"> | null = null;
  private polls = 0;
  /** Whether anything was sent since the last confirmation. */
  private isNews = false;

  constructor(table: SeatTable, options: SeatSharingOptions) {
    this.table = table;
    this.options = options;
  }

  changed(seat: Seat): void {
    if (isShared(seat)) this.note(this.changedIds, seat.id);
  }

  left(seat: Seat): void {
    if (isShared(seat)) this.note(this.changedIds, seat.id);
  }

  counted(of: string): void {
    this.note(this.countedStreams, of);
  }

  ended(session: number): void {
    this.note(this.endedSessions, session);
  }

  memberChanged({ id, state, instance }: Pick<Member, "id" | "state" | "instance">): void {
    if (id === this.self?.id) return;
    const peer = this.peers.get(id);
    if (state === "gone") this.peers.delete(id);
    if (state === "gone" || (peer && peer.instance !== instance)) void this.table.nodeGone(id);
    if (state === "gone" || peer?.instance === instance) return;
    this.peers.set(id, { instance, sent: 0, got: peer?.got ?? null });
    this.sendAll(id);
  }

  /** Stores an update of another node. */
  take(update: SeatsUpdate): void {
    const { node, instance, count, replaces, seats, left, counts } = update;
    const peer = this.peers.get(node);
    // It asks again when this node has heard of it.
    if (!peer) return;
    const { got } = peer;
    peer.got = { instance, count };
    const isNext = got?.instance === instance && count === got.count + 1;
    if (replaces) void this.table.nodeGone(node);
    else if (!isNext) this.options.sendMissed(node);
    this.table.takeOthers(node, seats, left);
    this.table.takeCounts(node, counts);
  }

  /** Sends all seats to a node. */
  sendAll(node: string): void {
    const peer = this.peers.get(node);
    if (!peer) return;
    this.send(node, peer, { ...NO_NEWS, ended: this.options.ended() }, true);
    void this.sendSlices(node, peer);
  }

  /** To be called each second. */
  poll(): void {
    this.polls++;
    if (this.polls % CONFIRM_EVERY > 0 || (!this.isNews && this.table.isEmpty)) return;
    this.isNews = false;
    for (const [node, peer] of this.peers) this.send(node, peer, NO_NEWS);
  }

  /** Neither changes while the node runs. */
  private get self(): Pick<Member, "id" | "instance"> | null {
    this.known ??= this.options.self();
    return this.known;
  }

  private async sendSlices(node: string, peer: Peer): Promise<void> {
    const counts = this.table.counted();
    for (let i = 0; i < counts.length; i += MAX_AT_ONCE) {
      this.send(node, peer, { ...NO_NEWS, counts: counts.slice(i, i + MAX_AT_ONCE).map((of) => [of, this.table.countOf(of)]) });
      await nextTurn();
    }
    const all = this.table.all();
    for (let isOver = false; !isOver && this.peers.get(node) === peer; ) {
      const seats: SharedSeat[] = [];
      for (let looked = 0; looked < MAX_LOOKED_AT && seats.length < MAX_AT_ONCE && !isOver; looked++) {
        const { value: seat } = all.next();
        isOver = seat === undefined;
        if (seat && isShared(seat)) seats.push(sharedSeat(seat));
      }
      if (seats.length > 0) this.send(node, peer, { ...NO_NEWS, seats });
      await nextTurn();
    }
  }

  private note<T>(what: Set<T>, one: T): void {
    if (this.peers.size === 0) return;
    what.add(one);
    this.timer ??= setTimeout(() => this.share(), SHARE_MS).unref();
  }

  private share(): void {
    const ids = takeFirst(this.changedIds);
    const seats = ids.flatMap((id) => {
      const seat = this.table.get(id);
      return seat && isShared(seat) ? [sharedSeat(seat)] : [];
    });
    const here = new Set(seats.map(({ id }) => id));
    const news: News = {
      seats,
      left: ids.filter((id) => !here.has(id)),
      counts: takeFirst(this.countedStreams).map((of) => [of, this.table.countOf(of)]),
      ended: takeFirst(this.endedSessions),
    };
    for (const [node, peer] of this.peers) this.send(node, peer, news);
    const isMore = this.changedIds.size + this.countedStreams.size + this.endedSessions.size > 0;
    this.timer = isMore ? setTimeout(() => this.share(), 1).unref() : null;
  }

  private send(node: string, peer: Peer, news: News, replaces = false): void {
    const self = this.self;
    this.isNews ||= news !== NO_NEWS;
    if (self) this.options.send(node, { node: self.id, instance: self.instance, count: ++peer.sent, replaces, ...news });
  }
}

function sharedSeat(seat: Seat & { readonly viewer: string }): SharedSeat {
  const { id, of, viewer, device, limits, since, turn, isResting } = seat;
  return { id, of, viewer, device, limits, since, turn, isResting };
}

function takeFirst<T>(from: Set<T>): T[] {
  const taken: T[] = [];
  for (const one of from) {
    if (taken.length >= MAX_AT_ONCE) break;
    from.delete(one);
    taken.push(one);
  }
  return taken;
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
