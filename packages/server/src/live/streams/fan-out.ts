/**
 * Brings the bytes of outputs to their viewers.
 *
 * Viewers of one output are put into groups, and each group has its moment within the batch interval. When the moment comes, the
 * group's viewers that are in step get the same view of the same bytes in one write each. So a stream of 2000 viewers is 20 small
 * pieces of work spread over 200 ms, never one that holds the event loop, and each viewer still has one write per interval.
 *
 * Who is not in step (has just joined, or has not been able to take the last write) is treated apart: caught up in small slices,
 * moved to the newest key frame when too far behind, closed when it takes nothing at all.
 */
import type { Output } from "./output.ts";
import type { Viewer } from "./viewer.ts";

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
};

/** The distance of two moments. */
const SLOT_MS = 10;
/** No piece of work is longer than this before the event loop gets its turn. */
const MAX_HOLD_MS = 4;
/** How often the clock is asked about it. */
const VIEWERS_PER_LOOK = 16;
/** A new group is opened only when the ones there are have this many. */
const GROUP_SIZE = 32;
/** What a viewer that catches up gets at once. */
const CATCH_UP_BYTES = 128 * 1024;

type Group = {
  readonly output: Output;
  readonly batchMs: number;
  readonly slot: number;
  readonly viewers: Viewer[];
  /** Where the viewers in step are. */
  position: number;
};

export class FanOut {
  private readonly limits: FanOutLimits;
  private readonly observer: FanOutObserver;
  /** By batch interval: the groups of each slot. */
  private readonly rotas = new Map<number, Group[][]>();
  private readonly groups = new Map<Viewer, Group>();
  private readonly byOutput = new Map<Output, Group[]>();
  private timer: NodeJS.Timeout | null = null;
  private slotsDone = 0;
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

  /** Gives a viewer everything from the newest key frame to now, in one write, and puts it into step. */
  add(viewer: Viewer): void {
    const join = viewer.output.join;
    if (!join || viewer.closed) return;
    const head = viewer.output.head;
    const backlog = viewer.output.slice(join.position, head);
    const { wrap } = viewer.sink;
    if (wrap) viewer.sink.write(wrap(Buffer.concat([join.prelude, backlog])));
    else viewer.sink.writeAll([join.prelude, backlog]);
    this.observer.sent(viewer.options.protocol, join.prelude.length + backlog.length);
    viewer.position = head;
    viewer.options.onJoined?.();
    this.place(viewer);
  }

  /** Forgets a viewer. May be called twice. */
  remove(viewer: Viewer): void {
    viewer.closed = true;
    const group = this.groups.get(viewer);
    if (!group) return;
    this.groups.delete(viewer);
    const at = group.viewers.indexOf(viewer);
    const last = group.viewers.pop();
    if (last && at < group.viewers.length) group.viewers[at] = last;
    if (group.viewers.length === 0) this.drop(group);
    if (this.groups.size === 0) this.stop();
  }

  /** Gives a viewer that can take bytes again what it has missed so far, without waiting for its moment. */
  resume(viewer: Viewer): void {
    if (viewer.closed || viewer.position === null || !viewer.stuckSince || viewer.isBehind) return;
    this.catchUp(viewer, performance.now(), viewer.output.head);
  }

  /** Gives all viewers of an output what there is, as at a stream's end. */
  flush(output: Output): void {
    const now = performance.now();
    for (const group of this.byOutput.get(output) ?? []) for (const viewer of group.viewers) this.catchUp(viewer, now, output.head);
  }

  private place(viewer: Viewer): void {
    const { output, options } = viewer;
    const slots = this.rota(options.batchMs);
    const own = (this.byOutput.get(output) ?? []).filter((group) => group.batchMs === options.batchMs);
    let group = own.sort((a, b) => a.viewers.length - b.viewers.length)[0];
    if (!group || (group.viewers.length >= GROUP_SIZE && own.length < slots.length))
      group = this.open(output, options.batchMs, own);
    group.viewers.push(viewer);
    this.groups.set(viewer, group);
    this.start();
  }

  /** A new group in the least busy slot in which the output has none. */
  private open(output: Output, batchMs: number, own: readonly Group[]): Group {
    const slots = this.rota(batchMs);
    const used = new Set(own.map((other) => other.slot));
    const loads = slots.map((groups, slot) => ({ slot, load: groups.reduce((sum, g) => sum + g.viewers.length, 0) }));
    const free = loads.filter(({ slot }) => !used.has(slot)).sort((a, b) => a.load - b.load)[0];
    const group: Group = { output, batchMs, slot: free?.slot ?? 0, viewers: [], position: output.head };
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
    this.timer = setInterval(() => this.tick(), SLOT_MS);
  }

  private stop(): void {
    if (this.timer) clearInterval(this.timer);
    this.timer = null;
  }

  private tick(): void {
    const due = Math.floor(performance.now() / SLOT_MS);
    // After a long hold, a whole round serves everybody once; more would only serve them twice.
    const longest = Math.max(1, ...[...this.rotas.values()].map((slots) => slots.length));
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
    for (;;) {
      const [piece] = this.backlog;
      if (!piece) return;
      while (!piece()) {
        if (performance.now() >= until) {
          setImmediate(() => this.work());
          return;
        }
      }
      this.backlog.shift();
      if (performance.now() >= until && this.backlog.length > 0) {
        setImmediate(() => this.work());
        return;
      }
    }
  }

  /** The work of one group at its moment, in pieces: each call does some of it, and says whether all is done. */
  private serve(group: Group): () => boolean {
    let next = group.viewers.length;
    let from = 0;
    let head = -1;
    let bytes: Buffer | null = null;
    let wrapped: Uint8Array | null = null;
    let wrappedBy: unknown = null;
    return () => {
      if (head < 0) {
        from = group.position;
        head = group.output.head;
        group.position = head;
        bytes = from < head ? group.output.slice(from, head) : null;
      }
      const now = performance.now();
      const stopAt = Math.max(0, next - VIEWERS_PER_LOOK);
      let sent = 0;
      let protocol = "";
      // Backward, because a viewer that leaves is replaced by the last one, which has had its turn.
      while (next > stopAt) {
        next--;
        const viewer = group.viewers[next];
        if (!viewer) continue;
        if (viewer.isBehind || viewer.stuckSince !== null || viewer.position !== from) {
          this.catchUp(viewer, now, head);
          continue;
        }
        if (!bytes) continue;
        const { sink } = viewer;
        if (sink.wrap && sink.wrap !== wrappedBy) {
          wrapped = sink.wrap(bytes);
          wrappedBy = sink.wrap;
        }
        sink.write(sink.wrap && wrapped ? wrapped : bytes);
        viewer.position = head;
        if (protocol !== viewer.options.protocol) {
          if (sent > 0) this.observer.sent(protocol, sent);
          protocol = viewer.options.protocol;
          sent = 0;
        }
        sent += bytes.length;
      }
      if (sent > 0) this.observer.sent(protocol, sent);
      return next === 0;
    };
  }

  /** A viewer that is not in step: gives it a slice up to `head`, waits for it, moves it, or closes it. */
  private catchUp(viewer: Viewer, now: number, head: number): void {
    const { output, sink, options } = viewer;
    if (viewer.closed || viewer.position === null) return;
    if (viewer.isBehind) {
      viewer.stuckSince ??= now;
      if (now - viewer.stuckSince >= this.limits.evictAfterMs) this.evict(viewer, "too-slow");
      return;
    }
    viewer.stuckSince = null;
    if (output.isTooFarBehind(viewer.position)) {
      // Without a key frame to move to, it waits for the next one.
      if (!output.join || output.join.position <= viewer.position) {
        if (viewer.position < output.oldest) return;
      } else {
        viewer.position = output.join.position;
        this.observer.skipped(options.protocol);
      }
    }
    const to = Math.min(head, output.boundaryAfter(viewer.position, CATCH_UP_BYTES));
    if (to <= viewer.position) return;
    const bytes = output.slice(viewer.position, to);
    sink.write(sink.wrap ? sink.wrap(bytes) : bytes);
    viewer.position = to;
    this.observer.sent(options.protocol, bytes.length);
    // There is more: the sink says when it can take it, or the viewer's next moment comes.
    if (to < output.head) viewer.stuckSince = now;
  }

  private evict(viewer: Viewer, reason: string): void {
    this.remove(viewer);
    this.observer.evicted(viewer.options.protocol, reason);
    viewer.sink.end(reason);
    viewer.options.onEnd?.(reason);
  }
}
