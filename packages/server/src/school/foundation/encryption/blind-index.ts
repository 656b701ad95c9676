/**
 * Finds people by their mail addresses, which are encrypted where `encryption.atRest` is on: an equal one by its blind index, in small letters; parts of one only where
 * they are readable.
 */
import { type Expression, type RawBuilder, type SqlBool, sql } from "kysely";
import type { Db } from "../store/tables.ts";
import { cipherOf } from "./column-cipher.ts";
import { indexesOf } from "./encrypted-value.ts";

const MAIL = { table: "users", column: "email" } as const;

/** Whether mail addresses of accounts may be encrypted, so that no statement sees parts of them or their order. */
export function hidesMail(db: Db): boolean {
  return cipherOf(db) !== null;
}

/** Whether `users.email` is one of some addresses. @param addresses however they are written */
export function hasMail(db: Db, email: Expression<string | null>, addresses: readonly string[]): RawBuilder<SqlBool> {
  const small = addresses.map((address) => address.toLowerCase());
  const isReadable = sql<SqlBool>`lower(${email}) = any(${small}::text[])`;
  const cipher = cipherOf(db);
  if (!cipher) return sql<SqlBool>`(${isReadable})`;
  const indexes = small.flatMap((address) => indexesOf(cipher.keys.box, MAIL, address));
  return sql<SqlBool>`(${isReadable} or split_part(${email}, ' ', 2) = any(${indexes}::text[]))`;
}
