/** Lists in pages: a page ends with the id of its last item, which is the cursor of the next one. */
import { z } from "zod";

export const paging = {
  limit: z.coerce.number().int().min(1).max(1000).default(100).describe("Items per page."),
  cursor: z.string().max(512).optional().describe("nextCursor of the previous page."),
};

export const pageOf = <T extends z.ZodType>(item: T) => z.object({ items: z.array(item), nextCursor: z.string().nullable() });

/** One page of rows; the query fetched one row more than the limit, which shows whether another page follows. */
export function toPage<Row extends { readonly id: string }, Item>(
  rows: readonly Row[],
  limit: number,
  respond: (row: Row) => Item,
): { items: Item[]; nextCursor: string | null } {
  const items = rows.slice(0, limit);
  return { items: items.map(respond), nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
}

/** A pattern for SQL's LIKE that matches any value containing the text. */
export function containsPattern(part: string): string {
  return `%${part.replace(/[\\%_]/g, "\\$&")}%`;
}
