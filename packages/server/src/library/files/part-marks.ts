/** Provides the part marks of a recorded file, as numbers in arrays: where each part begins, and what packaging needs of it. */
import type { PartMark, SegmentHead } from "../../live/streams/index.ts";

/** What packaging needs of a part. */
export type StoredPart = {
  readonly mark: Pick<PartMark, "sequence" | "previousEnd">;
  /** Offset of its first tag in the file. */
  readonly at: number;
};

const FIRST_PARTS = 256;
/** NaN: the track has no position. */
const NONE = Number.NaN;
const COLUMN = { at: 0, sequence: 1, video: 2, audio: 3 } as const;
const COLUMNS = 4;

export class PartMarks {
  private numbers = new Float64Array(FIRST_PARTS * COLUMNS);
  private count = 0;

  get length(): number {
    return this.count;
  }

  /** Approximate memory, bytes. */
  get memoryBytes(): number {
    return this.numbers.byteLength;
  }

  push(at: number, { sequence, previousEnd }: StoredPart["mark"]): void {
    if ((this.count + 1) * COLUMNS > this.numbers.length) {
      const grown = new Float64Array(this.numbers.length * 2);
      grown.set(this.numbers);
      this.numbers = grown;
    }
    const row = this.count++ * COLUMNS;
    this.numbers[row + COLUMN.at] = at;
    this.numbers[row + COLUMN.sequence] = sequence;
    this.numbers[row + COLUMN.video] = previousEnd.video ?? NONE;
    this.numbers[row + COLUMN.audio] = previousEnd.audio ?? NONE;
  }

  /** The marks of a range. */
  slice(from: number, to: number): StoredPart[] {
    const parts: StoredPart[] = [];
    for (let place = from; place < Math.min(to, this.count); place++) {
      const of = (column: number) => this.numbers[place * COLUMNS + column] ?? NONE;
      const previousEnd = { video: numberOrNull(of(COLUMN.video)), audio: numberOrNull(of(COLUMN.audio)) };
      parts.push({ at: of(COLUMN.at), mark: { sequence: of(COLUMN.sequence), previousEnd } });
    }
    return parts;
  }
}

/** A position of the tracks as two numbers. */
export function positionNumbers({ video, audio }: SegmentHead["start"]): readonly [video: number, audio: number] {
  return [video ?? NONE, audio ?? NONE];
}

/** The number, or null for `NONE`. */
export function numberOrNull(value: number): number | null {
  return Number.isNaN(value) ? null : value;
}
