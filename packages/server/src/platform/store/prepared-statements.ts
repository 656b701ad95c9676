/**
 * Runs statements on PGlite, and keeps those that come again prepared (PostgreSQL 18, section 54.2.3, "Extended Query"). PGlite's own `query`
 * parses and plans a statement each time, and enters PostgreSQL six times for it: thirty joins a second cost 0.77 core so, and 0.49 with this.
 */
import { type PGlite, protocol, types } from "@electric-sql/pglite";

const { serialize } = protocol;

export type StatementResult = { readonly rows: unknown[]; readonly command: string; readonly rowCount: number };

type Field = { readonly name: string; readonly dataTypeID: number };

/** What PostgreSQL says of a prepared statement. */
type Prepared = { readonly name: string; readonly parameterTypes: readonly number[]; readonly fields: readonly Field[] };

/** Messages that are read here: PostgreSQL 18, section 54.7. PGlite's types have their names only. */
type Message = {
  readonly name: string;
  readonly dataTypeIDs?: readonly number[];
  readonly fields?: readonly Field[] | readonly (string | null)[];
  readonly text?: string;
};

/** Statements that are remembered. Each prepared one takes memory of PostgreSQL. */
const MAX_STATEMENTS = 128;
/** Longer ones have lists of values, whose lengths vary. */
const MAX_LENGTH = 4000;
/**
 * PostgreSQL plans a prepared statement without its values from the sixth time on. It then compares each row with each value of a list in turn
 * instead of looking the row up among them: 0.4 s for 200 values and 8000 rows, instead of 9 ms.
 */
const MAX_SOUGHT_VALUES = 32;
const INSERTS = /^\s*insert\b/i;
/**
 * Not those that begin with WITH: they join results whose sizes depend on the values, as the people of a lesson are 20 or 10 000. Planned without
 * values, for a lesson of mean size, the ranking of a large one took 9 to 16 s by nested loops, instead of 0.2 to 0.5 s.
 */
const CAN_BE_PREPARED = /^\s*(?:select|insert|update|delete)\b/i;
const CHANGES_TABLES = /^\s*(?:create|alter|drop)\b/i;
/** They have no parameters and no rows. */
const OF_TRANSACTIONS = /^\s*(?:begin|commit|rollback)\s*$/i;
/** The SQLSTATE of a statement whose tables have changed: feature_not_supported. */
const CHANGED = "0A000";

export class PreparedStatements {
  private readonly database: PGlite;
  /** By text; null: has come once. The one that was used last is the last. */
  private readonly statements = new Map<string, Prepared | null>();
  private nextName = 1;

  constructor(database: PGlite) {
    this.database = database;
  }

  /** @throws an error of PostgreSQL with `message`, `code` and `constraint` */
  async run(sql: string, parameters: readonly unknown[]): Promise<StatementResult> {
    if (OF_TRANSACTIONS.test(sql)) return resultOf(await this.send([serialize.query(sql)]), [], this.database);
    const seeks = parameters.length > MAX_SOUGHT_VALUES && !INSERTS.test(sql);
    if (!CAN_BE_PREPARED.test(sql) || sql.length > MAX_LENGTH || seeks) {
      if (CHANGES_TABLES.test(sql)) await this.forget();
      return await this.runOnce(sql, parameters);
    }
    const known = this.statements.get(sql);
    this.statements.delete(sql);
    if (known === undefined) {
      this.statements.set(sql, null);
      await this.shrink();
      return await this.runOnce(sql, parameters);
    }
    const prepared = known ?? (await this.prepare(sql));
    this.statements.set(sql, prepared);
    return await this.execute(prepared, parameters);
  }

  private async runOnce(sql: string, parameters: readonly unknown[]): Promise<StatementResult> {
    const { rows, affectedRows } = await this.database.query(sql, [...parameters]);
    const command = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? "";
    return { rows, command, rowCount: affectedRows || rows.length };
  }

  private async prepare(text: string): Promise<Prepared> {
    const name = `s${this.nextName++}`;
    const messages = await this.send([serialize.parse({ name, text }), serialize.describe({ type: "S", name }), serialize.sync()]);
    const parameterTypes = messages.find((message) => message.name === "parameterDescription")?.dataTypeIDs ?? [];
    const fields = messages.find((message) => message.name === "rowDescription")?.fields ?? [];
    return { name, parameterTypes, fields: fields.filter(isField) };
  }

  private async execute({ name, parameterTypes, fields }: Prepared, parameters: readonly unknown[]): Promise<StatementResult> {
    const values = parameters.map((value, i) => this.serialize(value, parameterTypes[i] ?? 0));
    try {
      const messages = await this.send([serialize.bind({ statement: name, values }), serialize.execute({}), serialize.sync()]);
      return resultOf(messages, fields, this.database);
    } catch (error) {
      if (Reflect.get(Object(error), "code") === CHANGED) await this.forget();
      throw error;
    }
  }

  private serialize(value: unknown, type: number): string | null {
    if (value === null || value === undefined) return null;
    return this.database.serializers[type]?.(value) ?? String(value);
  }

  private async shrink(): Promise<void> {
    for (const [sql, prepared] of this.statements) {
      if (this.statements.size <= MAX_STATEMENTS) return;
      this.statements.delete(sql);
      await this.closeAll([prepared]);
    }
  }

  private async forget(): Promise<void> {
    const all = [...this.statements.values()];
    this.statements.clear();
    await this.closeAll(all);
  }

  private async closeAll(statements: readonly (Prepared | null)[]): Promise<void> {
    const closes = statements.flatMap((prepared) => (prepared ? [serialize.close({ type: "S", name: prepared.name })] : []));
    if (closes.length > 0) await this.send([...closes, serialize.sync()]);
  }

  /** Sends messages in one call into PostgreSQL. */
  private async send(messages: readonly Uint8Array[]): Promise<readonly Message[]> {
    return await this.database.runExclusive(() => this.database.execProtocolStream(Buffer.concat(messages)));
  }
}

function isField(field: Field | string | null): field is Field {
  return typeof field === "object" && field !== null;
}

function resultOf(messages: readonly Message[], fields: readonly Field[], { parsers }: PGlite): StatementResult {
  const rows: unknown[] = [];
  let tag = "";
  for (const message of messages) {
    if (message.name === "commandComplete") tag = message.text ?? "";
    if (message.name === "dataRow") rows.push(rowOf(message.fields ?? [], fields, parsers));
  }
  // The tag of a command that counts rows ends in their number: `INSERT 0 5`.
  const parts = tag.split(" ");
  return { rows, command: parts[0] ?? "", rowCount: Number(parts.at(-1)) || 0 };
}

function rowOf(values: readonly (Field | string | null)[], fields: readonly Field[], parsers: PGlite["parsers"]): unknown {
  const row: Record<string, unknown> = {};
  for (const [i, { name, dataTypeID }] of fields.entries()) {
    const value = values[i] ?? null;
    row[name] = typeof value === "string" ? types.parseType(value, dataTypeID, parsers) : null;
  }
  return row;
}
