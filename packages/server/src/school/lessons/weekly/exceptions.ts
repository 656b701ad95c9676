/** Provides lessons of a series that were deleted one by one: the series does not make them again. */
import type { Change } from "../../foundation/store/change.ts";
import type { Db, Lesson } from "../../foundation/store/tables.ts";

type OfSeries = Pick<Lesson, "series_id" | "occurrence" | "series_edited">;

export async function leaveOut({ trx }: Pick<Change, "trx">, { series_id, occurrence }: OfSeries): Promise<void> {
  if (series_id === null || occurrence === null) return;
  const row = { series_id, occurrence };
  const inserted = trx.insertInto("lesson_series_exceptions").values(row);
  await inserted.onConflict((conflict) => conflict.doNothing()).execute();
}

/**
 * A lesson is restored from the bin.
 * @returns whether it differs from its series: it does where the series had deleted it, because of a holiday
 */
export async function takeBack({ trx }: Pick<Change, "trx">, { series_id, occurrence, series_edited }: OfSeries): Promise<boolean> {
  if (series_id === null || occurrence === null) return series_edited;
  const deleted = await trx
    .deleteFrom("lesson_series_exceptions")
    .where("series_id", "=", series_id)
    .where("occurrence", "=", occurrence)
    .returning("occurrence")
    .executeTakeFirst();
  return series_edited || deleted === undefined;
}

/** By the ids of their series. */
export async function readExceptions(db: Db, seriesIds: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>> {
  if (seriesIds.length === 0) return new Map();
  const rows = db.selectFrom("lesson_series_exceptions").selectAll().where("series_id", "in", seriesIds);
  const found = Map.groupBy(await rows.orderBy("occurrence").execute(), ({ series_id }) => series_id);
  return new Map([...found].map(([id, ofSeries]) => [id, ofSeries.map(({ occurrence }) => occurrence)]));
}

/** @param names all occurrences that are left out from now on */
export async function replaceExceptions({ trx }: Pick<Change, "trx">, seriesId: string, names: readonly string[]): Promise<void> {
  await trx.deleteFrom("lesson_series_exceptions").where("series_id", "=", seriesId).execute();
  const rows = [...new Set(names)].map((occurrence) => ({ series_id: seriesId, occurrence }));
  if (rows.length > 0) await trx.insertInto("lesson_series_exceptions").values(rows).execute();
}
