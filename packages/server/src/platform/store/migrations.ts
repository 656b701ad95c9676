/**
 * Compares the migrations of a database, or of a backup, with those of this program, and applies what is missing. Names begin with numbers;
 * their order is that of the migrations. The first one may stand for a chain of earlier ones, which this program does not have.
 */
import { type Migration, sql, type Transaction } from "kysely";
import { MIGRATION_TABLE } from "./store.ts";

export type TableMigration = Pick<Migration, "up"> & {
  /** The last one of the chain that this one stands for: where it was applied, the tables are there. */
  readonly replaces?: string;
};

/** By name. */
export type TableMigrations = Readonly<Record<string, TableMigration>>;

export type Comparison =
  /** What was applied, and what is yet to be. */
  | { readonly kind: "usable"; readonly applied: TableMigrations; readonly pending: TableMigrations }
  | { readonly kind: "newer"; readonly unknown: readonly string[] }
  /** The chain ends before the migration that this program goes on from. */
  | { readonly kind: "early"; readonly last: string; readonly needed: string }
  /** A migration of this program comes before one that was applied. */
  | { readonly kind: "disordered"; readonly late: string };

/** @param names of the applied migrations */
export function compareMigrations(names: readonly string[], migrations: TableMigrations): Comparison {
  const known = Object.entries(migrations);
  const [base, needed] = known.map(([name, { replaces }]) => [name, replaces] as const)[0] ?? [];
  const isOfChain = (name: string): boolean => base !== undefined && needed !== undefined && name < base;
  const unknown = names.filter((name) => !(name in migrations) && !isOfChain(name));
  if (unknown.length > 0) return { kind: "newer", unknown };
  const last = names.filter(isOfChain).toSorted().at(-1);
  if (last !== undefined && needed !== undefined && last !== needed) return { kind: "early", last, needed };
  const isApplied = (name: string): boolean => names.includes(name) || (name === base && last !== undefined);
  const applied = known.filter(([name]) => isApplied(name));
  const pending = known.filter(([name]) => !isApplied(name));
  const late = pending.find(([name]) => applied.some(([other]) => other > name));
  if (late) return { kind: "disordered", late: late[0] };
  return { kind: "usable", applied: Object.fromEntries(applied), pending: Object.fromEntries(pending) };
}

/**
 * Applies migrations within a transaction, and notes them.
 * @param at ISO 8601
 */
export async function migrateWithin<Tables>(
  transaction: Transaction<Tables>,
  migrations: TableMigrations,
  at: string,
): Promise<void> {
  const table = sql.table(MIGRATION_TABLE);
  await sql`create table if not exists ${table}
    (name varchar(255) not null primary key, timestamp varchar(255) not null)`.execute(transaction);
  for (const [name, { up }] of Object.entries(migrations)) {
    await up(transaction);
    await sql`insert into ${table} (name, timestamp) values (${name}, ${at})`.execute(transaction);
  }
}
