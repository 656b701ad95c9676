/**
 * Works between a pointer and the log: makes batches of points of what a pen does, and lets points that arrive in batches appear one after the other,
 * as they were written.
 */
import { encodePoints, exact, ORIGIN } from "./points.ts";
import { type Color, type ItemId, LIMITS, type Operation, type Point, type Tool } from "./shapes.ts";

/** A pointer's sample: where it is on the page, in units; `time` in milliseconds of any clock. */
export type Sample = { readonly x: number; readonly y: number; readonly pressure: number; readonly time: number };

/** How often a page that draws sends what has come, in milliseconds: 25 times a second. */
export const BATCH_MS = 40;

/** A sample that lies so near to the straight line between its neighbours, in units and in pressure, is left out. */
const TOLERANCE = { distance: 3, pressure: 0.06 } as const;
/** Points are no further apart than that in time, so that they can be played out. */
const MAX_STEP_MS = 80;

/** A stroke of so many points is full: room is left for the last batch. */
export const FULL_STROKE = LIMITS.pointsOfStroke - 2;

const TAG_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789";
const TAG_LENGTH = 4;

/** A tag for the ids of a page that has just been loaded. @param random from 0 to below 1 */
export function newTag(random: () => number = Math.random): string {
  return Array.from({ length: TAG_LENGTH }, () => TAG_LETTERS[Math.floor(random() * TAG_LETTERS.length)]).join("");
}

/** Makes ids that nobody else has. */
export function itemIds(tag: string): () => ItemId {
  let last = 0;
  return () => `${tag}.${++last}`;
}

export type InkOptions = {
  readonly id: ItemId;
  readonly tool: Tool;
  readonly color: Color /** In units. */;
  readonly width: number;
};

/** One stroke while it is being drawn. */
export class InkWriter {
  private readonly options: InkOptions;
  private readonly began: number;
  /** Kept since the last batch. */
  private kept: Point[] = [];
  /** After the last one that was kept. */
  private waiting: Point[] = [];
  private before: Point | null = null;
  private sent: Point = ORIGIN;
  private count = 0;
  private isBegun = false;

  /** @param first where the pen was put down */
  constructor(options: InkOptions, first: Sample) {
    this.options = options;
    this.began = first.time;
    this.keep(this.pointOf(first));
  }

  /** Nothing can be added to it: the pen goes on with another stroke. */
  get isFull(): boolean {
    return this.count >= FULL_STROKE;
  }

  /** Takes a sample, as `pointermove` and its coalesced events give them. */
  add(sample: Sample): void {
    if (this.isFull) return;
    const point = this.pointOf(sample);
    const { before } = this;
    const last = this.waiting.at(-1) ?? before;
    if (last && point.x === last.x && point.y === last.y && Math.abs(point.pressure - last.pressure) < TOLERANCE.pressure) return;
    if (before && this.waiting.length > 0 && !isStraight(before, this.waiting, point)) this.keepWaiting();
    this.waiting.push(point);
  }

  /** What the others are to be sent now; null: nothing has come since. */
  batch(): Operation | null {
    this.keepWaiting();
    return this.kept.length === 0 ? null : this.operation(0);
  }

  /** The pen was lifted. */
  end(): Operation {
    this.keepWaiting();
    return this.operation(1);
  }

  private operation(ended: 0 | 1): Operation {
    const { id, tool, color, width } = this.options;
    const text = encodePoints(this.kept, this.sent);
    this.sent = this.kept.at(-1) ?? this.sent;
    this.kept = [];
    if (this.isBegun) return ["p", id, text, ended];
    this.isBegun = true;
    return ["s", id, tool, color, width, text, ended];
  }

  /** The newest sample is shown at once; those before it are on the way to it. */
  private keepWaiting(): void {
    const newest = this.waiting.at(-1);
    this.waiting = [];
    if (newest) this.keep(newest);
  }

  private keep(point: Point): void {
    this.kept.push(point);
    this.before = point;
    this.count++;
  }

  private pointOf({ x, y, pressure, time }: Sample): Point {
    const last = this.waiting.at(-1) ?? this.before;
    const point = exact({ x, y, pressure, at: time - this.began });
    return { ...point, at: Math.max(last?.at ?? 0, point.at) };
  }
}

/** Whether the samples between two points lie on the straight line between them, as far as anybody sees. */
function isStraight(from: Point, between: readonly Point[], to: Point): boolean {
  if (to.at - from.at > MAX_STEP_MS) return false;
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const length = Math.hypot(dx, dy);
  return between.every(({ x, y, pressure }) => {
    const along = length === 0 ? 0 : ((x - from.x) * dx + (y - from.y) * dy) / (length * length);
    const off = Math.hypot(x - from.x - along * dx, y - from.y - along * dy);
    const expected = from.pressure + along * (to.pressure - from.pressure);
    return along >= 0 && along <= 1 && off <= TOLERANCE.distance && Math.abs(pressure - expected) <= TOLERANCE.pressure;
  });
}

/** No point appears later than that after it arrived, in milliseconds. */
export const MAX_DELAY_MS = 400;

type Playing = {
  points: readonly Point[];
  /** Of the viewer's clock: when the stroke's first point would have appeared. */
  start: number;
};

/**
 * Says how many points of strokes that are being written a viewer shows: points of a batch appear over the time in which they were written. Strokes that it does
 * not know are shown whole: those of a page that has just been opened.
 */
export class InkPlayer {
  private readonly playing = new Map<ItemId, Playing>();

  /**
   * Points of a stroke have arrived.
   * @param before how many of them were there already; @param now milliseconds of the viewer's clock
   */
  take(id: ItemId, points: readonly Point[], before: number, now: number): void {
    const first = points[before];
    const last = points.at(-1);
    if (!first || !last) return;
    // Points that come when all before have appeared begin to appear now; those that come early wait for their time, but not too long.
    const start = Math.max(this.playing.get(id)?.start ?? Number.NEGATIVE_INFINITY, now - first.at);
    this.playing.set(id, { points, start: Math.min(start, now + MAX_DELAY_MS - last.at) });
  }

  /** How many of a stroke's points have appeared. */
  shown(id: ItemId, count: number, now: number): number {
    const playing = this.playing.get(id);
    if (!playing) return count;
    const shown = countUntil(playing.points, now - playing.start);
    if (shown < playing.points.length) return Math.max(1, shown);
    return count;
  }

  /** Whether points are still to appear: the page is to be drawn again. Forgets strokes that are all there. */
  isPlaying(now: number): boolean {
    for (const [id, { points, start }] of this.playing)
      if (now - start >= (points.at(-1)?.at ?? 0) + MAX_DELAY_MS) this.playing.delete(id);
    return this.playing.size > 0;
  }

  clear(): void {
    this.playing.clear();
  }
}

/** How many points were written until a time. */
function countUntil(points: readonly Point[], at: number): number {
  let [low, high] = [0, points.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((points[middle]?.at ?? 0) <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}
