/**
 * Deletes rows with everything that refers to them, in small transactions. The references are read from the database itself, so that a table that is
 * added later cannot be forgotten.
 */
import { type RawBuilder, sql } from "kysely";
import type { Database, Db } from "../../foundation/store/tables.ts";

/** A few milliseconds on the embedded database. */
const ROWS_PER_STEP = 200;

/** `child.column` refers to `parent.key`. `isLoose`: the row stays without it (`on delete set null`). */
export type Reference = {
  readonly child: string;
  readonly column: string;
  readonly parent: string;
  readonly key: string;
  readonly isLoose: boolean;
};

/** Foreign keys of one column, in the current schema. */
export async function readReferences(db: Db): Promise<readonly Reference[]> {
  const { rows } = await sql<Reference>`
    select child.relname as child, c.attname as column, parent.relname as parent, p.attname as key,
      f.confdeltype = 'n' as "isLoose"
    from pg_constraint f
    join pg_class child on child.oid = f.conrelid
    join pg_class parent on parent.oid = f.confrelid
    join pg_attribute c on c.attrelid = f.conrelid and c.attnum = f.conkey[1]
    join pg_attribute p on p.attrelid = f.confrelid and p.attnum = f.confkey[1]
    where f.contype = 'f' and child.relnamespace = current_schema()::regnamespace
    order by child.relname, c.attname`.execute(db);
  return rows;
}

/**
 * Deletes the rows of a table that meet a condition, and before them the rows that refer to them.
 * @param shouldStop asked between steps; deleting can be repeated later
 */
export async function deleteRows(
  db: Database,
  table: string,
  condition: RawBuilder<boolean>,
  shouldStop: () => boolean,
): Promise<void> {
  const references = await readReferences(db);
  await deleteWithReferring(db, references, table, condition, shouldStop, []);
}

/** Deletes only the rows that refer to those that meet the condition. @param shouldStop asked between steps */
export async function deleteReferring(
  db: Database,
  table: string,
  condition: RawBuilder<boolean>,
  shouldStop: () => boolean,
): Promise<void> {
  const references = await readReferences(db);
  for (const { child, column, key } of references.filter(({ parent }) => parent === table)) {
    const referring = sql<boolean>`${sql.ref(column)} in (select ${sql.ref(key)} from ${sql.table(table)} where ${condition})`;
    await deleteWithReferring(db, references, child, referring, shouldStop, [table]);
  }
}

async function deleteWithReferring(
  db: Database,
  references: readonly Reference[],
  table: string,
  condition: RawBuilder<boolean>,
  shouldStop: () => boolean,
  path: readonly string[],
): Promise<void> {
  for (const { child, column, key } of references.filter(({ parent, child }) => parent === table && !path.includes(child))) {
    const referring = sql<boolean>`${sql.ref(column)} in (select ${sql.ref(key)} from ${sql.table(table)} where ${condition})`;
    await deleteWithReferring(db, references, child, referring, shouldStop, [...path, table]);
  }
  const name = sql.table(table);
  for (let deleted = ROWS_PER_STEP; deleted === ROWS_PER_STEP && !shouldStop(); ) {
    const step = await sql<{ one: number }>`
      delete from ${name} where ctid = any(array(select ctid from ${name} where ${condition} limit ${ROWS_PER_STEP})) returning 1 as one`.execute(
      db,
    );
    deleted = step.rows.length;
  }
}
