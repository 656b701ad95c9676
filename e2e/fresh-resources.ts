/**
 * Writes a row of each resource that no other file writes one of, for tests of who may do what. The row is made from the schema: the routes of a
 * resource say its table, and the last parameter of their path names the row.
 */
import { sql } from "kysely";
import { newId } from "../packages/server/src/platform/id.ts";
import type { Database } from "../packages/server/src/school/foundation/store/tables.ts";
import { allowedWords, parentsIn } from "./every-table.ts";

/** The parameter of paths that names a row, and its table. */
export type ResourceTable = { readonly parameter: string; readonly table: string };
type AnyRoute = { readonly path: string; readonly table?: string };
/** What columns of secrets have is among the things. */
type Known = Readonly<Record<string, string>> & { readonly streamSecret: string };
type Column = { readonly table: string; readonly column: string; readonly type: string; readonly needed: boolean };

/** Values that the API's shapes want, where their columns take more, by `table.column`. */
const FOR_SHAPES: Readonly<Record<string, string>> = { "probes.every_seconds": "300", "probes.seconds": "18" };
/** PostgreSQL's text of values, by type. */
const VALUES: Readonly<Record<string, string>> = {
  bool: "true",
  int4: "7",
  int8: "7",
  float8: "1",
  timestamptz: "now",
  jsonb: "[]",
  bytea: "\\x",
};

export function resourceTables(routes: readonly AnyRoute[]): readonly ResourceTable[] {
  const found = routes.flatMap(({ path, table }) => {
    const parameter = /\/:(\w+)$/.exec(path)?.[1];
    return table === undefined || parameter === undefined ? [] : [{ parameter, table }];
  });
  return [...new Map(found.map((one) => [one.parameter, one])).values()];
}

/**
 * Makes what writes the rows, a new one of each table for a school.
 * @param others parameters of which other files write the rows
 * @returns adds the ids to the things of the school, by parameter
 */
export async function resourceRows(db: Database, all: readonly ResourceTable[], others: readonly string[]) {
  const resources = all.filter(({ parameter }) => !others.includes(parameter));
  const parents = await parentsIn(db);
  const words = await allowedWords(db);
  const columns = Map.groupBy(await columnsOf(db, resources), ({ table }) => table);
  return async <T extends Known>(schoolId: string, things: T): Promise<T> => {
    const made: Record<string, string> = {};
    const ids: Readonly<Record<string, string>> = things;
    for (const { parameter, table } of resources) {
      const id = newId();
      const textOf = ({ column, type }: Column): string => {
        if (column === "id") return id;
        if (column === "school_id") return schoolId;
        if (column.startsWith("secret")) return things.streamSecret;
        const parent = parents.get(`${table}.${column}`)?.table;
        if (parent !== undefined) return ids[`${parent.replace(/s$/, "")}Id`] ?? "";
        return FOR_SHAPES[`${table}.${column}`] ?? words.get(`${table}.${column}`) ?? VALUES[type] ?? id;
      };
      const values = (columns.get(table) ?? []).filter(({ column, needed }) => needed || column === "school_id");
      // A school may have only so many.
      await sql`delete from ${sql.table(table)} where school_id = ${schoolId}`.execute(db);
      await sql`insert into ${sql.table(table)} (${sql.join(values.map(({ column }) => sql.ref(column)))})
        values (${sql.join(values.map((column) => sql`${textOf(column)}::text::${sql.raw(column.type)}`))})`.execute(db);
      made[parameter] = id;
    }
    return { ...things, ...made };
  };
}

async function columnsOf(db: Database, resources: readonly ResourceTable[]): Promise<readonly Column[]> {
  if (resources.length === 0) return [];
  const { rows } = await sql<Column>`
    select table_name as table, column_name as column, udt_name as type, is_nullable = 'NO' and column_default is null as needed
    from information_schema.columns
    where table_schema = current_schema() and is_generated = 'NEVER' and table_name in (${sql.join(resources.map(({ table }) => table))})
    order by table_name, ordinal_position`.execute(db);
  return rows;
}
