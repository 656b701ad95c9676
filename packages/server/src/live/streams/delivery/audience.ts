/** Holds the viewers of one stream, and opens and closes the outputs that they share. */
import type { Clock } from "../../../platform/clock.ts";
import type { Log } from "../log/log.ts";
import type { FanOut } from "./fan-out.ts";
import { Output } from "./output.ts";
import type { OutputBufferLimits } from "./output-buffer.ts";
import { type Sink, Viewer, type ViewerOptions } from "./viewer.ts";
import type { WireFormat } from "./wire-format.ts";

/** Viewers without a connection of their own, such as those of HLS. */
export type Visitors = {
  readonly count: () => number;
  /** The viewers' numbers. A viewer has the same number in every process. */
  readonly numbers: () => readonly number[];
};

/** A viewer with a connection whose door sends it frames by itself, such as one of WebRTC. It wants a low delay. */
export type Guest = {
  readonly protocol: string;
  /** Called once, when the server ends it. */
  readonly onEnd: (reason: string) => void;
};

/** What comes from the publisher may wait so long: where nobody watches, for usual viewers, and for those with a low delay. */
const MAY_WAIT_MS = { unwatched: 100, watched: 40, low: 0 } as const;
/** What may wait so long is watched by nobody. */
export const UNWATCHED_WAIT_MS = MAY_WAIT_MS.unwatched;
/** Viewers with a shorter interval between two writes want a low delay. */
const SHORT_BATCH_MS = 100;
/** An output stays for so long without viewers, since the next one is often about to come. */
const IDLE_OUTPUT_MS = 5000;

export class Audience {
  private readonly log: Log;
  private readonly limits: OutputBufferLimits;
  private readonly clock: Clock;
  private readonly fanOut: FanOut;
  private readonly onCount: (change: 1 | -1) => void;
  private readonly outputs = new Map<string, Output>();
  private readonly closing = new Map<Output, () => void>();
  private readonly viewers = new Map<Viewer, { readonly cancelWait: () => void }>();
  private readonly guests = new Set<Guest>();
  private readonly visitors = new Map<string, Visitors>();
  private lowDelayViewers = 0;

  /** @param onCount hears of each viewer with a connection that comes (1) or leaves (-1) */
  constructor(log: Log, limits: OutputBufferLimits, clock: Clock, fanOut: FanOut, onCount: (change: 1 | -1) => void) {
    this.onCount = onCount;
    this.log = log;
    this.limits = limits;
    this.clock = clock;
    this.fanOut = fanOut;
  }

  /** Viewers with a connection and without. */
  get count(): number {
    let count = this.connected;
    for (const { count: others } of this.visitors.values()) count += others();
    return count;
  }

  /** Viewers with a connection. */
  get connected(): number {
    return this.viewers.size + this.guests.size;
  }

  /** How long what comes from the publisher may wait until it is read, milliseconds. */
  get mayWaitMs(): number {
    if (this.lowDelayViewers > 0) return MAY_WAIT_MS.low;
    return this.count > 0 ? MAY_WAIT_MS.watched : MAY_WAIT_MS.unwatched;
  }

  /** Counts viewers without a connection too. */
  addVisitors(protocol: string, visitors: Visitors): void {
    this.visitors.set(protocol, visitors);
  }

  /** Numbers of viewers without a connection, by protocol. */
  visitorNumbers(): Record<string, readonly number[]> {
    return Object.fromEntries([...this.visitors].map(([protocol, { numbers }]) => [protocol, numbers()]));
  }

  countByProtocol(): Map<string, number> {
    const counts = new Map<string, number>();
    for (const [protocol, { count }] of this.visitors) counts.set(protocol, count());
    const add = (protocol: string) => counts.set(protocol, (counts.get(protocol) ?? 0) + 1);
    for (const { options } of this.viewers.keys()) add(options.protocol);
    for (const { protocol } of this.guests) add(protocol);
    return counts;
  }

  /** Counts a viewer to whom frames are sent by its door. */
  join(guest: Guest): void {
    this.guests.add(guest);
    this.onCount(1);
    this.lowDelayViewers++;
  }

  /** A guest has left. May be called twice. */
  part(guest: Guest): void {
    if (!this.guests.delete(guest)) return;
    this.onCount(-1);
    this.lowDelayViewers--;
  }

  /** Adds a viewer. It gets the newest GOP at once, or as soon as there is one. */
  watch(format: WireFormat, sink: Sink, options: ViewerOptions): Viewer {
    const output = this.output(format);
    const viewer = new Viewer(output, sink, options);
    const cancelWait = output.whenJoinable(() => this.fanOut.add(viewer));
    this.viewers.set(viewer, { cancelWait });
    this.onCount(1);
    if (options.batchMs < SHORT_BATCH_MS) this.lowDelayViewers++;
    return viewer;
  }

  /** A viewer's connection can take bytes again. */
  resume(viewer: Viewer): void {
    this.fanOut.resume(viewer);
  }

  /** Removes a viewer. May be called twice. */
  leave(viewer: Viewer): void {
    const entry = this.viewers.get(viewer);
    if (!entry) return;
    this.viewers.delete(viewer);
    this.onCount(-1);
    if (viewer.options.batchMs < SHORT_BATCH_MS) this.lowDelayViewers--;
    entry.cancelWait();
    this.fanOut.remove(viewer);
    const { output } = viewer;
    for (const other of this.viewers.keys()) if (other.output === output) return;
    this.closing.get(output)?.();
    this.closing.set(
      output,
      this.clock.after(IDLE_OUTPUT_MS, () => this.closeOutput(output)),
    );
  }

  /** Disconnects a viewer, which is told the reason as far as its protocol can. */
  dismiss(viewer: Viewer, reason: string): void {
    if (!this.viewers.has(viewer)) return;
    this.leave(viewer);
    viewer.sink.end(reason);
    viewer.options.onEnd?.(reason);
  }

  /** Disconnects those who cannot play what the stream has become. */
  dismissWithdrawable(reason: string): void {
    for (const viewer of [...this.viewers.keys()]) if (viewer.options.isWithdrawable) this.dismiss(viewer, reason);
  }

  dismissSome(count: number, reason: string): void {
    const viewers = [...this.viewers.keys()].slice(0, count);
    for (const viewer of viewers) this.dismiss(viewer, reason);
    for (const guest of [...this.guests].slice(0, count - viewers.length)) {
      this.part(guest);
      guest.onEnd(reason);
    }
  }

  /** Gives all viewers the rest of the stream, and disconnects them. */
  close(reason: string): void {
    for (const output of this.outputs.values()) this.fanOut.flush(output);
    this.dismissSome(this.connected, reason);
    for (const output of [...this.outputs.values()]) this.closeOutput(output);
  }

  private output(format: WireFormat): Output {
    const existing = this.outputs.get(format.id);
    if (existing) {
      this.closing.get(existing)?.();
      this.closing.delete(existing);
      return existing;
    }
    const output = new Output(this.log, format, this.limits);
    this.outputs.set(format.id, output);
    return output;
  }

  private closeOutput(output: Output): void {
    this.closing.get(output)?.();
    this.closing.delete(output);
    if (this.outputs.get(output.format.id) === output) this.outputs.delete(output.format.id);
    output.close();
  }
}
