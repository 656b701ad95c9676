/** Provides marks of people: six letters and digits that stand over pictures, by which a school finds out who watched. */
import { createHash } from "node:crypto";
import { type Expression, type RawBuilder, sql } from "kysely";

/** What base64 has and a mark does not: signs, and letters and digits that look alike. */
const LEFT_OUT = "+/=01OoIiLl";
const LENGTH = 6;

/** Six letters and digits of the hash of an id: of an account, or of a guest in one lesson. */
export function markOf(id: string): string {
  const letters = [...createHash("sha256").update(id).digest("base64")].filter((letter) => !LEFT_OUT.includes(letter));
  return letters.slice(0, LENGTH).join("").toUpperCase();
}

/** The same mark, as the database computes it. @param id an expression of SQL */
export function markColumn(id: Expression<string>): RawBuilder<string> {
  const letters = sql`translate(encode(sha256(convert_to(${id}, 'UTF8')), 'base64'), ${sql.lit(LEFT_OUT)}, '')`;
  return sql<string>`upper(left(${letters}, ${sql.lit(LENGTH)}))`;
}
