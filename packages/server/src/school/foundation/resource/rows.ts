/**
 * Reads and inserts the rows of any resource. Kysely cannot type a statement for one of several tables: the compiler is told here, once, that the
 * tables of resources have these columns.
 */
import { type Kysely, type SelectQueryBuilder, sql } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import type { Db } from "../store/tables.ts";
import type { VersionedTable } from "../store/update-row.ts";
import type { Declaration, Matching, Row } from "./declaration.ts";

type AnyRow = { readonly id: string; readonly school_id: string | null };
type AnyTables = { readonly rows: AnyRow };
type AnyRows = SelectQueryBuilder<AnyTables, "rows", AnyRow>;

/** What says which rows an actor reaches. */
type Reach<T extends VersionedTable> = Pick<Declaration<T>, "table" | "owner" | "visible">;

export type PageOptions<T extends VersionedTable> = {
  readonly limit: number;
  readonly cursor?: string | undefined;
  /** Null: of all schools. */
  readonly schoolId: string | null;
  readonly where?: ((matching: Matching<T>) => Matching<T>) | undefined;
  readonly newestFirst?: boolean | undefined;
};

/** The row of this id; undefined: the actor reaches none. */
export async function readRow<T extends VersionedTable>(
  db: Db,
  declaration: Reach<T>,
  actor: Actor,
  rowId: string,
): Promise<Row<T> | undefined> {
  const rows = reachedRows(db, declaration, actor).where(sql<boolean>`${column(declaration, "id")} = ${rowId}`);
  return (await rows.executeTakeFirst()) as Row<T> | undefined;
}

/** The rows of a page, and one more where another page follows (`toPage`). */
export async function readPage<T extends VersionedTable>(
  db: Db,
  declaration: Reach<T>,
  actor: Actor,
  { limit, cursor, schoolId, where, newestFirst = false }: PageOptions<T>,
): Promise<readonly Row<T>[]> {
  const id = column(declaration, "id");
  let matching = reachedRows(db, declaration, actor);
  if (schoolId !== null) matching = matching.where(sql<boolean>`${column(declaration, "school_id")} = ${schoolId}`);
  if (where) matching = where(matching as unknown as Matching<T>) as unknown as AnyRows;
  if (cursor) matching = matching.where(newestFirst ? sql<boolean>`${id} < ${cursor}` : sql<boolean>`${id} > ${cursor}`);
  const rows = matching.orderBy(newestFirst ? sql`${id} desc` : id).limit(limit + 1);
  return (await rows.execute()) as unknown as readonly Row<T>[];
}

export async function insertRow<T extends VersionedTable>(
  db: Db,
  table: T,
  columns: Readonly<Record<string, unknown>>,
): Promise<Row<T>> {
  const values = columns as unknown as AnyRow;
  const rows = (db as unknown as Kysely<AnyTables>).insertInto(table as unknown as "rows").values(values);
  return (await rows.returningAll().executeTakeFirstOrThrow()) as unknown as Row<T>;
}

/** As `actsFor` says of one row. */
function reachedRows<T extends VersionedTable>(db: Db, { table, owner, visible }: Reach<T>, actor: Actor): AnyRows {
  if (visible) return visible(db, actor) as unknown as AnyRows;
  const rows = (db as unknown as Kysely<AnyTables>).selectFrom(table as unknown as "rows").selectAll();
  if (owner === "platform" || (actor.schoolId === null && actor.role === "operator")) return rows;
  return rows.where("school_id", "=", actor.schoolId);
}

function column(declaration: { readonly table: string }, name: string) {
  return sql.ref(`${declaration.table}.${name}`);
}
