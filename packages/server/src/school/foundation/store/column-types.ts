/** Defines types of columns, for Kysely: what is read, inserted and updated. */
import type { ColumnType } from "kysely";

export type Instant = ColumnType<Date, Date, Date>;
export type MaybeInstant = ColumnType<Date | null, Date | null | undefined, Date | null>;
export type Created = ColumnType<Date, Date | undefined, never>;
/** Written with `json()` of platform/store. */
export type Json<T> = ColumnType<T, T, T>;
export type MaybeJson<T> = ColumnType<T | null, T | null | undefined, T | null>;
