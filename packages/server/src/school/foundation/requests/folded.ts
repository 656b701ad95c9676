/** Provides texts as searches compare them: without accents and capitals, so that "zoe" finds "Zoë". */
import { type Expression, type SqlBool, sql } from "kysely";
import { containsPattern } from "./paging.ts";

/** Letters that have no accent to leave out. */
const LETTERS: Readonly<Record<string, string>> = { ß: "s", ø: "o", ł: "l", đ: "d", ı: "i", Ø: "o", Ł: "l", Đ: "d" };

/** As `lectern_folded` of the database (`migrations/schema/functions.ts`). */
export function folded(text: string): string {
  return text
    .normalize("NFD")
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[ßøłđıØŁĐ]/g, (letter) => LETTERS[letter] ?? letter)
    .toLowerCase();
}

/** Whether each word of a search is in one of the columns: the order of the words does not count. */
export function hasWords(search: string, columns: readonly Expression<string | null>[]): Expression<SqlBool> {
  const words = folded(search)
    .split(/\s+/)
    .filter((word) => word !== "");
  const text = sql`lectern_folded(concat_ws(' ', ${sql.join(columns)}))`;
  return sql<SqlBool>`(${sql.join([sql`true`, ...words.map((word) => sql`${text} like ${containsPattern(word)}`)], sql` and `)})`;
}
