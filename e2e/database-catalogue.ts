/** Reads from the catalogue of a database all that its tables demand and do, one line each, in words that every version of PostgreSQL has. */
import { type Kysely, sql } from "kysely";

/** Columns in their order, constraints, indexes, triggers and functions. The tables of the migrations are left out: they note, and hold nothing. */
export async function catalogueOf<Tables>(db: Kysely<Tables>): Promise<readonly string[]> {
  const { rows } = await sql<{ line: string }>`
    with tables as (
      select oid, relname as name from pg_class
      where relnamespace = current_schema()::regnamespace and relkind = 'r' and relname not like 'lectern_migrations%'
    ), lines (line) as (
      select concat_ws(' ', 'column', name, lpad(n::text, 2, '0'), attname, format_type(atttypid, atttypmod),
          case when attnotnull then 'not null' end, 'default ' || pg_get_expr(adbin, adrelid),
          case when attstorage <> typstorage then 'storage ' || attstorage::text end)
        from (select *, row_number() over (partition by attrelid order by attnum) as n
          from pg_attribute where attnum > 0 and not attisdropped) as columns
        join tables on tables.oid = attrelid join pg_type on pg_type.oid = atttypid
        left join pg_attrdef on adrelid = attrelid and adnum = attnum
      union all select concat_ws(' ', 'constraint', name, conname, pg_get_constraintdef(pg_constraint.oid))
        from pg_constraint join tables on tables.oid = conrelid
        -- Newer servers list what the columns say already.
        where contype <> 'n'
      union all select concat_ws(' ', 'index', name, pg_get_indexdef(indexrelid)) from pg_index join tables on tables.oid = indrelid
      union all select concat_ws(' ', 'trigger', name, pg_get_triggerdef(pg_trigger.oid), 'enabled', tgenabled::text)
        from pg_trigger join tables on tables.oid = tgrelid where not tgisinternal
      union all select concat_ws(' ', 'function', proname, pg_get_function_arguments(pg_proc.oid), 'returns',
          pg_get_function_result(pg_proc.oid), lanname, provolatile::text, proparallel::text, prosrc)
        from pg_proc join pg_language on pg_language.oid = prolang where pronamespace = current_schema()::regnamespace
    )
    select trim(regexp_replace(line, '\\s+', ' ', 'g')) as line from lines order by line collate "C"`.execute(db);
  return rows.map(({ line }) => line);
}
