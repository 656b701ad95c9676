/**
 * Types what each table states of its columns, beside its own type: what becomes of them when a person is erased, and whether the disk shows them. A column that
 * is forgotten does not compile; `e2e/erasure.test.ts` and `e2e/data-at-rest.test.ts` fill every column and hold each statement against what they find.
 */
import type { Selectable } from "kysely";
import type { Erasure, Readable } from "../../../access/privacy.ts";
import type { EncryptedColumn } from "./protected-columns.ts";

type HoldsContent<Value> = string extends Value
  ? true
  : NonNullable<Value> extends Date | Uint8Array | string | number | boolean
    ? false
    : true;

/** Columns of texts and of JSON. Ids, and words of a list, tell nothing of a person. */
type ContentColumn<Table> = {
  [Column in keyof Table & string]: Column extends "id" | `${string}_id`
    ? never
    : HoldsContent<Selectable<Table>[Column & keyof Selectable<Table>]> extends true
      ? Column
      : never;
}[keyof Table & string];

type EncryptedOf<Name extends string> = EncryptedColumn extends infer Column
  ? Column extends `${Name}.${infer Encrypted}`
    ? Encrypted
    : never
  : never;

/** Of each column that has content; of others where they hold it all the same, such as an id without a foreign key. */
type PerColumn<Table, Word> = { readonly [Column in ContentColumn<Table>]: Word } & {
  readonly [Column in Exclude<keyof Table & string, ContentColumn<Table>>]?: Word;
};

/** One word for a whole table, or one for each of its columns. */
export type TablePrivacy<Name extends string, Table> = {
  readonly erasure: Erasure | PerColumn<Table, Erasure>;
  /** Exactly the columns of `protected-columns.ts` are encrypted. */
  readonly atRest:
    | ([EncryptedOf<Name>] extends [never] ? Readable : never)
    | ({ readonly [Column in ContentColumn<Table>]: Column extends EncryptedOf<Name> ? "encrypted" : Readable } & {
        readonly [Column in Exclude<keyof Table & string, ContentColumn<Table>>]?: Readable;
      });
};

/** Of tables by their names. */
export type PrivacyOf<Tables> = {
  readonly [Name in keyof Tables & string]: TablePrivacy<Name, Tables[Name]>;
};
