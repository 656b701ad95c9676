/**
 * Provides the bus of a cluster: publish and subscribe by subject, and key-value tables with compare-and-set. NATS carries it between machines; a
 * single machine has it in the process.
 */

/** One row of a table. Every change of the table increases the revision. */
export type Row = { readonly value: string; readonly revision: number };

/** Receives a table's content. */
export type TableWatcher = {
  /** All rows: at the start, and again after each reconnection. */
  readonly all: (rows: ReadonlyMap<string, Row>) => void;
  /** One row changed; null: it was removed. */
  readonly changed: (key: string, value: string | null, revision: number) => void;
};

/** Every method fails with `BusUnavailable` without an answer. */
export type Table = {
  readonly get: (key: string) => Promise<Row | null>;
  /** Returns the revision; null when the row exists already. */
  readonly create: (key: string, value: string) => Promise<number | null>;
  /** Null when the row has changed since that revision. */
  readonly update: (key: string, value: string, revision: number) => Promise<number | null>;
  /** False when the row has changed since that revision. */
  readonly remove: (key: string, revision: number) => Promise<boolean>;
};

export type Bus = {
  /** False while the bus is unreachable. */
  readonly connected: boolean;
  readonly onState: (listener: (connected: boolean) => void) => void;
  /** Delivers to the current subscribers, at most once. */
  readonly publish: (subject: string, text: string) => void;
  readonly subscribe: (subject: string, listener: (text: string) => void) => void;
  /** @param name letters, digits, `-`; keys are letters, digits, `_`, `-`, `=`, `/`, and `.` between words */
  readonly table: (name: string, watcher: TableWatcher) => Table;
  readonly close: () => Promise<void>;
};

/** The bus is unreachable, or did not answer in time: a change may or may not have been made. */
export class BusUnavailable extends Error {
  override readonly name = "BusUnavailable";
}
