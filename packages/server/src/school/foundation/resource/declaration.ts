/** Defines what a resource declares: its table, its shapes, its rules, and what differs in each of its routes. */
import type { Insertable, Selectable, SelectQueryBuilder, Updateable } from "kysely";
import type { z } from "zod";
import type { Access, Actor } from "../../../access/actor.ts";
import type { Privacy } from "../../../access/privacy.ts";
import type { Rights } from "../../../access/rights.ts";
import type { Language } from "../../../platform/messages/language.ts";
import type { Message } from "../../../platform/messages/message.ts";
import type { RefusalCode } from "../../../platform/refusal.ts";
import type { AuditEntry } from "../store/audit-log.ts";
import type { Change } from "../store/change.ts";
import type { TablePrivacy } from "../store/privacy.ts";
import type { Db, SharedTables, Tables } from "../store/tables.ts";
import type { VersionedTable } from "../store/update-row.ts";
import type { Limit } from "./limit.ts";

/** A row of a resource. */
export type Row<T extends VersionedTable> = Selectable<Tables[T]> & {
  readonly id: string;
  readonly version: number;
  /** Null: of the platform. A table without schools has none. */
  readonly school_id?: string | null;
};
/** The school of a row; null: the platform. */
export type SchoolOf<T extends VersionedTable> =
  Selectable<Tables[T]> extends { readonly school_id: infer School extends string | null } ? School : null;
/** The columns of a new row, besides its id and its school. */
export type NewRow<T extends VersionedTable> = Omit<Insertable<Tables[T]>, "id" | "school_id">;
export type Matching<T extends VersionedTable> = SelectQueryBuilder<Tables, T, Selectable<Tables[T]>>;

/** Who reads an answer. In a change, `db` is its transaction. */
export type Reader = { readonly db: Db; readonly actor: Actor; readonly language: Language; readonly origin: string };
export type Present<T extends VersionedTable, S extends z.ZodType> = (row: Row<T>) => z.input<S>;

export type Declaration<T extends VersionedTable, S extends z.ZodType = z.ZodType> = {
  readonly table: T;
  readonly privacy?: Privacy;
  /** The path of one row, below /api/v1: `/link-keys/:linkKeyId`. The list is at what comes before the parameter. */
  readonly path: `/${string}/:${string}`;
  readonly tag: string;
  /** In the audit log: `link-key` makes `link-key.create`, `link-key.change` and `link-key.delete`. */
  readonly kind: string;
  readonly read: Access;
  readonly write: Access;
  /**
   * Whose rows are. school: each is a school's. school-or-platform: an operator who names no school creates one of the platform. platform: the
   * table has no schools; `read` and `write` must be for operators alone.
   */
  readonly owner: "school" | "school-or-platform" | "platform";
  /** The refusal where there is no such row, or the actor does not reach it. */
  readonly missing: Message;
  /** How many rows a school, or the platform, may have. */
  readonly limit?: Limit;
  readonly shape: S;
  /** Presents rows to a reader. @param rows all rows of the answer, for what is read once for all of them */
  readonly present: (reader: Reader, rows: readonly Row<T>[]) => Maybe<Present<T, S>>;
  /** The rows that an actor reaches. Default: those of the actor's school, for operators all. */
  readonly visible?: (db: Db, actor: Actor) => Matching<T>;
  /** What the audit log has of a row. Default: all of it; secrets are replaced anyway. */
  readonly audited?: (row: Row<T>) => Readonly<Record<string, unknown>>;
  /** Called after the commit of whatever creates, changes or deletes a row. */
  readonly committed?: (row: Row<T>) => void;
};

export type RouteOptions = {
  readonly summary: string;
  /** What the call does for people of each role. */
  readonly rights: Rights;
};

/** What becomes of the columns of a table that the resource alone has (`store/privacy.ts`). Tables of `store/` state it there. */
export type OwnPrivacy<T extends VersionedTable> = T extends keyof SharedTables
  ? { readonly privacy?: never }
  : { readonly privacy: TablePrivacy<T, Tables[T]> };

export type ListOptions<T extends VersionedTable, Q extends z.ZodRawShape> = RouteOptions & {
  /** Filters, besides those of the page and the school. */
  readonly query?: Q;
  readonly where?: (matching: Matching<T>, query: z.output<z.ZodObject<Q>>) => Matching<T>;
  readonly newestFirst?: boolean;
};

export type CreateOptions<T extends VersionedTable, S extends z.ZodType, B extends Body> = WriteOptions<B> & {
  /** Whose the new row is, where it is not the school that the body names. Asked before the limit. */
  readonly ownerOf?: (db: Db, actor: Actor, body: z.output<B>) => Promise<SchoolOf<T>>;
  /** @throws RefusalError where a rule is broken */
  readonly row: (body: z.output<B>, creation: Creation<T>) => Maybe<NewRow<T>>;
  /** An answer that has more than the others. */
  readonly answer?: { readonly shape: S; readonly present: Present<T, S> };
  /** False: the route takes no Idempotency-Key. Default: true. */
  readonly isRepeatable?: boolean;
  /** What else the transaction does. */
  readonly also?: (change: Change, row: Row<T>) => Maybe<void>;
};

type Creation<T extends VersionedTable> = Changing & {
  /** Of the new row. */
  readonly id: string;
  /** The public origin of this server. */
  readonly origin: string;
  readonly schoolId: SchoolOf<T>;
};
type Changing = { readonly trx: Change["trx"]; readonly actor: Actor };

export type ChangeOptions<T extends VersionedTable, B extends Body> = WriteOptions<B> & {
  /** The columns that change. @throws RefusalError where a rule is broken */
  readonly columns: (body: z.output<B>, before: Row<T>, by: Changing) => Maybe<Omit<Updateable<Tables[T]>, "version">>;
  /** The audit entry, where it is not both rows. */
  readonly entry?: (before: Row<T>, after: Row<T>) => EntryValues;
  /** What else the transaction does. */
  readonly also?: (change: Change, after: Row<T>, before: Row<T>, body: z.output<B>) => Maybe<void>;
};

export type DeleteOptions<T extends VersionedTable> = RouteOptions & {
  readonly refusals?: readonly RefusalCode[];
  /** False: the route takes no If-Match. Default: true. */
  readonly isConditional?: boolean;
  /** @throws RefusalError where a rule is broken, such as that something names the row */
  readonly check?: (change: Change, before: Row<T>, actor: Actor) => Maybe<void>;
  /** The audit entry, where it is not the row. */
  readonly entry?: (before: Row<T>) => EntryValues;
  /** What else the transaction does, once the row is deleted. */
  readonly also?: (change: Change, before: Row<T>) => Maybe<void>;
};

type WriteOptions<B extends Body> = RouteOptions & {
  readonly body: B;
  /** Bytes; default 1 MiB. */
  readonly bodyLimit?: number;
  /** The refusal where something unique, such as a name, is another row's. */
  readonly taken?: Message;
  /** What the rules of the resource refuse with, besides what these routes refuse with anyway. */
  readonly refusals?: readonly RefusalCode[];
};

/** Where `owner` is not platform, it may name the school as `schoolId`. */
export type Body = z.ZodType<object>;
export type EntryValues = Pick<AuditEntry, "before" | "after">;
export type Maybe<T> = T | Promise<T>;
