/**
 * Fills every table of a database with rows that are made from its schema, so that a new table cannot be forgotten. Rows of the same number belong
 * together: a foreign key leads to the row of its own number. The values are those that get lost on the way through other formats.
 */
import { type Kysely, sql } from "kysely";

/** Values that make the rows pass checks over several columns, by `table.column`; for the first and the second row. */
const FOR_CHECKS: Readonly<Record<string, readonly [string | null, string | null]>> = {
  "users.role": ["teacher", "student"],
  "users.school_id": ["schools.id 0", "schools.id 1"],
  "sources.lesson_id": [null, null],
  "providers.kind": ["saml", "oidc"],
  "providers.saml": [`{"mark": "providers.saml 0 '"}`, null],
  "policies.level": ["school", "school"],
  "policies.target_id": ["schools.id 0", "schools.id 1"],
  "policies.school_id": ["schools.id 0", "schools.id 1"],
  "policies.course_id": [null, null],
  "policies.lesson_id": [null, null],
  "policies.recording_id": [null, null],
  "address_lists.source": ["url", "file"],
  "address_lists.secret_url": ["url", null],
  "address_lists.refresh_seconds": ["60", null],
  "address_lists.file": [null, "file"],
};
const ROWS = 2;
/** PostgreSQL's text of values, by type; for the first and the second row. */
const VALUES: Readonly<Record<string, readonly [string, string]>> = {
  bool: ["true", "false"],
  int4: ["2147483647", "7"],
  // More than a number of JavaScript holds.
  int8: ["9007199254740993", "-9007199254740995"],
  float8: ["0.30000000000000004", "Infinity"],
  timestamptz: ["2026-11-29 17:37:22.123456+00", "infinity"],
  jsonb: ['{"mark": "TABLE.COLUMN 0 \'", "a": [1, "two", null, 1.10, 12345678901234567890], "\u2028": "\\\\ \\" 数学"}', "null"],
  bytea: ["\\x00ff0d0a5c", "\\x"],
  _int4: ["{2147483647,-7}", "{}"],
  _text: ['{"a,\\"b",null}', "{}"],
};
/** Quotes, line ends of every kind, an astral character, and words that other formats take for no value. */
const TEXTS = ["'\"\\ %_;-- \r\n\u2028\u0085\t 数学 🎓", "null"] as const;

type Column = { readonly table: string; readonly column: string; readonly type: string };

/**
 * Texts of the first row, and of its JSON, begin with `table.column 0 '`.
 * @param more values by `table.column`, for the first and the second row
 * @returns the names of the tables
 */
export async function fillEveryTable<Tables>(
  db: Kysely<Tables>,
  more: Readonly<Record<string, readonly [string | null, string | null]>> = {},
): Promise<readonly string[]> {
  const columns = Map.groupBy(await columnsIn(db), ({ table }) => table);
  const parents = await parentsIn(db);
  const words = await allowedWords(db);
  const textOf = (column: Column, row: number): string | null => {
    const name = `${column.table}.${column.column}`;
    const forCheck = (more[name] ?? FOR_CHECKS[name])?.[row];
    if (forCheck !== undefined) return forCheck;
    const parent = parents.get(name);
    const of = columns.get(parent?.table ?? "")?.find((other) => other.column === parent?.column);
    if (of) return textOf(of, row);
    const word = words.get(name);
    if (word !== undefined) return word;
    if (column.type === "varchar") return `${column.column} ${row}`;
    if (column.type === "text") return column.column === "id" ? `${name} ${row}` : `${name} ${row} ${TEXTS[row]}`;
    const value = VALUES[column.type]?.[row]?.replace("TABLE.COLUMN", name);
    if (value === undefined) throw new Error(`add a value of the type ${column.type} for ${name}`);
    return value;
  };
  await db.transaction().execute(async (transaction) => {
    // The rows of a table may come before those that they refer to.
    await sql`set local session_replication_role = replica`.execute(transaction);
    for (const [table, of] of columns)
      for (let row = 0; row < ROWS; row++) {
        const values = of.map((column) => sql`${textOf(column, row)}::text::${sql.raw(column.type)}`);
        const names = of.map(({ column }) => sql.ref(column));
        await sql`insert into ${sql.table(table)} (${sql.join(names)}) overriding system value values (${sql.join(values)})`.execute(
          transaction,
        );
      }
  });
  return [...columns.keys()];
}

/** Every row of every table as PostgreSQL writes it. */
export async function everyRow<Tables>(db: Kysely<Tables>): Promise<Record<string, readonly string[]>> {
  const rows: Record<string, readonly string[]> = {};
  await db.transaction().execute(async (transaction) => {
    await sql`set local timezone = 'UTC'`.execute(transaction);
    for (const table of new Set((await columnsIn(transaction)).map((column) => column.table))) {
      const found = await sql<{ row: string }>`select t::text as row from ${sql.table(table)} t`.execute(transaction);
      rows[table] = found.rows.map(({ row }) => row).sort();
    }
  });
  return rows;
}

/** The columns of the tables, without those of the migrations. */
async function columnsIn<Tables>(db: Kysely<Tables>): Promise<readonly Column[]> {
  const { rows } = await sql<Column>`
    select table_name as table, column_name as column, udt_name as type
    from information_schema.columns join information_schema.tables using (table_schema, table_name)
    where table_schema = current_schema() and table_type = 'BASE TABLE' and table_name not like 'lectern_migrations%'
      and is_generated = 'NEVER'
    order by table_name, ordinal_position`.execute(db);
  return rows;
}

/** By `table.column`, the column that its foreign key leads to. */
export async function parentsIn<Tables>(db: Kysely<Tables>): Promise<ReadonlyMap<string, { table: string; column: string }>> {
  const { rows } = await sql<{ from: string; table: string; column: string }>`
    select child.table_name || '.' || child.column_name as from, parent.table_name as table, parent.column_name as column
    from information_schema.referential_constraints
    join information_schema.key_column_usage child using (constraint_schema, constraint_name)
    join information_schema.key_column_usage parent on parent.constraint_schema = unique_constraint_schema
      and parent.constraint_name = unique_constraint_name
      and parent.ordinal_position = child.position_in_unique_constraint
    where child.constraint_schema = current_schema()`.execute(db);
  return new Map(rows.map(({ from, table, column }) => [from, { table, column }]));
}

/** By `table.column`, the first word of a check that lists the allowed ones. */
export async function allowedWords<Tables>(db: Kysely<Tables>): Promise<ReadonlyMap<string, string>> {
  const { rows } = await sql<{ table: string; check: string }>`
    select conrelid::regclass::text as table, pg_get_constraintdef(oid) as check from pg_constraint
    where contype = 'c' and connamespace = current_schema()::regnamespace and conrelid <> 0`.execute(db);
  const words = new Map<string, string>();
  for (const { table, check } of rows) {
    const [, column, word] = /^CHECK \(\((\w+) = ANY \(ARRAY\['([^']*)'/.exec(check) ?? [];
    if (column !== undefined && word !== undefined) words.set(`${table}.${column}`, word);
  }
  return words;
}
