/** Keeps uploads of lists that arrive in parts: in the database, so that a broken line, another control process or a restart changes nothing. */
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { type SqlBool, sql } from "kysely";
import { newId } from "../../../platform/id.ts";
import { uploadText } from "../../foundation/messages/upload-texts.ts";
import { assertQuota } from "../../foundation/resource/limit.ts";
import type { AddressList, ListUpload } from "../../foundation/store/policy-tables.ts";
import type { Database, Db } from "../../foundation/store/tables.ts";
import { TEXT_PART_BYTES } from "./stored-lists.ts";

/** An unfinished upload is deleted this long after its last part. */
const KEEP_MS = 24 * 3600 * 1000;
/** Of a school, and of the operator: each can take as much of the database as a list. */
const MAX_OPEN_UPLOADS = 4;
const TOO_MANY = uploadText("too-many-open", { max: MAX_OPEN_UPLOADS });

/** Of one upload: parts of a few bytes each would fill the table. */
export const MAX_PARTS = 20_000;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** @throws RefusalError conflict, where too many of the owner's are not finished */
export async function beginUpload(db: Database, list: AddressList, size: number): Promise<ListUpload> {
  const counted = sql<SqlBool>`done_at is null and expires_at > ${new Date()}`;
  return await db.transaction().execute(async (trx) => {
    await assertQuota(trx, "list_uploads", { listsOf: list.school_id }, { max: MAX_OPEN_UPLOADS, refusal: TOO_MANY, counted });
    const row = { id: newId(), list_id: list.id, size, expires_at: expiry() };
    return await trx.insertInto("list_uploads").values(row).returningAll().executeTakeFirstOrThrow();
  });
}

/** Null: there is none, or it has expired. */
export async function findUpload(db: Db, listId: string, uploadId: string): Promise<ListUpload | null> {
  const upload = await db
    .selectFrom("list_uploads")
    .selectAll()
    .where("id", "=", uploadId)
    .where("list_id", "=", listId)
    .where("expires_at", ">", new Date())
    .executeTakeFirst();
  return upload ?? null;
}

/** Stores a piece. False: another one has arrived for the same place, or the upload was deleted. */
export async function storePiece(db: Database, uploadId: string, offset: number, bytes: Buffer): Promise<boolean> {
  const compressed: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += TEXT_PART_BYTES)
    compressed.push(await compress(bytes.subarray(at, at + TEXT_PART_BYTES)));
  return await db.transaction().execute(async (trx) => {
    const counted = await trx
      .updateTable("list_uploads")
      .set((row) => ({ uploaded: offset + bytes.length, parts: row("parts", "+", compressed.length), expires_at: expiry() }))
      .where("id", "=", uploadId)
      .where("uploaded", "=", String(offset))
      .where("parts", "<", MAX_PARTS)
      .returning("parts")
      .executeTakeFirst();
    if (!counted) return false;
    const first = counted.parts - compressed.length;
    await trx
      .insertInto("list_upload_parts")
      .values(compressed.map((part, i) => ({ upload_id: uploadId, n: first + i, bytes: part })))
      .execute();
    return true;
  });
}

/** The text that was uploaded. @throws Error where the upload is deleted meanwhile */
export async function* readUpload(db: Database, { id, parts }: ListUpload): AsyncGenerator<Uint8Array> {
  for (let n = 0; n < parts; n++) {
    const row = db.selectFrom("list_upload_parts").select("bytes").where("upload_id", "=", id).where("n", "=", n);
    yield await decompress((await row.executeTakeFirstOrThrow()).bytes);
  }
}

/** The list has its content: a client that has not heard so asks, and is told for as long as an upload is kept. */
export async function finishUpload(db: Database, uploadId: string): Promise<void> {
  await db.updateTable("list_uploads").set({ done_at: new Date(), expires_at: expiry() }).where("id", "=", uploadId).execute();
  await db.deleteFrom("list_upload_parts").where("upload_id", "=", uploadId).execute();
}

export async function deleteUpload(db: Db, uploadId: string): Promise<void> {
  await db.deleteFrom("list_uploads").where("id", "=", uploadId).execute();
}

/** @param now milliseconds since 1970 */
export async function sweepListUploads(db: Database, now: number): Promise<void> {
  await db.deleteFrom("list_uploads").where("expires_at", "<", new Date(now)).execute();
}

function expiry(): Date {
  return new Date(Date.now() + KEEP_MS);
}
