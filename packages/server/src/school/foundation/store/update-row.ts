/**
 * Provides the one way to change or delete a row that has a version. The version that was read is part of the statement's condition, so two changes
 * of the same row never overwrite each other, on any database and in any isolation level.
 */
import type { Generated, Selectable, Transaction, Updateable } from "kysely";
import type { Tables } from "./tables.ts";

/** A table whose rows have an id and a version, which is also the ETag of the API. */
export type VersionedTable = {
  [T in keyof Tables]: Tables[T] extends { readonly id: string; version: Generated<number> } ? T : never;
}[keyof Tables];

type VersionedRow = { readonly id: string; readonly version: number };
/** Kysely cannot type a statement for one of several tables; these two columns are all that the conditions need. */
type AnyVersioned = Record<VersionedTable, VersionedRow>;

/** The row was changed or deleted after it was read. `Changes.transact` catches it and runs the change again. */
export class StaleRow extends Error {
  override readonly name = "StaleRow";
}

/**
 * Updates a row that this transaction has read, and increases its version by one.
 * @param before the row as it was read
 * @throws StaleRow where it was changed since
 */
export async function updateRow<T extends VersionedTable>(
  { trx }: { readonly trx: Transaction<Tables> },
  table: T,
  before: VersionedRow,
  columns: Omit<Updateable<Tables[T]>, "version">,
): Promise<Selectable<Tables[T]>> {
  const after = await (trx as unknown as Transaction<AnyVersioned>)
    .updateTable(table as VersionedTable)
    .set({ ...columns, version: before.version + 1 })
    .where("id", "=", before.id)
    .where("version", "=", before.version)
    .returningAll()
    .executeTakeFirst();
  if (!after) throw new StaleRow(`${table} ${before.id}`);
  return after as unknown as Selectable<Tables[T]>;
}

/**
 * Deletes a row that this transaction has read.
 * @throws StaleRow where it was changed since
 */
export async function deleteRow(
  { trx }: { readonly trx: Transaction<Tables> },
  table: VersionedTable,
  before: VersionedRow,
): Promise<void> {
  const deleted = await (trx as unknown as Transaction<AnyVersioned>)
    .deleteFrom(table)
    .where("id", "=", before.id)
    .where("version", "=", before.version)
    .returning("id")
    .executeTakeFirst();
  if (!deleted) throw new StaleRow(`${table} ${before.id}`);
}
