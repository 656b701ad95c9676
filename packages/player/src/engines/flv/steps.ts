/** Provides the rungs that a viewer of FLV chooses among, as steps from the largest to the smallest, sound alone last. Numbers of steps begin with 0. */
import type { LadderStep } from "./reception.ts";

/** A connection has to carry so many times a rung's bits before it is tried, or fallen to. */
const HEADROOM = { up: 1.5, down: 1.2 } as const;
/** A rung whose encoder was too slow is passed over for so long. */
const LATE_MS = 60_000;

export class Steps {
  private list: readonly LadderStep[];
  /** Steps whose encoder was too slow, and until when they are passed over. */
  private readonly lateUntil = new Map<number, number>();
  /** Steps that the server refuses. */
  private readonly refused = new Set<number>();

  constructor(list: readonly LadderStep[]) {
    this.list = list;
  }

  /** The bits of the steps were measured again. */
  measured(list: readonly LadderStep[]): void {
    this.list = list;
  }

  refuse(step: number): void {
    this.refused.add(step);
  }

  isRefused(step: number): boolean {
    return this.refused.has(step);
  }

  /** Passes over a step for a while. */
  passOver(step: number, now: number): void {
    this.lateUntil.set(step, now + LATE_MS);
  }

  isSound(step: number): boolean {
    return this.list[step]?.isSound ?? false;
  }

  get smallestVideo(): number {
    return this.list.findLastIndex(({ isSound }) => !isSound);
  }

  /** The step of sound alone; null where there is none. */
  get sound(): number | null {
    const step = this.list.findIndex(({ isSound }) => isSound);
    return step < 0 || this.refused.has(step) ? null : step;
  }

  /** The next smaller picture that is not refused, or the smallest one; null when there is no picture. */
  instead(of: number): number | null {
    const pictures = this.list.flatMap((step, i) => (step.isSound || this.refused.has(i) ? [] : [i]));
    return pictures.find((i) => i > of) ?? pictures.at(-1) ?? null;
  }

  /** Whether a connection of so many kilobits carries a step, with some left. */
  isCarriedBy(kbps: number, step: number): boolean {
    // A stream that has just begun is not measured yet.
    return (this.list[step]?.kbps || Number.POSITIVE_INFINITY) * HEADROOM.up < kbps;
  }

  /** The largest picture smaller than this one that a connection of so many kilobits carries; the smallest, where it carries none. */
  carriedBy(kbps: number, at: number): number {
    const fits = this.list.findIndex(
      (step, i) => i > at && !step.isSound && !this.refused.has(i) && step.kbps * HEADROOM.down < kbps,
    );
    return fits < 0 ? this.smallestVideo : fits;
  }

  below(from: number): number | null {
    const lower = this.list.findIndex((_, i) => i > from && !this.refused.has(i));
    return lower < 0 ? null : lower;
  }

  /** Larger pictures than this one that may be shown, but none above the highest; the largest first. */
  above(at: number, highest: number, now: number): readonly number[] {
    const isOffered = (i: number) => !this.refused.has(i) && now >= (this.lateUntil.get(i) ?? 0);
    return this.list.flatMap((step, i) => (i < at && i >= highest && !step.isSound && isOffered(i) ? [i] : []));
  }
}
