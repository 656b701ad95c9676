/**
 * Keeps the content of address lists in the database in parts, each of its own statement, so that a long list holds nobody else up. A version is
 * written beside the one that holds, and takes its place when it is complete.
 */
import { promisify } from "node:util";
import { gunzip, gzip } from "node:zlib";
import { sql } from "kysely";
import type { AddressListVersion } from "../../../access/policies/policy-snapshot.ts";
import type { PartKind } from "../../foundation/store/policy-tables.ts";
import type { Database, Db } from "../../foundation/store/tables.ts";

/** The most that a part may have; the table checks it. All parts of a compiled list but the last have it. */
export const COMPILED_PART_BYTES = 256 * 1024;
/** Text of one part, before it is compressed: what cannot be compressed becomes slightly longer. */
export const TEXT_PART_BYTES = 248 * 1024;

const compress = promisify(gzip);
const decompress = promisify(gunzip);

/** The lists that have content, with the version that holds. */
export async function readAddressLists(db: Db): Promise<AddressListVersion[]> {
  return await db
    .selectFrom("address_lists")
    .select(["id", "content_version as version"])
    .where("content_version", ">", 0)
    .orderBy("id")
    .execute();
}

/** The version of a list that holds; null: there is no such list, or no content of it yet. */
export async function readAddressList(db: Db, listId: string): Promise<AddressListVersion | null> {
  const list = await db
    .selectFrom("address_lists")
    .select(["id", "content_version as version"])
    .where("id", "=", listId)
    .where("content_version", ">", 0)
    .executeTakeFirst();
  return list ?? null;
}

/**
 * A part of a compiled list. The parts, one after the other, are the file that `compileAddresses` has written.
 * @param n from 0
 * @returns null where there is no such part: a newer version may have taken the place of this one
 */
export async function readAddressListPart(
  db: Db,
  listId: string,
  version: number,
  n: number,
): Promise<{ readonly bytes: Uint8Array; readonly isLast: boolean } | null> {
  return await readPart(db, { listId, version, kind: "compiled" }, n);
}

/** A version of a list's content that is written or read. */
export type ContentKey = { readonly listId: string; readonly version: number; readonly kind: PartKind };

async function readPart(db: Db, { listId, version, kind }: ContentKey, n: number) {
  const { rows } = await sql<{ bytes: Uint8Array; isLast: boolean }>`
    select bytes, not exists (
      select from address_list_parts where list_id = ${listId} and version = ${version} and kind = ${kind} and n = ${n + 1}
    ) as "isLast"
    from address_list_parts where list_id = ${listId} and version = ${version} and kind = ${kind} and n = ${n}`.execute(db);
  return rows[0] ?? null;
}

/** Writes the parts of a compiled list, of which there is at least one. */
export async function writeCompiled(db: Database, listId: string, version: number, bytes: Uint8Array): Promise<void> {
  for (let n = 0; n === 0 || n * COMPILED_PART_BYTES < bytes.byteLength; n++)
    await writePart(
      db,
      { listId, version, kind: "compiled" },
      n,
      bytes.subarray(n * COMPILED_PART_BYTES, (n + 1) * COMPILED_PART_BYTES),
    );
}

/** Passes text on, and writes it, compressed. */
export async function* writingText(
  db: Database,
  listId: string,
  version: number,
  chunks: AsyncIterable<Uint8Array>,
): AsyncGenerator<Uint8Array> {
  const held = Buffer.allocUnsafe(TEXT_PART_BYTES);
  let length = 0;
  let n = 0;
  const flush = async (): Promise<void> => {
    if (length === 0) return;
    await writePart(db, { listId, version, kind: "text" }, n++, await compress(held.subarray(0, length)));
    length = 0;
  };
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.byteLength; ) {
      const piece = chunk.subarray(at, at + TEXT_PART_BYTES - length);
      held.set(piece, length);
      length += piece.byteLength;
      at += piece.byteLength;
      if (length === TEXT_PART_BYTES) await flush();
    }
    yield chunk;
  }
  await flush();
}

/** The text of a list, as it was uploaded. @throws Error where a newer version takes its place meanwhile */
export async function* readText(db: Database, listId: string, version: number): AsyncGenerator<Uint8Array> {
  for (let n = 0; ; n++) {
    const part = await readPart(db, { listId, version, kind: "text" }, n);
    // A list without text has no part.
    if (!part && n === 0) return;
    if (!part) throw new ContentReplaced(`${listId} ${version}`);
    yield await decompress(part.bytes);
    if (part.isLast) return;
  }
}

/** The content that is being read was replaced. */
export class ContentReplaced extends Error {
  override readonly name = "ContentReplaced";
}

/** A version for new content, greater than all before; null: there is no such list. */
export async function claimVersion(db: Database, listId: string): Promise<number | null> {
  const claimed = await db
    .updateTable("address_lists")
    .set((row) => ({ claimed_version: row("claimed_version", "+", 1) }))
    .where("id", "=", listId)
    .returning("claimed_version")
    .executeTakeFirst();
  return claimed?.claimed_version ?? null;
}

/** Deletes the parts of one version, or of all before it. */
export async function deleteParts(db: Db, listId: string, which: { readonly of: number } | { readonly before: number }) {
  const parts = db.deleteFrom("address_list_parts").where("list_id", "=", listId);
  await ("of" in which ? parts.where("version", "=", which.of) : parts.where("version", "<", which.before)).execute();
}

async function writePart(db: Database, { listId, version, kind }: ContentKey, n: number, bytes: Uint8Array): Promise<void> {
  await db
    .insertInto("address_list_parts")
    // The driver would send all of a buffer that this is a part of.
    .values({ list_id: listId, version, kind, n, bytes: Buffer.from(bytes) })
    .execute();
}
