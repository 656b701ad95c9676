/** Reads what columns the tables of the database have, and sets how their values look as text. */
import { type Kysely, sql, type Transaction } from "kysely";

export type Column = {
  readonly name: string;
  /** As SQL writes it: `character varying(255)`. */
  readonly type: string;
  readonly isNullable: boolean;
  /** PostgreSQL computes its values from other columns. */
  readonly isGenerated: boolean;
};

/** The columns of each table of the current schema, in order. */
export async function columnsOf<Tables>(db: Kysely<Tables>): Promise<ReadonlyMap<string, readonly Column[]>> {
  const { rows } = await sql<Column & { table: string }>`
    select relname::text as table, attname::text as name, format_type(atttypid, atttypmod) as type,
      not attnotnull as "isNullable", attgenerated <> '' as "isGenerated"
    from pg_attribute join pg_class on pg_class.oid = attrelid
    where relnamespace = current_schema()::regnamespace and relkind in ('r', 'p') and attnum > 0 and not attisdropped
    order by relname, attnum`.execute(db);
  return Map.groupBy(rows, ({ table }) => table);
}

/**
 * Values as text are the same on every server, and exact: the settings of pg_dump. Statements may take as long as they need. Until the end of
 * the transaction.
 */
export async function setTextFormat<Tables>(transaction: Transaction<Tables>): Promise<void> {
  await sql`select set_config(name, value, true) from (values
    ('datestyle', 'ISO'), ('intervalstyle', 'postgres'), ('timezone', 'UTC'), ('extra_float_digits', '3'), ('bytea_output', 'hex'),
    ('statement_timeout', '0')) as settings (name, value)`.execute(transaction);
}
