/**
 * Writes the bytes of outputs to their viewers.
 *
 * Viewers of one output form groups, and each group has a slot within the batch interval. In its slot, all synced viewers of the group get
 * the same view of the same bytes in one write each. So the work for a stream of 2000 viewers is spread over the interval in pieces that
 * never hold the event loop, and each viewer has one write per interval.
 *
 * A lagging viewer (one that has just joined, or has not taken its last write) gets small slices until it has caught up. It is moved to the
 * newest key frame when it is too far behind, and closed when it takes nothing at all.
 */
import type { Output } from "./output.ts";
import type { JoinPoint } from "./output-buffer.ts";
import type { Sink, Viewer } from "./viewer.ts";

export type FanOutLimits = {
  /** A viewer that takes nothing for so long is closed. */
  readonly evictAfterMs: number;
};

/** Events of viewers, for the metrics. */
export type FanOutObserver = {
  readonly sent: (protocol: string, bytes: number) => void;
  /** A viewer was moved to a key frame. */
  readonly skipped: (protocol: string) => void;
  readonly evicted: (protocol: string, reason: string) => void;
  /** A slot came so many milliseconds too late, because the event loop was held. */
  readonly late: (milliseconds: number) => void;
};

/**
 * The length of a slot. A wake-up costs about as much as ten writes, so there are no more of them than needed. Slots begin at multiples of their
 * length on the monotonic clock: who reads a publisher's socket in rounds does so just before one begins.
 */
const SLOT_MS = 40;
/** A timer may be called a millisecond early, which must not be the end of the slot before. */
const BEHIND_BEGINNING_MS = 2;
/** No piece of work is longer than this before the event loop gets its turn. */
const MAX_HOLD_MS = 4;
/** Viewers that are served between two checks of the clock. */
const VIEWERS_PER_CHECK = 16;
/** A new group is opened only when every other one has this many viewers. */
const GROUP_SIZE = 32;
/** Bytes of one write to a lagging viewer. */
const CATCH_UP_BYTES = 128 * 1024;

/** Viewers of one output and protocol that are served in the same slot. */
class Group {
  readonly output: Output;
  readonly protocol: string;
  readonly batchMs: number;
  readonly slot: Slot;
  readonly wrap: Sink["wrap"];
  /** Viewers that have all bytes up to `position`. During a slot, those whose place is below `unserved` have them only up to `from`. */
  readonly synced: Viewer[] = [];
  readonly lagging = new Set<Viewer>();
  position: number;
  from: number;
  unserved = 0;
  /** Whether it waits to be served. */
  isDue = false;

  constructor(viewer: Viewer, slot: Slot) {
    this.output = viewer.output;
    this.protocol = viewer.options.protocol;
    this.batchMs = viewer.options.batchMs;
    this.wrap = viewer.sink.wrap;
    this.slot = slot;
    this.position = viewer.output.head;
    this.from = this.position;
  }

  get size(): number {
    return this.synced.length + this.lagging.size;
  }

  /** A viewer has all bytes up to `position` and may be written to. */
  setSynced(viewer: Viewer): void {
    this.lagging.delete(viewer);
    viewer.place = this.synced.length;
    this.synced.push(viewer);
  }

  setLagging(viewer: Viewer): void {
    viewer.position = viewer.place < this.unserved ? this.from : this.position;
    this.takeOut(viewer);
    this.lagging.add(viewer);
  }

  remove(viewer: Viewer): void {
    if (!this.lagging.delete(viewer) && viewer.place >= 0) this.takeOut(viewer);
  }

  /** Fills the free place so that the viewers that are not served yet stay together at the front. */
  private takeOut(viewer: Viewer): void {
    let hole = viewer.place;
    viewer.place = -1;
    if (hole < this.unserved) {
      this.unserved--;
      this.move(this.unserved, hole);
      hole = this.unserved;
    }
    this.move(this.synced.length - 1, hole);
    this.synced.pop();
  }

  private move(from: number, to: number): void {
    const viewer = this.synced[from];
    if (!viewer || from === to) return;
    this.synced[to] = viewer;
    viewer.place = to;
  }
}

/** The groups that are served at the same time, and how many viewers they have. */
type Slot = { readonly groups: Set<Group>; viewers: number };

export class FanOut {
  private readonly limits: FanOutLimits;
  private readonly observer: FanOutObserver;
  /** By batch interval: its slots. */
  private readonly schedules = new Map<number, Slot[]>();
  private readonly groups = new Map<Viewer, Group>();
  private readonly byOutput = new Map<Output, Group[]>();
  private timer: NodeJS.Timeout | null = null;
  private slotsDone = 0;
  private expected = 0;
  /** Groups that are due, in the order in which they are served. */
  private readonly backlog: { readonly group: Group; readonly serve: () => boolean }[] = [];

  constructor(limits: FanOutLimits, observer: FanOutObserver) {
    this.limits = limits;
    this.observer = observer;
  }

  get size(): number {
    return this.groups.size;
  }

  viewers(): Iterable<Viewer> {
    return this.groups.keys();
  }

  /** Gives a viewer all bytes from the newest key frame on, in one write. It becomes synced in its first slot. */
  add(viewer: Viewer): void {
    const join = viewer.output.join;
    if (!join || viewer.closed) return;
    const head = viewer.output.head;
    const backlog = viewer.output.slice(join.position, head);
    const { wrap } = viewer.sink;
    if (wrap) viewer.sink.write(wrap(Buffer.concat([join.initBytes, backlog])));
    else viewer.sink.writeAll([join.initBytes, backlog]);
    this.observer.sent(viewer.options.protocol, join.initBytes.length + backlog.length);
    viewer.position = head;
    viewer.context = join.context;
    viewer.options.onJoined?.();
    const group = this.groupFor(viewer);
    group.lagging.add(viewer);
    this.groups.set(viewer, group);
    group.slot.viewers++;
    this.start();
  }

  /** Forgets a viewer. May be called twice. */
  remove(viewer: Viewer): void {
    viewer.closed = true;
    const group = this.groups.get(viewer);
    if (!group) return;
    this.groups.delete(viewer);
    group.remove(viewer);
    group.slot.viewers--;
    if (group.size === 0) this.drop(group);
    if (this.groups.size === 0) this.stop();
  }

  /** Gives a viewer that can take bytes again the bytes that it has missed, without waiting for its slot. */
  resume(viewer: Viewer): void {
    const group = this.groups.get(viewer);
    if (group?.lagging.has(viewer) && !viewer.isBlocked) this.catchUp(viewer, performance.now(), viewer.output.head);
  }

  /** The kernel holds this many bytes for a viewer, which is too much; 0 when it no longer does. */
  hold(viewer: Viewer, hidden: number): void {
    const group = this.groups.get(viewer);
    viewer.kernelQueueBytes = hidden;
    if (hidden > 0 && viewer.place >= 0) group?.setLagging(viewer);
  }

  /** Gives all viewers of an output the bytes that there are, as at a stream's end. */
  flush(output: Output): void {
    const now = performance.now();
    for (const group of this.byOutput.get(output) ?? []) {
      for (const viewer of [...group.synced]) group.setLagging(viewer);
      for (const viewer of [...group.lagging]) this.catchUp(viewer, now, output.head);
    }
  }

  private groupFor(viewer: Viewer): Group {
    const { output, options } = viewer;
    const slots = this.schedule(options.batchMs);
    const own = (this.byOutput.get(output) ?? []).filter(
      (group) => group.batchMs === options.batchMs && group.protocol === options.protocol,
    );
    let least: Group | null = null;
    for (const group of own) if (!least || group.size < least.size) least = group;
    if (least && (least.size < GROUP_SIZE || own.length >= slots.length)) return least;
    // A new group in the least busy slot without a group of these viewers.
    const used = new Set(own.map((group) => group.slot));
    let free: Slot | null = null;
    for (const slot of slots) if (!used.has(slot) && (!free || slot.viewers < free.viewers)) free = slot;
    const group = new Group(viewer, free ?? slots[0] ?? newSlot());
    group.slot.groups.add(group);
    this.byOutput.set(output, [...(this.byOutput.get(output) ?? []), group]);
    return group;
  }

  private schedule(batchMs: number): Slot[] {
    let slots = this.schedules.get(batchMs);
    if (!slots) {
      slots = Array.from({ length: Math.max(1, Math.round(batchMs / SLOT_MS)) }, newSlot);
      this.schedules.set(batchMs, slots);
    }
    return slots;
  }

  private drop(group: Group): void {
    group.slot.groups.delete(group);
    const left = (this.byOutput.get(group.output) ?? []).filter((other) => other !== group);
    if (left.length > 0) this.byOutput.set(group.output, left);
    else this.byOutput.delete(group.output);
  }

  private start(): void {
    if (this.timer) return;
    const now = performance.now();
    this.slotsDone = Math.floor(now / SLOT_MS);
    this.awaitSlot(now);
  }

  private stop(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private awaitSlot(now: number): void {
    const wait = SLOT_MS + BEHIND_BEGINNING_MS - (now % SLOT_MS);
    this.expected = now + wait;
    this.timer = setTimeout(() => this.tick(), Math.round(wait));
  }

  private tick(): void {
    const now = performance.now();
    this.observer.late(Math.max(0, now - this.expected));
    this.awaitSlot(now);
    const due = Math.floor(now / SLOT_MS);
    // After a long hold, one whole interval serves all viewers once; more slots would serve them twice.
    let longest = 1;
    for (const slots of this.schedules.values()) longest = Math.max(longest, slots.length);
    const from = Math.max(this.slotsDone + 1, due - longest + 1);
    this.slotsDone = due;
    const idle = this.backlog.length === 0;
    for (let slot = from; slot <= due; slot++) {
      for (const slots of this.schedules.values()) {
        for (const group of slots[slot % slots.length]?.groups ?? []) {
          // Where there is more work than time, a group waits once: behind many turns of the others, joiners would get nothing for long.
          if (group.isDue) continue;
          group.isDue = true;
          this.backlog.push({ group, serve: this.serve(group) });
        }
      }
    }
    if (idle && this.backlog.length > 0) this.work();
  }

  /** Does the work that is due, and lets the event loop turn in between. */
  private work(): void {
    const until = performance.now() + MAX_HOLD_MS;
    for (let first = this.backlog[0]; first; first = this.backlog[0]) {
      const done = first.serve();
      if (done) {
        first.group.isDue = false;
        this.backlog.shift();
      }
      if (performance.now() >= until && this.backlog.length > 0) {
        setImmediate(() => this.work());
        return;
      }
    }
  }

  /** The work of one group in its slot, in pieces: each call does some of it, and tells whether all is done. */
  private serve(group: Group): () => boolean {
    let bytes: Uint8Array | null = null;
    let lagging: Viewer[] | null = null;
    let begun = false;
    return () => {
      if (!begun) {
        begun = true;
        bytes = this.begin(group);
      }
      if (group.unserved > 0) {
        if (bytes) this.writeSome(group, bytes);
        else group.unserved = 0;
        return group.unserved === 0 && group.lagging.size === 0;
      }
      lagging ??= [...group.lagging];
      const now = performance.now();
      for (const viewer of lagging.splice(0, VIEWERS_PER_CHECK)) {
        this.catchUp(viewer, now, group.position);
        if (!viewer.closed && viewer.position === group.position && !viewer.isBlocked) group.setSynced(viewer);
      }
      return lagging.length === 0;
    };
  }

  /** Moves the group to its output's head. Gives the bytes for its synced viewers; null when there are none. */
  private begin(group: Group): Uint8Array | null {
    const { output } = group;
    // A publisher that is faster than real time leaves even viewers behind that have taken all bytes.
    if (output.isTooFarBehind(group.position)) for (const viewer of [...group.synced]) group.setLagging(viewer);
    group.from = group.position;
    group.position = output.head;
    group.unserved = group.synced.length;
    if (group.from === group.position || group.unserved === 0) return null;
    const bytes = output.slice(group.from, group.position);
    return group.wrap ? group.wrap(bytes) : bytes;
  }

  private writeSome(group: Group, bytes: Uint8Array): void {
    const stopAt = Math.max(0, group.unserved - VIEWERS_PER_CHECK);
    let sent = 0;
    while (group.unserved > stopAt) {
      const viewer = group.synced[--group.unserved];
      if (!viewer) continue;
      viewer.sink.write(bytes);
      sent += bytes.length;
      // The kernel takes the rest when it can; until then more bytes would only wait.
      if (viewer.sink.pending > 0) {
        group.setLagging(viewer);
        viewer.stalledSince = performance.now();
      }
    }
    this.observer.sent(group.protocol, sent);
  }

  /** Gives a lagging viewer a slice up to `head`, waits for it, moves it, or closes it. */
  private catchUp(viewer: Viewer, now: number, head: number): void {
    const { output, sink, options } = viewer;
    if (viewer.closed || viewer.place >= 0) return;
    if (viewer.isBlocked) {
      viewer.stalledSince ??= now;
      if (now - viewer.stalledSince >= this.limits.evictAfterMs) this.evict(viewer, "too-slow");
      return;
    }
    viewer.stalledSince = null;
    let missed: Uint8Array | null = null;
    if (output.isTooFarBehind(viewer.position)) {
      const canMove = output.join !== null && output.join.position > viewer.position;
      if (canMove) missed = this.moveToKeyFrame(viewer, output.join);
      // Without a key frame to move to, it waits for the next one.
      else if (viewer.position < output.oldest) return;
    }
    const to = Math.min(head, output.boundaryAfter(viewer.position, CATCH_UP_BYTES));
    if (to <= viewer.position) return;
    const slice = output.slice(viewer.position, to);
    const bytes = missed ? Buffer.concat([missed, slice]) : slice;
    sink.write(sink.wrap ? sink.wrap(bytes) : bytes);
    viewer.position = to;
    this.observer.sent(options.protocol, bytes.length);
  }

  /** Gives the configurations that changed in the bytes that it is moved past; null when none did. */
  private moveToKeyFrame(viewer: Viewer, join: JoinPoint): Uint8Array | null {
    const knows = viewer.context;
    viewer.position = join.position;
    viewer.context = join.context;
    this.observer.skipped(viewer.options.protocol);
    if (knows?.video === join.context.video && knows.audio === join.context.audio) return null;
    return viewer.output.format.configurations(join.context, join.time);
  }

  private evict(viewer: Viewer, reason: string): void {
    this.remove(viewer);
    this.observer.evicted(viewer.options.protocol, reason);
    viewer.sink.end(reason);
    viewer.options.onEnd?.(reason);
  }
}

function newSlot(): Slot {
  return { groups: new Set(), viewers: 0 };
}
