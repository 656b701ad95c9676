/** Keeps minutes and hours of what was measured in the database. Everything can be written again: values that are there are replaced. */

import { setImmediate } from "node:timers/promises";
import { sql } from "kysely";
import { lessonStreamOf } from "../../../access/policies/stream-policy.ts";
import { json } from "../../../platform/store/store.ts";
import { MEASURED_KINDS, type MeasuredKind } from "../../foundation/store/alarm-tables.ts";
import { deleteInSteps } from "../../foundation/store/delete-in-steps.ts";
import type { BlockFigures, SeriesBlockRow } from "../../foundation/store/metrics-history-tables.ts";
import type { Database } from "../../foundation/store/tables.ts";
import { blockStart, HOURS, hourOf, MINUTES, mergeFigures, type Resolution } from "./blocks.ts";
import type { Series } from "./metrics-history.ts";
import { minutesOf } from "./minutes.ts";
import { shortened } from "./roll-up-values.ts";

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 86_400_000;
const KEEP_MINUTES_MS = 30 * DAY_MS;
const KEEP_HOURS_MS = 730 * DAY_MS;
const ROWS_OF_STATEMENT = 300;
/** Subjects that are looked at before the event loop goes on. */
const SUBJECTS_AT_ONCE = 100;

type Block = Pick<SeriesBlockRow, "kind" | "subject" | "step" | "figures"> & { readonly block: Date };

/** Writes the minutes of a span from memory. @param fromMs the start of a minute @param toMs the start of the first minute that does not count */
export async function writeMinutes(db: Database, series: Series, fromMs: number, toMs: number): Promise<void> {
  let blocks: Block[] = [];
  let seen = 0;
  for (const kind of MEASURED_KINDS)
    for (const subject of series.subjects(kind)) {
      blocks.push(...minuteBlocks(series, kind, subject, fromMs, toMs));
      seen++;
      if (seen % SUBJECTS_AT_ONCE === 0) await setImmediate();
      if (blocks.length < ROWS_OF_STATEMENT) continue;
      await writeBlocks(db, blocks);
      blocks = [];
    }
  await writeBlocks(db, blocks);
}

/** Makes the hours of a span of their minutes. @param fromMs the start of an hour @param toMs the start of the first hour that does not count */
export async function writeHours(db: Database, fromMs: number, toMs: number): Promise<void> {
  for (let hour = fromMs; hour < toMs; hour += HOUR_MS) {
    let after: readonly [string, string] = ["", ""];
    for (;;) {
      const rows = await db
        .selectFrom("series_blocks")
        .select(["kind", "subject", "figures"])
        .where("step", "=", MINUTES.step)
        .where("block", "=", new Date(hour))
        .where(({ eb, refTuple, tuple }) => eb(refTuple("kind", "subject"), ">", tuple(after[0] as MeasuredKind, after[1])))
        .orderBy("kind")
        .orderBy("subject")
        .limit(ROWS_OF_STATEMENT)
        .execute();
      const day = blockStart(HOURS, hour);
      // A hop is of interest while its minutes are kept: a lesson has one at each node.
      const lasting = rows.filter(({ kind }) => kind !== "hop");
      await writeBlocks(
        db,
        lasting.map(({ kind, subject, figures }) => ({
          kind,
          subject,
          step: HOURS.step,
          block: new Date(day),
          figures: hourOf(figures, (hour - day) / HOUR_MS),
        })),
      );
      const last = rows.at(-1);
      if (!last || rows.length < ROWS_OF_STATEMENT) break;
      after = [last.kind, last.subject];
    }
  }
}

/** The blocks of a subject that have a part of the span. */
export async function readBlocks(
  db: Database,
  of: { readonly kind: MeasuredKind; readonly subject: string },
  resolution: Resolution,
  fromMs: number,
  toMs: number,
): Promise<readonly Pick<SeriesBlockRow, "block" | "figures">[]> {
  return await db
    .selectFrom("series_blocks")
    .select(["block", "figures"])
    .where("kind", "=", of.kind)
    .where("subject", "=", of.subject)
    .where("step", "=", resolution.step)
    .where("block", ">=", new Date(blockStart(resolution, fromMs)))
    .where("block", "<=", new Date(toMs))
    .orderBy("block")
    .execute();
}

/** @param now milliseconds since 1970 */
export async function sweepHistory(db: Database, now: number): Promise<void> {
  for (const [{ step }, keepMs] of [
    [MINUTES, KEEP_MINUTES_MS],
    [HOURS, KEEP_HOURS_MS],
  ] as const)
    await deleteInSteps(db, "series_blocks", sql`step = ${step} and block < ${new Date(now - keepMs)}`);
}

function minuteBlocks(series: Series, kind: MeasuredKind, subject: string, fromMs: number, toMs: number): Block[] {
  const blocks = new Map<number, Record<string, (number | null)[]>>();
  for (const metric of series.metrics(kind, subject))
    for (const [minute, value] of minutesOf(series, { kind, subject, metric }, fromMs, toMs)) {
      const start = blockStart(MINUTES, minute);
      const figures = blocks.get(start) ?? {};
      blocks.set(start, figures);
      const values = figures[metric] ?? [];
      figures[metric] = values;
      const place = (minute - start) / MINUTE_MS;
      while (values.length < place) values.push(null);
      values[place] = shortened(value);
    }
  return [...blocks].map(([start, figures]) => ({ kind, subject, step: MINUTES.step, block: new Date(start), figures }));
}

/** Adds to what the blocks have. One process writes at a time. */
async function writeBlocks(db: Database, blocks: readonly Block[]): Promise<void> {
  for (let i = 0; i < blocks.length; i += ROWS_OF_STATEMENT) {
    const part = blocks.slice(i, i + ROWS_OF_STATEMENT);
    const before = await figuresBefore(db, part);
    const lessons = await lessonsOf(db, part);
    await db
      .insertInto("series_blocks")
      .values(
        part.map((each) => ({
          ...each,
          lesson_id: lessons.get(`${each.kind} ${each.subject}`) ?? null,
          figures: json(mergeFigures(before.get(keyOf(each)) ?? {}, each.figures)),
        })),
      )
      .onConflict((conflict) =>
        conflict.columns(["kind", "subject", "step", "block"]).doUpdateSet({ figures: sql.ref("excluded.figures") }),
      )
      .execute();
  }
}

async function figuresBefore(db: Database, blocks: readonly Block[]): Promise<ReadonlyMap<string, BlockFigures>> {
  if (blocks.length === 0) return new Map();
  const rows = await db
    .selectFrom("series_blocks")
    .select(["kind", "subject", "step", "block", "figures"])
    .where(({ eb, refTuple, tuple }) =>
      eb(
        refTuple("kind", "subject", "step", "block"),
        "in",
        blocks.map(({ kind, subject, step, block }) => tuple(kind, subject, step, block)),
      ),
    )
    .execute();
  return new Map(rows.map((row) => [keyOf(row), row.figures]));
}

/** The lessons that streams, their hops and lessons' own figures belong to: what is known of a lesson goes with it. */
async function lessonsOf(db: Database, blocks: readonly Block[]): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const ids = blocks.filter(({ kind }) => kind === "lesson").map(({ subject }) => subject);
  if (ids.length > 0)
    for (const { id } of await db.selectFrom("lessons").select("id").where("id", "in", ids).execute())
      found.set(`lesson ${id}`, id);
  const names = new Map<string, string[]>();
  for (const { kind, subject } of blocks) {
    if (kind !== "stream" && kind !== "hop") continue;
    const name = lessonStreamOf(streamOf(kind, subject).split("/")[1] ?? "");
    names.set(name, [...(names.get(name) ?? []), `${kind} ${subject}`]);
  }
  if (names.size === 0) return found;
  const lessons = await db
    .selectFrom("lessons")
    .select(["id", "stream_app", "stream_name"])
    .where("stream_name", "in", [...names.keys()])
    .execute();
  for (const { id, stream_name } of lessons) for (const key of names.get(stream_name) ?? []) found.set(key, id);
  return found;
}

/** APP/NAME: the subject of a stream, and the last word of a hop's. */
function streamOf(kind: "stream" | "hop", subject: string): string {
  return kind === "stream" ? subject : subject.slice(subject.lastIndexOf(" ") + 1);
}

function keyOf({ kind, subject, step, block }: Pick<Block, "kind" | "subject" | "step" | "block">): string {
  return `${kind} ${step} ${block.getTime()} ${subject}`;
}
