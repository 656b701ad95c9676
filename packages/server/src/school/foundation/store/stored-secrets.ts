/**
 * Encrypts the secrets of second factors, webhooks, sign-on providers and link keys, the keys for learning platforms, and the addresses of sources, forwards and
 * lists of addresses, those of rules that ask back ends, of channels of alarms, data keys (`../encryption/`), and keys and access codes of examinations and keys of their files, in the database. Encrypts those again that an earlier secret of the server wrote, or none.
 */
import { sql } from "kysely";
import type { Logger } from "../../../platform/log.ts";
import { SecretBox } from "../../../platform/secret-box.ts";
import { reencryptRules } from "./rule-secrets.ts";
import type { Database } from "./tables.ts";

/** Columns that hold encrypted secrets, and the column that names the row. The name is part of what is encrypted. */
const COLUMNS = [
  { table: "second_factors", column: "secret", key: "user_id" },
  { table: "webhooks", column: "secret", key: "id" },
  { table: "webhooks", column: "previous_secret", key: "id" },
  { table: "providers", column: "client_secret", key: "id" },
  { table: "lti_keys", column: "private_key", key: "id" },
  { table: "sources", column: "secret_addresses", key: "id" },
  { table: "forwards", column: "secret_url", key: "id" },
  { table: "camera_devices", column: "secret_password", key: "id" },
  { table: "address_lists", column: "secret_url", key: "id" },
  { table: "link_keys", column: "secret", key: "id" },
  { table: "content_checks", column: "secret", key: "id" },
  { table: "scoring_services", column: "secret", key: "id" },
  { table: "alarm_channels", column: "secret", key: "id" },
  { table: "alarm_channels", column: "secret_target", key: "id" },
  { table: "data_keys", column: "wrapped", key: "id" },
  { table: "exams", column: "secret_access_code", key: "id" },
  { table: "exam_packages", column: "secret_key", key: "exam_id" },
  { table: "exam_files", column: "secret_key", key: "stored_id" },
  { table: "exam_paper_files", column: "secret_key", key: "stored_id" },
] as const;
/** Kept answers live for a day, and are not encrypted again. Rules of policies have secrets within (`rule-secrets.ts`). */
type Table = (typeof COLUMNS)[number]["table"] | "policies" | "idempotency";

const ROWS_AT_ONCE = 500;
const POLL_MS = 60_000;

export type Reencrypted = {
  /** Secrets that were encrypted now. */
  readonly encrypted: number;
  /** Secrets that no secret of this server decrypts. They stay as they are. */
  readonly unreadable: number;
};

export class StoredSecrets {
  private readonly box: SecretBox;
  private readonly log: Logger;
  private encryptedWith: string | null = null;
  private timer: NodeJS.Timeout | null = null;
  private running: Promise<unknown> = Promise.resolve();

  /** @param secrets of the server: the first encrypts, all of them decrypt; empty: nothing is encrypted */
  constructor(secrets: () => readonly string[], log: Logger) {
    this.box = new SecretBox(secrets);
    this.log = log;
  }

  /** What the column keeps. An empty text, which is no secret, stays empty. @param key names the row */
  encrypt(table: Table, key: string, text: string): string {
    return text === "" ? text : this.box.encrypt(text, contextOf(table, key));
  }

  /** The secret in a column; null: this server cannot decrypt it. */
  decrypt(table: Table, key: string, stored: string): string | null {
    const text = this.box.decrypt(stored, contextOf(table, key));
    if (text === null) this.log.error({ table, row: key }, "stored secret cannot be decrypted, see secrets.encryption");
    return text;
  }

  /** Encrypts what is there, and again whenever the first secret of the server changes. */
  start(db: Database): void {
    const run = async (): Promise<void> => {
      if (this.encryptedWith === this.box.prefix) return;
      const { prefix } = this.box;
      const { encrypted, unreadable } = await this.reencrypt(db);
      if (encrypted + unreadable > 0) this.log.info({ encrypted, unreadable }, "stored secrets encrypted");
      this.encryptedWith = prefix;
    };
    const poll = (): void => {
      this.running = this.running
        .then(run)
        .catch((error: unknown) => this.log.warn({ reason: String(error) }, "stored secrets not encrypted, trying again"));
    };
    this.timer = setInterval(poll, POLL_MS).unref();
    poll();
  }

  /** May be called twice. */
  async close(): Promise<void> {
    if (this.timer) clearInterval(this.timer);
    await this.running;
  }

  /** Encrypts with the first secret what is not. A row that changes meanwhile is left to who changes it. */
  async reencrypt(db: Database): Promise<Reencrypted> {
    const { prefix } = this.box;
    let [encrypted, unreadable] = [0, 0];
    if (prefix === null) return { encrypted, unreadable };
    for (const { table, column, key } of await columnsToEncrypt(db, prefix)) {
      for (let after = "", rows: readonly Row[] = []; ; after = rows.at(-1)?.key ?? "") {
        rows = await rowsToEncrypt(db, { table, column, key }, prefix, after);
        for (const row of rows) {
          const text = this.decrypt(table, row.key, row.value);
          if (text === null) unreadable++;
          else encrypted += await replace(db, { table, column, key }, row, this.box.encrypt(text, contextOf(table, row.key)));
        }
        if (rows.length < ROWS_AT_ONCE) break;
      }
    }
    const ofRules = await reencryptRules(db, prefix, (id, stored) => {
      const text = this.decrypt("policies", id, stored);
      return text === null ? null : this.box.encrypt(text, contextOf("policies", id));
    });
    return { encrypted: encrypted + ofRules.encrypted, unreadable: unreadable + ofRules.unreadable };
  }
}

type SecretColumn = { readonly table: Table; readonly column: string; readonly key: string };
type Row = { readonly key: string; readonly value: string };

function contextOf(table: Table, key: string): string {
  return `${table} ${key}`;
}

/** One statement instead of one for each column: at most starts there is nothing to do. */
async function columnsToEncrypt(db: Database, prefix: string): Promise<readonly SecretColumn[]> {
  const found = COLUMNS.map(
    ({ table, column }) =>
      sql`exists (select from ${sql.table(table)} where ${isToEncrypt(column, prefix)}) as ${sql.ref(`${table} ${column}`)}`,
  );
  const { rows } = await sql<Record<string, boolean>>`select ${sql.join(found)}`.execute(db);
  return COLUMNS.filter(({ table, column }) => rows[0]?.[`${table} ${column}`]);
}

function isToEncrypt(column: string, prefix: string) {
  return sql`${sql.ref(column)} <> '' and not starts_with(${sql.ref(column)}, ${prefix})`;
}

async function rowsToEncrypt(db: Database, { table, column, key }: SecretColumn, prefix: string, after: string) {
  const { rows } = await sql<Row>`
    select ${sql.ref(key)} as key, ${sql.ref(column)} as value from ${sql.table(table)}
    where ${sql.ref(key)} > ${after} and ${isToEncrypt(column, prefix)}
    order by ${sql.ref(key)} limit ${ROWS_AT_ONCE}`.execute(db);
  return rows;
}

/** The number of rows that had the value still. */
async function replace(db: Database, { table, column, key }: SecretColumn, row: Row, encrypted: string): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    update ${sql.table(table)} set ${sql.ref(column)} = ${encrypted}
    where ${sql.ref(key)} = ${row.key} and ${sql.ref(column)} = ${row.value}`.execute(db);
  return Number(numAffectedRows);
}

/** Encrypts with the first secret what a database holds, such as one that was restored. */
export function encryptStoredSecrets(db: Database, secrets: readonly string[], log: Logger): Promise<Reencrypted> {
  return new StoredSecrets(() => secrets, log).reencrypt(db);
}
