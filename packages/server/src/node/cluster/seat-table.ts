/**
 * Keeps the seats of a node's viewers, and those of other nodes as they tell them. It says who gets a seat, and which of this node's seats are
 * lost. It knows no messages: `node/ipc/seat-handlers.ts` sends them.
 */
import { NO_LIMITS } from "../../access/seats/seat-limits.ts";
import type { SeatAnswer, SeatDenial, SeatLimits, SeatLoss, SeatRequest, SharedSeat } from "../../access/seats/seat-messages.ts";
import { lostSeats } from "../../access/seats/seat-order.ts";

export type Seat = Omit<SharedSeat, "viewer"> & {
  readonly viewer: string | null;
  readonly trial: SeatLimits;
  /** Null: a seat of this node. */
  readonly node: string | null;
  /** The worker whose admission it is; null: the admission is over, and a session goes on at any worker. */
  readonly worker: string | null;
  /** The number of its HLS session; null: it has none. */
  readonly session: number | null;
  /** When a worker last saw its session, or it began to rest: monotonic milliseconds. */
  readonly seenAt: number;
};

/** All about seats of this node. */
export type SeatEvents = {
  /** A seat is new, or has changed. */
  readonly changed: (seat: Seat) => void;
  readonly left: (seat: Seat) => void;
  /** A seat was taken away, which `left` has told. */
  readonly lost: (seat: Seat, because: SeatLoss["because"]) => void;
  /** The viewers of a stream that has a limit of all have changed. */
  readonly counted: (of: string) => void;
};

export type SeatClock = { readonly utc: () => number; readonly monotonic: () => number };

/** A session that no worker has seen for this long rests: players fetch recordings by segments of several seconds, and workers report each few. */
const UNSEEN_MS = 30_000;
/** A seat that rests for this long is lost. */
const MAX_REST_MS = 3_600_000;
const STEP_MS = 0.001;
/** Takes about a millisecond. */
const MAX_AT_ONCE = 500;
const NOBODY: ReadonlySet<string> = new Set();

export class SeatTable {
  private readonly events: SeatEvents;
  private readonly clock: SeatClock;
  private readonly seats = new Map<string, Seat>();
  /** Ids by viewer. */
  private readonly groups = new IdGroups();
  /** Ids by worker, and by other node. */
  private readonly owners = new IdGroups();
  private readonly bySession = new Map<number, string>();
  /** Seats in use that no worker attends, in the order in which they were last seen. */
  private readonly unattended = new Set<string>();
  /** Seats of this node in the order in which they began to rest. */
  private readonly resting = new Set<string>();
  /** Active seats of this node, by stream. */
  private readonly counts = new Map<string, number>();
  /** Those of other nodes, by node. */
  private readonly otherCounts = new Map<string, Map<string, number>>();
  private newest = 0;

  constructor(events: SeatEvents, clock: SeatClock) {
    this.events = events;
    this.clock = clock;
  }

  /** Gives a seat to an admission, changes the limits of its seat, or denies it. */
  take(worker: string, request: SeatRequest): SeatAnswer {
    const known = this.seats.get(request.id);
    if (known) return this.change({ ...known, limits: request.limits, trial: request.trial });
    const seat = this.newSeat(worker, request);
    const others = this.othersOf(seat);
    const lost = seat.viewer === null ? [] : lostSeats([...others, seat]);
    const isAgain = lost.some((one) => one.seat.device === seat.device && one.because === "taken-over");
    const trial = this.trialOf(seat, others);
    if (request.since === null) {
      if (lost.some((one) => one.seat === seat)) return { denied: "perViewer", trial: null };
      if (this.isFull(seat, seat.limits, isAgain)) return { denied: "most", trial: null };
    }
    if (request.isProbe) return { denied: null, trial: null };
    const before = lost.find((one) => one.because === "taken-over" && one.seat.device === seat.device)?.seat;
    // It takes the place of the seat before it.
    this.put(before ? { ...seat, since: before.since, turn: before.turn + 1 } : seat);
    this.settle(seat);
    return { denied: null, trial };
  }

  leave(id: string): void {
    const seat = this.seats.get(id);
    if (seat?.node === null) this.remove(seat);
  }

  /** @returns false for a seat that is not there any more */
  name(id: string, session: number, isAttended: boolean): boolean {
    const seat = this.seats.get(id);
    if (seat?.node !== null) return false;
    this.bySession.set(session, id);
    this.put({ ...seat, session, worker: isAttended ? seat.worker : null, seenAt: this.clock.monotonic() });
    return true;
  }

  rest(id: string, isResting: boolean): void {
    const seat = this.seats.get(id);
    if (seat?.node !== null || seat.isResting === isResting) return;
    this.put({ ...seat, isResting, seenAt: this.clock.monotonic() });
    if (!isResting) this.settle(seat);
  }

  /** Workers have seen requests of these sessions. */
  seen(sessions: readonly number[]): void {
    if (this.bySession.size === 0) return;
    for (const session of sessions) {
      const seat = this.seats.get(this.bySession.get(session) ?? "");
      if (!seat || seat.worker !== null) continue;
      if (seat.isResting) this.rest(seat.id, false);
      else this.put({ ...seat, seenAt: this.clock.monotonic() }, false);
    }
  }

  /** Connections of the worker are gone; its sessions go on at other workers. Takes turns with other work. */
  async workerGone(worker: string): Promise<void> {
    await this.eachOf(workerOwner(worker), (seat) => {
      if (seat.session === null) this.remove(seat);
      else this.put({ ...seat, worker: null, isResting: true, seenAt: this.clock.monotonic() });
    });
  }

  /** Sessions that nobody uses begin to rest, and are lost after a long rest. */
  sweep(): void {
    const now = this.clock.monotonic();
    for (const seat of this.firstOf(this.unattended, now - UNSEEN_MS)) this.rest(seat.id, true);
    for (const seat of this.firstOf(this.resting, now - MAX_REST_MS)) this.lose(seat, "ended");
  }

  /** Stores seats of another node. */
  takeOthers(node: string, seats: readonly SharedSeat[], left: readonly string[]): void {
    for (const id of left) {
      const seat = this.seats.get(id);
      if (seat?.node === node) this.remove(seat);
    }
    for (const shared of seats) {
      if (this.seats.get(shared.id)?.node === null) continue;
      const seat = { ...shared, trial: NO_LIMITS, node, worker: null, session: null, seenAt: 0 };
      this.put(seat);
      this.settle(seat);
    }
  }

  takeCounts(node: string, counts: readonly (readonly [string, number])[]): void {
    const own = this.otherCounts.get(node) ?? new Map<string, number>();
    for (const [of, count] of counts) {
      if (count > 0) own.set(of, count);
      else own.delete(of);
    }
    this.otherCounts.set(node, own);
  }

  /** Takes turns with other work. */
  async nodeGone(node: string): Promise<void> {
    this.otherCounts.delete(node);
    await this.eachOf(nodeOwner(node), (seat) => this.remove(seat));
  }

  get(id: string): Seat | null {
    return this.seats.get(id) ?? null;
  }

  /** All seats, also of other nodes; those that come meanwhile too. */
  all(): Iterator<Seat, undefined> {
    return this.seats.values();
  }

  /** Streams of this node that have viewers. */
  counted(): readonly string[] {
    return [...this.counts.keys()];
  }

  /** Viewers of a stream at this node. */
  countOf(of: string): number {
    return this.counts.get(of) ?? 0;
  }

  get isEmpty(): boolean {
    return this.counts.size === 0 && this.resting.size === 0;
  }

  private newSeat(worker: string, request: SeatRequest): Seat {
    const { id, of, viewer, device, limits, trial } = request;
    // Later than all that are known, whatever the clocks of other nodes say.
    const latest = this.othersOf(request).reduce((newest, seat) => Math.max(newest, seat.since), this.newest);
    const since = request.since ?? Math.max(this.clock.utc(), latest + STEP_MS);
    this.newest = Math.max(this.newest, since);
    const state = { turn: 0, isResting: false, node: null, worker, session: null, seenAt: 0 };
    return { id, of, viewer, device, limits, trial, since, ...state };
  }

  private change(seat: Seat): SeatAnswer {
    this.put(seat);
    if (isCounted(seat)) this.events.counted(seat.of);
    this.settle(seat);
    return { denied: null, trial: null };
  }

  private othersOf({ id, of, viewer }: Pick<Seat, "id" | "of" | "viewer">): readonly Seat[] {
    return viewer === null ? [] : this.groupOf(of, viewer).filter((other) => other.id !== id);
  }

  private isFull({ of }: Seat, { most }: SeatLimits, isAgain: boolean): boolean {
    if (most === null) return false;
    let all = this.countOf(of) + (isAgain ? -1 : 0);
    for (const counts of this.otherCounts.values()) all += counts.get(of) ?? 0;
    return all >= most;
  }

  /** What the limits in dry-run would say. */
  private trialOf(seat: Seat, others: readonly Seat[]): SeatDenial {
    const { perViewer } = seat.trial;
    const before = others.filter(({ isResting, device }) => !isResting && device !== seat.device);
    if (seat.viewer !== null && perViewer !== null && before.length >= perViewer) return "perViewer";
    return this.isFull(seat, seat.trial, false) ? "most" : null;
  }

  /** Takes away those of this node's seats that are too many for a viewer. */
  private settle({ of, viewer }: Seat): void {
    if (viewer === null) return;
    for (const { seat, because } of lostSeats(this.groupOf(of, viewer))) if (seat.node === null) this.lose(seat, because);
  }

  private groupOf(of: string, viewer: string): readonly Seat[] {
    return [...this.groups.of(keyOf(of, viewer))].flatMap((id) => this.seats.get(id) ?? []);
  }

  /** Those whose time has come, of a set in the order of its times. */
  private *firstOf(ids: ReadonlySet<string>, until: number): Iterable<Seat> {
    for (const id of [...take(ids, MAX_AT_ONCE)]) {
      const seat = this.seats.get(id);
      if (seat && seat.seenAt > until) return;
      if (seat) yield seat;
    }
  }

  private async eachOf(owner: string, call: (seat: Seat) => void): Promise<void> {
    let left = MAX_AT_ONCE;
    for (const id of this.owners.takeAll(owner)) {
      const seat = this.seats.get(id);
      // Its owner may have told of it again meanwhile.
      if (seat && !this.owners.of(owner).has(id)) call(seat);
      if (--left > 0) continue;
      left = MAX_AT_ONCE;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  private lose(seat: Seat, because: SeatLoss["because"]): void {
    this.remove(seat);
    this.events.lost(seat, because);
  }

  private put(seat: Seat, isNews = true): void {
    const { id, of, viewer, node, worker } = seat;
    const before = this.seats.get(id);
    this.seats.set(id, seat);
    if (viewer !== null) this.groups.add(keyOf(of, viewer), id);
    if (before?.worker && before.worker !== worker) this.owners.delete(workerOwner(before.worker), id);
    if (node !== null) this.owners.add(nodeOwner(node), id);
    else if (worker !== null) this.owners.add(workerOwner(worker), id);
    if (node !== null) return;
    this.unattended.delete(id);
    this.resting.delete(id);
    if (seat.isResting) this.resting.add(id);
    else if (worker === null) this.unattended.add(id);
    this.count(seat, isActive(seat) - isActive(before));
    if (isNews) this.events.changed(seat);
  }

  private remove(seat: Seat): void {
    const { id, of, viewer, node, worker, session } = seat;
    this.seats.delete(id);
    this.unattended.delete(id);
    this.resting.delete(id);
    if (session !== null) this.bySession.delete(session);
    if (viewer !== null) this.groups.delete(keyOf(of, viewer), id);
    if (worker !== null) this.owners.delete(workerOwner(worker), id);
    if (node !== null) return this.owners.delete(nodeOwner(node), id);
    this.count(seat, -isActive(seat));
    this.events.left(seat);
  }

  private count(seat: Seat, change: number): void {
    if (change === 0) return;
    const { of } = seat;
    const count = this.countOf(of) + change;
    if (count > 0) this.counts.set(of, count);
    else this.counts.delete(of);
    if (isCounted(seat)) this.events.counted(of);
  }
}

/** Sets of ids, of which none is empty. */
class IdGroups {
  private readonly groups = new Map<string, Set<string>>();

  add(key: string, id: string): void {
    const group = this.groups.get(key);
    if (group) group.add(id);
    else this.groups.set(key, new Set([id]));
  }

  delete(key: string, id: string): void {
    const group = this.groups.get(key);
    group?.delete(id);
    if (group?.size === 0) this.groups.delete(key);
  }

  of(key: string): ReadonlySet<string> {
    return this.groups.get(key) ?? NOBODY;
  }

  takeAll(key: string): ReadonlySet<string> {
    const group = this.of(key);
    this.groups.delete(key);
    return group;
  }
}

/** Whether other nodes have to know a seat: it counts for its viewer. */
export function isShared(seat: Seat): seat is Seat & { readonly viewer: string } {
  return seat.node === null && seat.viewer !== null && (seat.limits.perViewer !== null || seat.trial.perViewer !== null);
}

function isCounted({ limits, trial }: Seat): boolean {
  return limits.most !== null || trial.most !== null;
}

function isActive(seat: Seat | undefined): 0 | 1 {
  return seat && !seat.isResting ? 1 : 0;
}

function* take(ids: ReadonlySet<string>, most: number): Iterable<string> {
  let left = most;
  for (const id of ids) {
    if (left-- <= 0) return;
    yield id;
  }
}

const keyOf = (of: string, viewer: string): string => `${viewer} ${of}`;
const workerOwner = (worker: string): string => `worker ${worker}`;
const nodeOwner = (node: string): string => `node ${node}`;
