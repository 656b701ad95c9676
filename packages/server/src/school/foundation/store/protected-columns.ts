/**
 * Lists the columns that are encrypted where `encryption.atRest` is on. A column is here when no statement compares or sorts by it, but for equality; docs/security.md says which
 * others have people's data. What each table states of its columns (`privacy.ts`) compiles only where it agrees.
 */

export type ProtectedColumn = {
  readonly table: string;
  readonly column: string;
  readonly form: "text" | "json";
  /** The primary key, in its order, with PostgreSQL's types. */
  readonly key: Readonly<Record<string, "text" | "bigint" | "integer">>;
  /** Of an object: fields that stay readable, because statements and indexes ask for them. They are numbers, states and ids. */
  readonly open?: readonly string[];
  /** Ids within stay readable: the rows of a person are found by them, to erase them. They are random. */
  readonly ids?: true;
  /** Equal texts are found by a blind index of the text in small letters (`blind-index.ts`), which shows which rows have the same one. */
  readonly indexed?: true;
};

const ID = { id: "text" } as const;
const ENTRY = { lesson_id: "text", epoch: "text", seq: "bigint" } as const;
const OF_DEVICE = { attempt_id: "text", seat: "integer", seq: "integer" } as const;
/** `page` and `set` of boards, `state` of hands, `ref` and `deleted` of lines. */
const OF_ENTRIES = ["page", "set", "state", "ref", "deleted"];

/** A new one goes to the end: a pass of the encryption that an upgrade interrupts knows its place by the number. */
const COLUMNS = [
  { table: "guardians", column: "name", form: "text", key: ID },
  { table: "guardians", column: "email", form: "text", key: ID },
  { table: "guardian_notices", column: "subject", form: "text", key: ID },
  { table: "guardian_notices", column: "body", form: "text", key: ID },
  { table: "room_entries", column: "from_name", form: "text", key: ENTRY },
  { table: "room_entries", column: "body", form: "json", key: ENTRY, open: OF_ENTRIES, ids: true },
  { table: "room_entries", column: "answer", form: "json", key: ENTRY },
  {
    table: "board_pages",
    column: "operations",
    form: "json",
    key: { lesson_id: "text", page: "text", epoch: "text", seq: "bigint" },
  },
  { table: "quizzes", column: "text", form: "text", key: ID },
  { table: "quizzes", column: "options", form: "json", key: ID },
  { table: "quizzes", column: "correct", form: "json", key: ID },
  { table: "quizzes", column: "explanation", form: "text", key: ID },
  { table: "quiz_answers", column: "choice", form: "json", key: { quiz_id: "text", participant_id: "text" } },
  { table: "exam_attempts", column: "name", form: "text", key: ID },
  { table: "exam_answers", column: "value", form: "json", key: OF_DEVICE },
  { table: "exam_facts", column: "detail", form: "text", key: OF_DEVICE },
  { table: "exam_marks", column: "comment", form: "text", key: { attempt_id: "text", question: "text" } },
  { table: "check_ins", column: "answers", form: "json", key: ID },
  { table: "deliveries", column: "body", form: "text", key: ID, ids: true },
  { table: "audit", column: "actor_name", form: "text", key: ID },
  { table: "audit", column: "before", form: "json", key: ID, ids: true },
  { table: "audit", column: "after", form: "json", key: ID, ids: true },
  { table: "users", column: "email", form: "text", key: ID, indexed: true },
  { table: "exam_markings", column: "comment", form: "text", key: { attempt_id: "text", question: "text", turn: "integer" } },
  { table: "marking_comments", column: "comments", form: "json", key: { user_id: "text" } },
  { table: "exam_messages", column: "text", form: "text", key: ID },
  { table: "exam_notes", column: "text", form: "text", key: ID },
  { table: "search_blocks", column: "lines", form: "json", key: { lesson_id: "text", n: "integer" } },
  { table: "exam_proposals", column: "comment", form: "text", key: { attempt_id: "text", question: "text" } },
] as const satisfies readonly ProtectedColumn[];

type NameOf<Column> = Column extends { readonly table: infer Table extends string; readonly column: infer Name extends string }
  ? `${Table}.${Name}`
  : never;
/** `table.column` */
export type EncryptedColumn = NameOf<(typeof COLUMNS)[number]>;

export const PROTECTED_COLUMNS: readonly ProtectedColumn[] = COLUMNS;

const BY_TABLE = Map.groupBy(PROTECTED_COLUMNS, ({ table }) => table);

/** The protected columns of a table, by their names; null: it has none. */
export function protectedColumnsOf(table: string): ReadonlyMap<string, ProtectedColumn> | null {
  const columns = BY_TABLE.get(table);
  return columns ? new Map(columns.map((one) => [one.column, one])) : null;
}
