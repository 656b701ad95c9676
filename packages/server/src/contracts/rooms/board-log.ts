/**
 * Provides the part of a room's log that tells what its board showed: what a media worker asks the control process for when it makes a film of a
 * lesson. Names and fields are on the wire between nodes.
 */

export type BoardLogRequest = {
  readonly kind: "board";
  readonly lesson: string;
  /** Only which page was shown, or also what was drawn. */
  readonly strokes: boolean;
  /** Milliseconds since 1970: earlier entries only. */
  readonly before: number;
  /** Where the part before has ended; null: from the beginning of the log. */
  readonly after: BoardLogPosition | null;
};

export type BoardLogPosition = { readonly at: number; readonly epoch: string; readonly seq: number };

/** Sorts in the order of the log: below 0 where the first place is before the other. */
export function byPlace(one: BoardLogPosition, other: BoardLogPosition): number {
  return one.at - other.at || (one.epoch === other.epoch ? one.seq - other.seq : one.epoch < other.epoch ? -1 : 1);
}

/** An entry of the kind `page` or `stroke`. */
export type BoardLogEntry = BoardLogPosition & {
  readonly kind: string;
  readonly key: string | null;
  readonly gone: boolean;
  readonly body: Readonly<Record<string, unknown>>;
};

/** A material that the lesson's room has opened: nobody makes files of another. */
export type OpenedMaterial = {
  readonly pages: number;
  /** The node with its files; null: the object storage has them. */
  readonly node: string | null;
};

export type BoardLogPart = {
  readonly entries: readonly BoardLogEntry[];
  /** By id: those that these entries name. */
  readonly materials: Readonly<Record<string, OpenedMaterial>>;
  /** Null: there is no more. */
  readonly next: BoardLogPosition | null;
};
