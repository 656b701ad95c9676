/**
 * Lists with an order, a total, and a filter for what changed since a time, in pages. A page ends with a cursor that names the last item's place
 * in the order, so pages neither skip nor repeat items while others are added or removed.
 */
import { type SelectQueryBuilder, sql } from "kysely";
import { z } from "zod";
import { RefusalError } from "../../../platform/api/server.ts";
import { schoolText } from "../messages/school-texts.ts";
import type { Tables } from "../store/tables.ts";
import { flag, id, instant } from "./fields.ts";
import { paging } from "./paging.ts";

type SortableTable = "users" | "courses" | "lessons" | "recordings";

/** What a list can be sorted by: the column, and its place in an item. Missing times come last. */
export type SortKey<Row> = {
  readonly column: string;
  readonly type: "text" | "timestamptz";
  readonly valueOf: (row: Row) => string | Date | null;
};

export type ListQuery = {
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly sort?: string | undefined;
  readonly updatedSince?: string | undefined;
  readonly total: boolean;
};

/** The query parameters of a list. @param keys what it can be sorted by, besides its order of creation */
export function listingQuery<const K extends string>(...keys: readonly K[]) {
  const names = keys.flatMap((key) => [key, `-${key}`] as const);
  const orders = ["createdAt", "-createdAt", ...names] as const;
  return {
    ...paging,
    sort: z.enum(orders).optional().describe("The order; with a minus, the reverse one. Default: createdAt."),
    updatedSince: instant
      .optional()
      .describe("Items that were created or changed at this time or later. Ask with a minute's overlap: docs/integrate.md."),
    total: flag.default(false).describe("true: the answer has the number of all items that match."),
  };
}

export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({
    items: z.array(item),
    nextCursor: z.string().nullable(),
    total: z.int().optional().describe("Where the request asked for it."),
  });

/** One page of the matching rows. @throws RefusalError bad-request, where the cursor belongs to another order */
export async function listPage<TB extends keyof Tables, Row extends { readonly id: string }, Item>(
  matching: SelectQueryBuilder<Tables, TB, Row>,
  table: SortableTable,
  keys: Readonly<Record<string, SortKey<Row>>>,
  query: ListQuery,
  respond: (row: Row) => Item,
): Promise<{ items: Item[]; nextCursor: string | null; total?: number }> {
  const { limit, cursor, sort = "createdAt", updatedSince } = query;
  const isReversed = sort.startsWith("-");
  const key = keys[sort.replace(/^-/, "")] ?? null;
  const ofInterest = updatedSince
    ? matching.where(sql<boolean>`${sql.ref(`${table}.updated_at`)} >= ${new Date(updatedSince)}`)
    : matching;
  const place = cursor === undefined ? null : readCursor(cursor, sort, key);
  const rowId = sql.ref(`${table}.id`);
  const value = key && valueExpression(key);
  const comparison = sql.raw(isReversed ? "<" : ">");
  const direction = sql.raw(isReversed ? "desc" : "asc");
  let page = ofInterest;
  if (place)
    page = page.where(
      value && key
        ? sql<boolean>`(${value}, ${rowId}) ${comparison} (${place.value}::${sql.raw(key.type)}, ${place.id})`
        : sql<boolean>`${rowId} ${comparison} ${place.id}`,
    );
  if (value) page = page.orderBy(sql`${value} ${direction}`);
  const rows = await page
    .orderBy(sql`${rowId} ${direction}`)
    .limit(limit + 1)
    .execute();
  const items = rows.slice(0, limit);
  const last = rows.length > limit ? items.at(-1) : undefined;
  const nextCursor = last ? writeCursor(sort, key, last) : null;
  return { items: items.map(respond), nextCursor, ...(query.total ? { total: await countRows(ofInterest) } : {}) };
}

async function countRows<TB extends keyof Tables, Row>(matching: SelectQueryBuilder<Tables, TB, Row>): Promise<number> {
  const counted = matching.clearSelect().select(sql<number>`count(*)`.as("total"));
  const [row] = await counted.execute();
  return Number(Reflect.get(row ?? {}, "total") ?? 0);
}

function valueExpression<Row>({ column, type }: SortKey<Row>) {
  return type === "text" ? sql`${sql.ref(column)}` : sql`coalesce(${sql.ref(column)}, 'infinity'::timestamptz)`;
}

type CursorPosition = { readonly value: string; readonly id: string };

function writeCursor<Row extends { readonly id: string }>(sort: string, key: SortKey<Row> | null, row: Row): string {
  if (key === null) return row.id;
  const value = key.valueOf(row);
  const text = value instanceof Date ? value.toISOString() : (value ?? "infinity");
  return Buffer.from(JSON.stringify([sort, text, row.id])).toString("base64url");
}

const cursorShape = z.tuple([z.string(), z.string().regex(/^[^\0]*$/), id]);

function readCursor<Row>(cursor: string, sort: string, key: SortKey<Row> | null): CursorPosition {
  if (key === null) {
    if (!id.safeParse(cursor).success) throw badCursor();
    return { value: "", id: cursor };
  }
  const place = cursorShape.safeParse(parseJson(Buffer.from(cursor, "base64url").toString("utf8"))).data;
  if (place?.[0] !== sort) throw badCursor();
  const [, value, rowId] = place;
  if (key.type === "timestamptz" && value !== "infinity" && !instant.safeParse(value).success) throw badCursor();
  return { value, id: rowId };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function badCursor(): RefusalError {
  return new RefusalError("bad-request", schoolText("bad-cursor"));
}
