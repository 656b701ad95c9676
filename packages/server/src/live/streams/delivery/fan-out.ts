/**
 * Brings the bytes of outputs to their viewers.
 *
 * Viewers of one output are put into groups, and each group has its moment within the batch interval. When the moment comes, the
 * group's viewers that are in step get the same view of the same bytes in one write each. So the work for a stream of 2000 viewers
 * is spread over the interval, and cut so that the event loop is never held, and each viewer still has one write per interval.
 *
 * Who is not in step (has just joined, or has not been able to take the last write) is treated apart: caught up in small slices,
 * moved to the newest key frame when too far behind, closed when it takes nothing at all.
 */
import type { Output } from "./output.ts";
import type { JoinPoint } from "./output-buffer.ts";
import type { Sink, Viewer } from "./viewer.ts";

export type FanOutLimits = {
  /** A viewer that takes nothing for so long is closed. */
  readonly evictAfterMs: number;
};

/** What happened to viewers, for the metrics. */
export type FanOutObserver = {
  readonly sent: (protocol: string, bytes: number) => void;
  /** A viewer was moved to a key frame. */
  readonly skipped: (protocol: string) => void;
  readonly evicted: (protocol: string, reason: string) => void;
  /** A moment came this much too late, milliseconds: so long the event loop was held. */
  readonly late: (milliseconds: number) => void;
};

/** The distance of two moments. Waking up costs about as much as ten writes, so there are not more of them than needed. */
const SLOT_MS = 40;
/** No piece of work is longer than this before the event loop gets its turn. */
const MAX_HOLD_MS = 4;
/** How often the clock is asked about it. */
const VIEWERS_PER_LOOK = 16;
/** A new group is opened only when the ones there are have this many. */
const GROUP_SIZE = 32;
/** What a viewer that catches up gets at once. */
const CATCH_UP_BYTES = 128 * 1024;

/** Viewers of one output and protocol that are served at the same moment. */
class Group {
  readonly output: Output;
  readonly protocol: string;
  readonly batchMs: number;
  readonly slot: number;
  readonly wrap: Sink["wrap"];
  /** Viewers that have everything up to `position`. Of them, those below `unserved` have it only up to `from`, for the moment. */
  readonly inStep: Viewer[] = [];
  readonly apart = new Set<Viewer>();
  position: number;
  from: number;
  unserved = 0;

  constructor(viewer: Viewer, slot: number) {
    this.output = viewer.output;
    this.protocol = viewer.options.protocol;
    this.batchMs = viewer.options.batchMs;
    this.wrap = viewer.sink.wrap;
    this.slot = slot;
    this.position = viewer.output.head;
    this.from = this.position;
  }

  get size(): number {
    return this.inStep.length + this.apart.size;
  }

  /** A viewer has everything up to `position` and may be written to. */
  bringIntoStep(viewer: Viewer): void {
    this.apart.delete(viewer);
    viewer.slot = this.inStep.length;
    this.inStep.push(viewer);
  }

  setApart(viewer: Viewer): void {
    viewer.position = viewer.slot < this.unserved ? this.from : this.position;
    this.takeOut(viewer);
    this.apart.add(viewer);
  }

  remove(viewer: Viewer): void {
    if (!this.apart.delete(viewer) && viewer.slot >= 0) this.takeOut(viewer);
  }

  /** Fills the place that becomes free so that those who are still to be served stay together at the front. */
  private takeOut(viewer: Viewer): void {
    let hole = viewer.slot;
    viewer.slot = -1;
    if (hole < this.unserved) {
      this.unserved--;
      this.move(this.unserved, hole);
      hole = this.unserved;
    }
    this.move(this.inStep.length - 1, hole);
    this.inStep.pop();
  }

  private move(from: number, to: number): void {
    const viewer = this.inStep[from];
    if (!viewer || from === to) return;
    this.inStep[to] = viewer;
    viewer.slot = to;
  }
}

export class FanOut {
  private readonly limits: FanOutLimits;
  private readonly observer: FanOutObserver;
  /** By batch interval: the groups of each slot. */
  private readonly rotas = new Map<number, Group[][]>();
  private readonly groups = new Map<Viewer, Group>();
  private readonly byOutput = new Map<Output, Group[]>();
  private timer: NodeJS.Timeout | null = null;
  private slotsDone = 0;
  private expected = 0;
  private backlog: (() => boolean)[] = [];

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

  /** Gives a viewer everything from the newest key frame to now, in one write; at its first moment it falls into step. */
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
    group.apart.add(viewer);
    this.groups.set(viewer, group);
    this.start();
  }

  /** Forgets a viewer. May be called twice. */
  remove(viewer: Viewer): void {
    viewer.closed = true;
    const group = this.groups.get(viewer);
    if (!group) return;
    this.groups.delete(viewer);
    group.remove(viewer);
    if (group.size === 0) this.drop(group);
    if (this.groups.size === 0) this.stop();
  }

  /** Gives a viewer that can take bytes again what it has missed so far, without waiting for its moment. */
  resume(viewer: Viewer): void {
    const group = this.groups.get(viewer);
    if (group?.apart.has(viewer) && !viewer.isLagging) this.catchUp(viewer, performance.now(), viewer.output.head);
  }

  /** The kernel was found to hold this many bytes for a viewer, which is too much; 0 when it is not any more. */
  hold(viewer: Viewer, hidden: number): void {
    const group = this.groups.get(viewer);
    viewer.kernelQueueBytes = hidden;
    if (hidden > 0 && viewer.slot >= 0) group?.setApart(viewer);
  }

  /** Gives all viewers of an output what there is, as at a stream's end. */
  flush(output: Output): void {
    const now = performance.now();
    for (const group of this.byOutput.get(output) ?? []) {
      for (const viewer of [...group.inStep]) group.setApart(viewer);
      for (const viewer of [...group.apart]) this.catchUp(viewer, now, output.head);
    }
  }

  private groupFor(viewer: Viewer): Group {
    const { output, options } = viewer;
    const slots = this.rota(options.batchMs);
    const own = (this.byOutput.get(output) ?? []).filter(
      (group) => group.batchMs === options.batchMs && group.protocol === options.protocol,
    );
    const least = own.sort((a, b) => a.size - b.size)[0];
    if (least && (least.size < GROUP_SIZE || own.length >= slots.length)) return least;
    // A new group in the least busy slot in which there is none of these viewers yet.
    const used = new Set(own.map((group) => group.slot));
    const loads = slots.map((groups, slot) => ({ slot, load: groups.reduce((sum, group) => sum + group.size, 0) }));
    const free = loads.filter(({ slot }) => !used.has(slot)).sort((a, b) => a.load - b.load)[0];
    const group = new Group(viewer, free?.slot ?? 0);
    slots[group.slot]?.push(group);
    this.byOutput.set(output, [...(this.byOutput.get(output) ?? []), group]);
    return group;
  }

  private rota(batchMs: number): Group[][] {
    let slots = this.rotas.get(batchMs);
    if (!slots) {
      slots = Array.from({ length: Math.max(1, Math.round(batchMs / SLOT_MS)) }, () => []);
      this.rotas.set(batchMs, slots);
    }
    return slots;
  }

  private drop(group: Group): void {
    const slot = this.rota(group.batchMs)[group.slot] ?? [];
    const at = slot.indexOf(group);
    if (at >= 0) slot.splice(at, 1);
    const left = (this.byOutput.get(group.output) ?? []).filter((other) => other !== group);
    if (left.length > 0) this.byOutput.set(group.output, left);
    else this.byOutput.delete(group.output);
  }

  private start(): void {
    if (this.timer) return;
    this.slotsDone = Math.floor(performance.now() / SLOT_MS);
    this.expected = performance.now() + SLOT_MS;
    this.timer = setInterval(() => this.tick(), SLOT_MS);
  }

  private stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  private tick(): void {
    const now = performance.now();
    this.observer.late(Math.max(0, now - this.expected));
    this.expected = now + SLOT_MS;
    const due = Math.floor(now / SLOT_MS);
    // After a long hold, a whole round serves everybody once; more would only serve them twice.
    let longest = 1;
    for (const slots of this.rotas.values()) longest = Math.max(longest, slots.length);
    const from = Math.max(this.slotsDone + 1, due - longest + 1);
    this.slotsDone = due;
    const idle = this.backlog.length === 0;
    for (let slot = from; slot <= due; slot++) {
      for (const slots of this.rotas.values()) {
        for (const group of slots[slot % slots.length] ?? []) this.backlog.push(this.serve(group));
      }
    }
    if (idle && this.backlog.length > 0) this.work();
  }

  /** Does what is due, letting the event loop turn in between. */
  private work(): void {
    const until = performance.now() + MAX_HOLD_MS;
    for (let piece = this.backlog[0]; piece; piece = this.backlog[0]) {
      const done = piece();
      if (done) this.backlog.shift();
      if (performance.now() >= until && this.backlog.length > 0) {
        setImmediate(() => this.work());
        return;
      }
    }
  }

  /** The work of one group at its moment, in pieces: each call does some of it, and says whether all is done. */
  private serve(group: Group): () => boolean {
    let bytes: Uint8Array | null = null;
    let apart: Viewer[] | null = null;
    let begun = false;
    return () => {
      if (!begun) {
        begun = true;
        bytes = this.begin(group);
      }
      if (group.unserved > 0) {
        if (bytes) this.writeSome(group, bytes);
        else group.unserved = 0;
        return group.unserved === 0 && group.apart.size === 0;
      }
      apart ??= [...group.apart];
      const now = performance.now();
      for (const viewer of apart.splice(0, VIEWERS_PER_LOOK)) {
        this.catchUp(viewer, now, group.position);
        if (!viewer.closed && viewer.position === group.position && !viewer.isLagging) group.bringIntoStep(viewer);
      }
      return apart.length === 0;
    };
  }

  /** Moves the group on to its output's head. Gives what its viewers in step are to get for it; null when that is nothing. */
  private begin(group: Group): Uint8Array | null {
    const { output } = group;
    // A publisher that sends faster than time passes leaves even those behind who have taken everything.
    if (output.isTooFarBehind(group.position)) for (const viewer of [...group.inStep]) group.setApart(viewer);
    group.from = group.position;
    group.position = output.head;
    group.unserved = group.inStep.length;
    if (group.from === group.position || group.unserved === 0) return null;
    const bytes = output.slice(group.from, group.position);
    return group.wrap ? group.wrap(bytes) : bytes;
  }

  private writeSome(group: Group, bytes: Uint8Array): void {
    const stopAt = Math.max(0, group.unserved - VIEWERS_PER_LOOK);
    let sent = 0;
    while (group.unserved > stopAt) {
      const viewer = group.inStep[--group.unserved];
      if (!viewer) continue;
      viewer.sink.write(bytes);
      sent += bytes.length;
      // What the kernel did not take at once, it takes when it can; until then there is no use in giving it more.
      if (viewer.sink.pending > 0) {
        group.setApart(viewer);
        viewer.stalledSince = performance.now();
      }
    }
    this.observer.sent(group.protocol, sent);
  }

  /** A viewer that is not in step: gives it a slice up to `head`, waits for it, moves it, or closes it. */
  private catchUp(viewer: Viewer, now: number, head: number): void {
    const { output, sink, options } = viewer;
    if (viewer.closed || viewer.slot >= 0) return;
    if (viewer.isLagging) {
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

  /** Gives the configurations that it has not been told of, where they changed in what it is moved past; else null. */
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
