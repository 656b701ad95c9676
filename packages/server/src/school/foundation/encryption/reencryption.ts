/**
 * Encrypts the values of protected columns by the current data key, as background work: what was written before encryption was turned on, or by an older
 * key; and makes them readable again where it was turned off. The place is stored with each batch, so that a killed process goes on where it was. The older keys
 * are destroyed after a pass over all rows that found nothing to change, and that began when nobody wrote with them any more.
 */
import { setTimeout } from "node:timers/promises";
import { type RawBuilder, sql } from "kysely";
import type { Logger } from "../../../platform/log.ts";
import { json } from "../../../platform/store/store.ts";
import type { Progress } from "../store/encryption-tables.ts";
import { PROTECTED_COLUMNS, type ProtectedColumn } from "../store/protected-columns.ts";
import type { Database, Db } from "../store/tables.ts";
import { regularWork } from "../work/regular-work.ts";
import type { WorkItem, WorkKind } from "../work/work-kind.ts";
import type { DataKeys } from "./data-keys.ts";
import { contextOf, decryptJson, decryptText, ENCRYPTED, encryptJson, encryptText } from "./encrypted-value.ts";

export const REENCRYPTION = "reencryption";

export type ReencryptionOptions = {
  /** Without the plugin: values are read and written as they are stored. */
  readonly db: Database;
  readonly keys: DataKeys;
  readonly encrypts: () => boolean;
  readonly log: Logger;
  /** Rows of one batch. Default: 500. */
  readonly rows?: number;
};

const EVERY_MS = 5000;
/** An embedded database serves others in between. */
const REST_MS = 10;
const ROWS = 500;

export function reencryption(options: ReencryptionOptions): WorkKind<WorkItem> {
  return regularWork({
    name: REENCRYPTION,
    everyMs: EVERY_MS,
    firstAfterMs: EVERY_MS,
    failure: "values not encrypted, trying again",
    run: (now, signal) => reencrypt(options, now, signal),
  });
}

/** Works until every value is as it is to be, or until the signal. @param now milliseconds since 1970 */
export async function reencrypt(options: ReencryptionOptions, now: number, signal?: AbortSignal): Promise<void> {
  const { db, keys, encrypts, log } = options;
  await keys.load();
  const [newest] = keys.all;
  const { current } = keys;
  // The next key comes into force soon, and all would be done twice.
  if (!newest || newest !== current) return;
  const wanted = encrypts() ? current.name : null;
  const isStarted = newest.progress?.wanted === wanted;
  if (isStarted && newest.finishedAt && keys.isVerified) return;
  let progress =
    isStarted && newest.progress && !newest.finishedAt ? newest.progress : beginning(wanted, now, newest.progress?.total ?? 0);
  while (!signal?.aborted) {
    const column = PROTECTED_COLUMNS[progress.column];
    if (column) {
      progress = await db.transaction().execute((trx) => nextBatch(trx, options, column, progress, newest.name));
      await setTimeout(REST_MS);
      continue;
    }
    if (progress.changed > 0 || keys.isSpreading(progress.since)) {
      if (keys.isSpreading(Date.now())) return await note(db, newest.name, progress);
      progress = beginning(wanted, Date.now(), progress.total);
      continue;
    }
    await note(db, newest.name, progress, new Date());
    keys.isVerified = true;
    const old = keys.all.filter(({ name, activeAt }) => wanted === null || (name !== wanted && activeAt <= current.activeAt));
    await keys.destroy(old.map(({ name }) => name));
    if (progress.total > 0)
      log.info({ key: wanted, values: progress.total }, wanted === null ? "values decrypted" : "values encrypted");
    return;
  }
}

function beginning(wanted: string | null, since: number, total: number): Progress {
  return { wanted, column: 0, after: [], changed: 0, total, since };
}

async function note(db: Db, key: string, progress: Progress, finishedAt: Date | null = null): Promise<void> {
  await db
    .updateTable("data_keys")
    .set({ progress: json(progress), finished_at: finishedAt })
    .where("id", "=", key)
    .execute();
}

type Row = { readonly key: readonly string[] /** Null: as it is to be. */; readonly value: string | null };

async function nextBatch(
  trx: Db,
  { keys, rows = ROWS }: ReencryptionOptions,
  column: ProtectedColumn,
  progress: Progress,
  noteAt: string,
): Promise<Progress> {
  const prefix = progress.wanted === null ? null : `${ENCRYPTED}${progress.wanted}:`;
  const batch = await readBatch(trx, column, progress.after, prefix, rows);
  const changes = batch.flatMap(({ key, value }) =>
    value === null ? [] : [{ key, old: value, now: changed(keys, column, value, prefix !== null) }],
  );
  const done = await writeBatch(trx, column, changes);
  const isLast = batch.length < rows;
  const next: Progress = {
    ...progress,
    column: isLast ? progress.column + 1 : progress.column,
    after: isLast ? [] : (batch.at(-1)?.key ?? []),
    // What another one changed meanwhile is looked at in the next pass.
    changed: progress.changed + changes.length,
    total: progress.total + done,
  };
  await note(trx, noteAt, next);
  return next;
}

function changed({ box }: DataKeys, column: ProtectedColumn, value: string, encrypts: boolean): string {
  const contexts = [contextOf(column)];
  if (column.form === "text") {
    const text = decryptText(box, value, contexts);
    return encrypts ? encryptText(box, column, text) : text;
  }
  const opened = decryptJson(box, JSON.parse(value), contexts);
  return JSON.stringify(encrypts ? encryptJson(box, column, opened) : opened);
}

async function readBatch(
  db: Db,
  of: ProtectedColumn,
  after: readonly string[],
  prefix: string | null,
  rows: number,
): Promise<readonly Row[]> {
  const names = Object.keys(of.key);
  const refs = sql.join(names.map((name) => sql.ref(name)));
  const texts = sql.join(names.map((name) => sql`${sql.ref(name)}::text`));
  const places = sql.join(after.map((value, i) => sql`${value}::${sql.raw(of.key[names[i] ?? ""] ?? "text")}`));
  const behind = after.length === 0 ? sql`true` : sql`(${refs}) > (${places})`;
  const found = await sql<Row>`
    select array[${texts}] as key, case when ${isToChange(of, prefix)} then ${sql.ref(of.column)}::text end as value
    from ${sql.table(of.table)} where ${behind} order by ${refs} limit ${sql.lit(rows)}`.execute(db);
  return found.rows;
}

/** @param prefix of values that are as they are to be; null: they are to be readable */
function isToChange({ column, form }: ProtectedColumn, prefix: string | null): RawBuilder<boolean> {
  const ref = sql.ref(column);
  const text =
    form === "text"
      ? ref
      : sql`case jsonb_typeof(${ref}) when 'string' then ${ref} #>> '{}' when 'object' then ${ref} ->> 'encrypted' end`;
  if (prefix === null) return sql`coalesce(starts_with(${text}, ${ENCRYPTED}), false)`;
  const isEmpty = form === "text" ? sql`${ref} = ''` : sql`jsonb_typeof(${ref}) = 'null'`;
  return sql`${ref} is not null and not ${isEmpty} and not coalesce(starts_with(${text}, ${prefix}), false)`;
}

type Changed = { readonly key: readonly string[]; readonly old: string; readonly now: string };

/** Replaces values that are as they were. @returns how many */
async function writeBatch(db: Db, of: ProtectedColumn, changes: readonly Changed[]): Promise<number> {
  if (changes.length === 0) return 0;
  const names = Object.keys(of.key);
  const type = sql.raw(of.form === "json" ? "jsonb" : "text");
  const column = sql.ref(of.column);
  const keys = names.map((_, i) => sql`${changes.map(({ key }) => key[i])}::text[]`);
  const aliases = names.map((_, i) => sql.raw(`k${i}`));
  const isSame = names.map((name, i) => sql`t.${sql.ref(name)} = v.${aliases[i]}::${sql.raw(of.key[name] ?? "text")}`);
  const { numAffectedRows = 0n } = await sql`
    update ${sql.table(of.table)} as t set ${column} = v.now::${type}
    from unnest(${sql.join(keys)}, ${changes.map(({ old }) => old)}::text[], ${changes.map(({ now }) => now)}::text[])
      as v (${sql.join(aliases)}, old, now)
    where ${sql.join(isSame, sql` and `)} and t.${column} = v.old::${type}`.execute(db);
  return Number(numAffectedRows);
}
