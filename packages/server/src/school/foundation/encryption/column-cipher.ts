/**
 * Encrypts what statements write into protected columns, and decrypts what they read, as a plugin of Kysely. Encrypted values say themselves that they are, so
 * that whatever a statement makes of columns is decrypted: a join, an alias, an aggregate.
 */
import {
  ColumnNode,
  type ColumnUpdateNode,
  type InsertQueryNode,
  type KyselyPlugin,
  type OperationNode,
  OperationNodeTransformer,
  type PluginTransformQueryArgs,
  type PluginTransformResultArgs,
  PrimitiveValueListNode,
  type QueryResult,
  RawNode,
  type RootOperationNode,
  TableNode,
  type UnknownRow,
  type UpdateQueryNode,
  ValueListNode,
  ValueNode,
  ValuesNode,
} from "kysely";
import type { SecretBox } from "../../../platform/secret-box.ts";
import { PROTECTED_COLUMNS, type ProtectedColumn, protectedColumnsOf } from "../store/protected-columns.ts";
import type { Db } from "../store/tables.ts";
import { contextOf, decryptJson, ENCRYPTED, encryptJson, encryptText, UnreadableValue } from "./encrypted-value.ts";

export type CipherKeys = {
  /** The data keys: the first encrypts, all of them decrypt. */
  readonly box: SecretBox;
  readonly has: (key: string) => boolean;
  /** False: what is written stays readable, and what was encrypted is decrypted. */
  readonly encrypts: () => boolean;
  /** Fails where the keys may be others by now. */
  readonly assertFresh: () => void;
  /** Reads the keys again, which another process may have changed. */
  readonly reload: () => Promise<void>;
};

export class ColumnCipher implements KyselyPlugin {
  readonly keys: CipherKeys;
  private readonly writing: WriteEncryption;
  /** What was asked, until its result comes. */
  private readonly statements = new WeakMap<object, OperationNode>();

  constructor(keys: CipherKeys) {
    this.keys = keys;
    this.writing = new WriteEncryption(keys);
  }

  transformQuery({ node, queryId }: PluginTransformQueryArgs): RootOperationNode {
    this.statements.set(queryId, node);
    // Nothing is written.
    if (node.kind === "SelectQueryNode" && !node.with) return node;
    return this.writing.transformNode(node);
  }

  async transformResult({ result, queryId }: PluginTransformResultArgs): Promise<QueryResult<UnknownRow>> {
    if (!result.rows.some(hasText)) return result;
    const statement = this.statements.get(queryId);
    // Values of tables that the statement does not name are not its: a writer of the database has put them there, to have them read.
    const contexts = statement ? contextsOf(statement) : [];
    const opened = () => ({ ...result, rows: result.rows.map((row) => this.opened(row, contexts)) });
    try {
      return opened();
    } catch (error) {
      if (!(error instanceof UnreadableValue)) throw error;
      // Another control process has begun to write with a new key.
      await this.keys.reload();
      return opened();
    }
  }

  private opened(row: UnknownRow, contexts: readonly string[]): UnknownRow {
    const opened = { ...row };
    for (const name in row) opened[name] = decryptJson(this.keys.box, row[name], contexts);
    return opened;
  }
}

/** Those of the protected columns of all tables that a statement names. */
function contextsOf(statement: OperationNode): readonly string[] {
  const tables = new Set<string>();
  collectTables(statement, tables);
  return PROTECTED_COLUMNS.filter(({ table }) => tables.has(table)).map(contextOf);
}

function collectTables(node: unknown, tables: Set<string>): void {
  if (Array.isArray(node)) for (const one of node) collectTables(one, tables);
  if (!isNode(node)) return;
  if (TableNode.is(node)) tables.add(node.table.identifier.name);
  else if (RawNode.is(node))
    for (const text of node.sqlFragments) for (const word of text.match(/[a-z_]+/g) ?? []) tables.add(word);
  // What is sent holds no tables.
  if (ValueNode.is(node) || PrimitiveValueListNode.is(node)) return;
  for (const inner of Object.values(node)) if (typeof inner === "object" && inner !== null) collectTables(inner, tables);
}

function isNode(value: unknown): value is OperationNode {
  return typeof value === "object" && value !== null && "kind" in value;
}

/** Of the statements of a database; null: nothing is or was encrypted. */
export function cipherOf(db: Db): ColumnCipher | null {
  return db.getExecutor().plugins.find((plugin) => plugin instanceof ColumnCipher) ?? null;
}

/** What a statement in `sql` writes into a protected column. @returns for `json()` where the column is one */
export function encryptedFor(db: Db, table: string, column: string, value: unknown): unknown {
  const cipher = cipherOf(db);
  const of = protectedColumnsOf(table)?.get(column);
  if (!cipher?.keys.encrypts() || !of) return value;
  cipher.keys.assertFresh();
  return of.form === "json" || typeof value !== "string"
    ? encryptJson(cipher.keys.box, of, value)
    : encryptText(cipher.keys.box, of, value);
}

function hasText(row: UnknownRow): boolean {
  for (const name in row) {
    const value = row[name];
    if (typeof value === "string" ? value.startsWith(ENCRYPTED) : typeof value === "object" && value !== null) return true;
  }
  return false;
}

class WriteEncryption extends OperationNodeTransformer {
  private readonly keys: CipherKeys;

  constructor(keys: CipherKeys) {
    super();
    this.keys = keys;
  }

  protected override transformInsertQuery(node: InsertQueryNode): InsertQueryNode {
    const made = super.transformInsertQuery(node);
    const columns = this.columnsOf(made.into);
    if (!columns) return made;
    const places = made.columns?.map(({ column }) => columns.get(column.name)) ?? [];
    const { values, onConflict } = made;
    return {
      ...made,
      ...(values &&
        ValuesNode.is(values) && { values: ValuesNode.create(values.values.map((row) => this.encryptedRow(row, places))) }),
      ...(onConflict?.updates && { onConflict: { ...onConflict, updates: this.encryptedUpdates(onConflict.updates, columns) } }),
    };
  }

  protected override transformUpdateQuery(node: UpdateQueryNode): UpdateQueryNode {
    const made = super.transformUpdateQuery(node);
    const columns = this.columnsOf(made.table);
    return columns && made.updates ? { ...made, updates: this.encryptedUpdates(made.updates, columns) } : made;
  }

  /** A person's text that looks encrypted would be decrypted for the person: a thief of the database reads nothing by sending it. */
  protected override transformValue(node: ValueNode): ValueNode {
    const value = this.harmless(node.value);
    return value === node.value ? node : { ...node, value };
  }

  protected override transformPrimitiveValueList(node: PrimitiveValueListNode): PrimitiveValueListNode {
    return node.values.some(isSuspect) ? PrimitiveValueListNode.create(node.values.map((value) => this.harmless(value))) : node;
  }

  private columnsOf(table: OperationNode | undefined): ReadonlyMap<string, ProtectedColumn> | null {
    if (!table || !TableNode.is(table) || !this.keys.encrypts()) return null;
    const columns = protectedColumnsOf(table.table.identifier.name);
    if (columns) this.keys.assertFresh();
    return columns;
  }

  private encryptedRow(
    row: ValuesNode["values"][number],
    places: readonly (ProtectedColumn | undefined)[],
  ): ValuesNode["values"][number] {
    if (PrimitiveValueListNode.is(row))
      return PrimitiveValueListNode.create(row.values.map((value, i) => this.encrypted(places[i], value)));
    return ValueListNode.create(row.values.map((value, i) => this.encryptedNode(places[i], value)));
  }

  private encryptedUpdates(
    updates: readonly ColumnUpdateNode[],
    columns: ReadonlyMap<string, ProtectedColumn>,
  ): ColumnUpdateNode[] {
    return updates.map((update) => {
      const name = ColumnNode.is(update.column) ? update.column.column.name : "";
      return { ...update, value: this.encryptedNode(columns.get(name), update.value) };
    });
  }

  private encryptedNode(column: ProtectedColumn | undefined, node: OperationNode): OperationNode {
    return column && ValueNode.is(node) ? ValueNode.create(this.encrypted(column, node.value)) : node;
  }

  /** @param value as `json()` made it, where the column is one */
  private encrypted(column: ProtectedColumn | undefined, value: unknown): unknown {
    if (!column || value === null || value === undefined) return value;
    const { box } = this.keys;
    if (column.form === "text") return typeof value === "string" ? encryptText(box, column, value) : value;
    const parsed: unknown = typeof value === "string" ? JSON.parse(value) : value;
    return JSON.stringify(encryptJson(box, column, parsed));
  }

  private harmless(value: unknown): unknown {
    if (!isSuspect(value)) return value;
    return value.replace(/enc2:(?=([\w-]{8}):)/g, (mark, key: string) => (this.keys.has(key) ? "enc2 " : mark));
  }
}

function isSuspect(value: unknown): value is string {
  return typeof value === "string" && value.includes(ENCRYPTED);
}
