/**
 * Computes when one person was in a room from what media workers report: the union of the visits, in which a gap of up to 15 seconds is no
 * leaving. Reports may be late, repeated, or missing because a worker died.
 */

/** A person who returns within this time has not left: a page was loaded again, a line broke, a node died. */
export const RETURN_WITHIN_MS = 15_000;
/** Most people are back before this; the end of those who are not is written. */
const WRITTEN_AFTER_MS = 3000;
/** Older intervals of one person are in the database only. */
const MAX_INTERVALS = 30;
/** Kinds of devices that are named for one interval. */
const MAX_DEVICES = 3;

/** Times are milliseconds since 1970. */
export type Visit = { readonly from: number; readonly to: number | null; readonly device: string };
export type Interval = { readonly from: number; readonly to: number | null; readonly devices: readonly string[] };

type OpenVisit = {
  readonly from: number;
  readonly device: string;
  /** Its worker is gone: the visit ended `at`, which counts from `from`, unless the worker reports it again before `until`. */
  readonly lost: Loss | null;
};
type Loss = { readonly at: number; readonly from: number; readonly until: number; readonly counts: boolean };
type ClosedInterval = Interval & { readonly to: number };

/** Stands for the worker of an interval that another process had written before it ended. */
const EARLIER = "";

export class Stay {
  /** By worker. */
  private readonly open = new Map<string, OpenVisit>();
  /** In their order, with short gaps closed. */
  private closed: readonly ClosedInterval[] = [];

  /** An interval that is in the database, and has ended. */
  restoreClosed(from: number, to: number, devices: readonly string[]): void {
    this.close({ from, to, devices });
  }

  /** An interval that another process has left open. @param seen when that process last knew @param until the workers report before this time */
  restoreOpen(from: number, device: string, seen: number, until: number): void {
    this.open.set(EARLIER, { from, device, lost: { at: Math.max(from, seen), from: until, until, counts: false } });
  }

  /**
   * Takes what a worker reports of this person.
   * @param visits at most one of them has not ended; none: the worker no longer has the person
   * @param confirmedAt when the worker last said that it had the person
   */
  update(worker: string, visits: readonly Visit[], confirmedAt: number): void {
    const before = this.open.get(worker);
    const current = openVisit(visits);
    const ended = visits.flatMap(({ from, to, device }) => (to === null ? [] : [{ from, to, devices: [device] }]));
    for (const visit of ended) this.close(visit);
    for (const { from } of visits) this.confirmEarlier(from);
    if (before && (current === null || current.from > before.from)) {
      // A worker that began again does not know of the visits before.
      const isNotified = ended.some(({ from }) => from <= before.from);
      if (!isNotified) this.close(closedOf(before, before.lost?.at ?? confirmedAt));
      this.open.delete(worker);
    }
    if (current) this.open.set(worker, { from: current.from, device: current.device, lost: null });
  }

  /** Whether the worker has said before that the person is there since this time. */
  has(worker: string, from: number): boolean {
    const visit = this.open.get(worker);
    return visit?.from === from && visit.lost === null && !this.open.has(EARLIER);
  }

  /** The worker is gone. @param at when @param until it may still report the visit */
  lose(worker: string, at: number, until: number): void {
    const visit = this.open.get(worker);
    if (!visit || visit.lost) return;
    const lost: Loss = { at: Math.max(at, visit.from), from: at + WRITTEN_AFTER_MS, until, counts: false };
    this.open.set(worker, { ...visit, lost });
  }

  /** Notices visits whose workers have not come back, and ends those that are over for good. True where the intervals have changed. */
  expire(now: number): boolean {
    let changed = false;
    for (const [worker, visit] of this.open) {
      const { lost } = visit;
      if (!lost || lost.from > now || (lost.counts && lost.until > now)) continue;
      changed = true;
      this.open.set(worker, { ...visit, lost: { ...lost, counts: true } });
      if (lost.until > now) continue;
      this.open.delete(worker);
      this.close(closedOf(visit, lost.at));
    }
    return changed;
  }

  /** Whether the person is there, or may return without having left. */
  isPresent(now: number): boolean {
    return this.open.size > 0 || now - (this.closed.at(-1)?.to ?? 0) <= RETURN_WITHIN_MS;
  }

  /** Whether a worker has the person, so that nothing changes without a report. */
  get isConfirmed(): boolean {
    return [...this.open.values()].some(({ lost }) => lost === null);
  }

  /** In their order; only the last may have no end. */
  intervals(): readonly Interval[] {
    const open = [...this.open.values()].map(({ from, device, lost }) => ({
      from,
      devices: [device],
      to: lost?.counts ? lost.at : null,
    }));
    return mergeIntervals([...this.closed, ...open]);
  }

  private close(interval: ClosedInterval): void {
    const merged = mergeIntervals([...this.closed, interval]).flatMap((one) => (one.to === null ? [] : [{ ...one, to: one.to }]));
    this.closed = merged.slice(-MAX_INTERVALS);
  }

  /** A worker knows when the visit that another process had written has ended, or that it has not. */
  private confirmEarlier(from: number): void {
    const earlier = this.open.get(EARLIER);
    if (!earlier?.lost || from > earlier.lost.at) return;
    this.open.delete(EARLIER);
    if (from > earlier.from) this.close(closedOf(earlier, from));
  }
}

/** The union of intervals, in which short gaps are closed. */
export function mergeIntervals(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const next of intervals.toSorted((a, b) => a.from - b.from)) {
    const last = merged.at(-1);
    if (last && (last.to === null || next.from - last.to <= RETURN_WITHIN_MS)) {
      const to = last.to === null || next.to === null ? null : Math.max(last.to, next.to);
      const devices = [...new Set([...last.devices, ...next.devices])].filter((device) => device !== "").slice(0, MAX_DEVICES);
      merged[merged.length - 1] = { from: last.from, to, devices };
    } else merged.push(next);
  }
  return merged;
}

/** The visit that has not ended; of several, such as of two tabs, the one that began first. */
function openVisit(visits: readonly Visit[]): Visit | null {
  let first: Visit | null = null;
  for (const visit of visits) if (visit.to === null && (first === null || visit.from < first.from)) first = visit;
  return first;
}

function closedOf({ from, device }: OpenVisit, to: number): ClosedInterval {
  return { from, to: Math.max(from, to), devices: [device] };
}
