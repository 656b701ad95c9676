/**
 * What the nodes of a cluster say to each other without knowing each other: messages by subject, and tables of small texts of which each
 * change is decided once. Between machines it is NATS; on one machine it is in this process.
 */

/** One row of a table. Revisions go up with every change of the table. */
export type Row = { readonly value: string; readonly revision: number };

/** Hears what a table holds. */
export type TableWatcher = {
  /** Everything at present: at the beginning, and again whenever the bus was away. */
  readonly all: (rows: ReadonlyMap<string, Row>) => void;
  /** One row is another than it was; null: it was removed. */
  readonly changed: (key: string, value: string | null, revision: number) => void;
};

/** Every method fails with `BusUnavailable` when nobody answers. */
export type Table = {
  readonly get: (key: string) => Promise<Row | null>;
  /** Gives the revision; null when there is such a row already. */
  readonly create: (key: string, value: string) => Promise<number | null>;
  /** Null when the row is not any more what it was at that revision. */
  readonly update: (key: string, value: string, revision: number) => Promise<number | null>;
  /** False when the row is not any more what it was at that revision. */
  readonly remove: (key: string, revision: number) => Promise<boolean>;
};

export type Bus = {
  /** False while it cannot be reached. */
  readonly connected: boolean;
  readonly onState: (listener: (connected: boolean) => void) => void;
  /** Heard by whoever listens at this moment, at most once. */
  readonly publish: (subject: string, text: string) => void;
  readonly subscribe: (subject: string, listener: (text: string) => void) => void;
  /** @param name letters, digits, `-`; keys are letters, digits, `_`, `-`, and `.` between words */
  readonly table: (name: string, watcher: TableWatcher) => Table;
  readonly close: () => Promise<void>;
};

/** The bus cannot be reached, or has not answered in time: nobody knows whether a change was made. */
export class BusUnavailable extends Error {
  override readonly name = "BusUnavailable";
}
