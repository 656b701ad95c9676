/** Adds up histograms, and other counts by number, inside a statement. */
import { type RawBuilder, sql } from "kysely";

/** For an upsert: the counts of the row that is there, and of the new one. @param column as TABLE.COLUMN */
export function addedBuckets(table: "view_minutes" | "replay_views", column: string): RawBuilder<never> {
  const [before, added] = [sql.ref(`${table}.${column}`), sql.ref(`excluded.${column}`)];
  return sql`(select coalesce(jsonb_object_agg(bucket, total), '{}') from (
    select key as bucket, sum(value::bigint) as total
    from (select * from jsonb_each_text(${before}) union all select * from jsonb_each_text(${added})) both_sides group by key) added_up)`;
}
