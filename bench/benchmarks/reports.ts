/** Reports of lesson quality over a day of 5000 lessons, and roll-ups from sessions, on PostgreSQL and on the embedded database. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { startPostgres } from "../../e2e/postgres.ts";
import { openStore } from "../../packages/server/src/platform/store/open-store.ts";
import { MIGRATIONS } from "../../packages/server/src/school/migrations/index.ts";
import { GROUPINGS, qualityReport } from "../../packages/server/src/school/quality/quality-report.ts";
import { recomputeLessons } from "../../packages/server/src/school/quality/recompute.ts";
import { rollUpLessons } from "../../packages/server/src/school/quality/roll-up.ts";
import type { Database, Tables } from "../../packages/server/src/school/store/tables.ts";
import { insertLesson, insertSchool, silentLog } from "../../packages/server/src/school/store/test-database.ts";
import { quantile, round, type Table } from "../report/table.ts";
import type { BenchOptions } from "./options.ts";

const DAY = Date.UTC(2026, 10, 24);
const SPAN = { from: new Date(DAY), to: new Date(DAY + 86_400_000) };
const LESSONS = 5000;
const SESSIONS_PER_LESSON = 20;
const LARGE_LESSON_VIEWERS = 10_000;
/** Reports are asked for so often. */
const ROUNDS = 20;

type Row = readonly [what: string, postgres: number, embedded: number];

export async function benchReports({ quick }: BenchOptions): Promise<Table> {
  const endings: (() => void)[] = [];
  try {
    const postgres = await startPostgres({ after: (end: () => void) => endings.push(end), diagnostic: () => {} });
    const onPostgres = await measure(postgres.database(), quick ? 500 : LESSONS);
    const embedded = await measure("", quick ? 500 : LESSONS);
    return {
      title: `Lesson quality: ${quick ? 500 : LESSONS} lessons of one day with ${SESSIONS_PER_LESSON} viewers each, one with ${LARGE_LESSON_VIEWERS}`,
      columns: ["what", "PostgreSQL, ms", "embedded, ms"],
      rows: onPostgres.map(([what, ms], i): Row => [what, ms, embedded[i]?.[1] ?? Number.NaN]),
      notes: [`Reports: the slowest of ${ROUNDS}. Roll-ups: once.`],
    };
  } finally {
    for (const end of endings.reverse()) end();
  }
}

async function measure(url: string, lessons: number): Promise<readonly (readonly [what: string, ms: number])[]> {
  const dataDir = mkdtempSync(join(tmpdir(), "lectern-bench-reports-"));
  const store = await openStore<Tables>({ url, dataDir, migrations: MIGRATIONS, log: silentLog });
  try {
    const { db } = store;
    const { schoolId, largeId } = await fill(db, lessons);
    const rows: (readonly [string, number])[] = [];
    const now = new Date(DAY + 86_400_000);
    rows.push(["roll-up of the day", await elapsed(() => recomputeLessons(db, { schoolId, ...SPAN }, now))]);
    rows.push(["roll-up of the large lesson", await elapsed(() => rollUpLessons(db, [largeId], now))]);
    for (const by of GROUPINGS) {
      const times: number[] = [];
      for (let i = 0; i < ROUNDS; i++) times.push(await elapsed(() => qualityReport(db, by, { schoolId, ...SPAN })));
      rows.push([`report by ${by}`, quantile(times, 1)]);
    }
    return rows;
  } finally {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

async function elapsed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return round(performance.now() - began, 1);
}

/** Lessons and sessions, made by the database: of four carriers, and spread over the day. */
async function fill(db: Database, lessons: number): Promise<{ readonly schoolId: string; readonly largeId: string }> {
  const { id: schoolId } = await insertSchool(db);
  const { id: largeId } = await insertLesson(db, schoolId);
  await sql`
    insert into lessons (id, school_id, title, mode, state, record, guests, code, stream_app, stream_name, publish_key)
    select 'bench' || n, ${schoolId}, 'Lesson ' || n, 'broadcast', 'ended', false, true, 'bench' || n, 'live', 'bench' || n, 'key' || n
    from generate_series(1, ${lessons}::integer) n`.execute(db);
  await sql`
    update lessons set state = 'ended', started_at = ${SPAN.from}::timestamptz + random() * interval '22 hours',
      ended_at = ${SPAN.to}::timestamptz`.execute(db);
  await sql`
    insert into view_sessions (id, cid, lesson_id, school_id, trace, node, edge, engine, device, os, browser, line, network, carrier, region,
      started_at, last_at, ended_at, end_reason, first_frame_ms, moments, watched_ms, heard_ms, stalls, stall_ms, frames, dropped_frames, bytes,
      switches, reconnects, errors)
    select lessons.id || '-' || n, 'live/x', lessons.id, school_id, '', 'n', 'e:1', 'flv', 'phone', '', '', 'wifi', '', 'carrier' || n % 4, '',
      started_at, ended_at, ended_at, 'left', 400, '[]', 3600000, 3600000, n % 3, n % 7 * 1000, 90000, n % 5, 1000000, 0, n % 2, 0
    from lessons cross join lateral generate_series(1,
      case when id = ${largeId} then ${LARGE_LESSON_VIEWERS}::integer else ${SESSIONS_PER_LESSON}::integer end) n`.execute(db);
  await sql`analyze`.execute(db);
  return { schoolId, largeId };
}
