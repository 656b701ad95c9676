/**
 * Reports of lesson quality and analytics over a day of 5000 lessons and over one lesson of 10 000 viewers, and roll-ups from sessions, on
 * PostgreSQL and on the embedded database.
 */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RawBuilder, sql } from "kysely";
import { startPostgres } from "../../e2e/postgres.ts";
import { openStore } from "../../packages/server/src/platform/store/open-store.ts";
import { MIGRATIONS } from "../../packages/server/src/school/foundation/migrations/index.ts";
import type { Database, Tables } from "../../packages/server/src/school/foundation/store/tables.ts";
import { actorOf, insertLesson, insertSchool, silentLog } from "../../packages/server/src/school/foundation/store/test-database.ts";
import { lessonAnalytics } from "../../packages/server/src/school/insight/analytics/lesson-analytics.ts";
import { lessonPeople, RANKINGS } from "../../packages/server/src/school/insight/analytics/lesson-people.ts";
import { SCHOOL_GROUPINGS, schoolReport } from "../../packages/server/src/school/insight/analytics/school-report.ts";
import { studentRecord } from "../../packages/server/src/school/insight/analytics/student-record.ts";
import { GROUPINGS, qualityReport } from "../../packages/server/src/school/insight/quality/quality-report.ts";
import { recomputeLessons } from "../../packages/server/src/school/insight/quality/recompute.ts";
import { rollUpLessons } from "../../packages/server/src/school/insight/quality/roll-up.ts";
import { quantile, round, type Table } from "../report/table.ts";
import type { BenchOptions } from "./options.ts";

const DAY = Date.UTC(2026, 10, 24);
const SPAN = { from: new Date(DAY), to: new Date(DAY + 86_400_000) };
const LESSONS = 5000;
const SESSIONS_PER_LESSON = 20;
const LARGE_LESSON_VIEWERS = 10_000;
/** Lines of chat of each of its viewers. */
const LINES = 5;
/** Of one student: more than a term has. */
const STUDENT_LESSONS = 500;
/** Reports are asked for so often. */
const ROUNDS = 20;

/** As Linux counts CPU time. */
const TICK_MS = 10;

type Row = readonly [what: string, postgres: number, postgresCpu: number, embedded: number, embeddedCpu: number];
type Measured = { readonly what: string; readonly ms: number; readonly cpuMs: number };

export async function benchReports({ quick }: BenchOptions): Promise<Table> {
  const endings: (() => void)[] = [];
  try {
    const postgres = await startPostgres({ after: (end: () => void) => endings.push(end), diagnostic: () => {} });
    const onPostgres = await measure(postgres.database(), quick ? 500 : LESSONS);
    const embedded = await measure("", quick ? 500 : LESSONS);
    return {
      title: `Lesson quality and analytics: ${quick ? 500 : LESSONS} lessons of one day with ${SESSIONS_PER_LESSON} viewers each, one with ${LARGE_LESSON_VIEWERS}`,
      columns: ["what", "PostgreSQL, ms", "CPU ms", "embedded, ms", "CPU ms"],
      rows: onPostgres.map(({ what, ms, cpuMs }, i): Row => {
        const other = embedded[i];
        return [what, ms, cpuMs, other?.ms ?? Number.NaN, other?.cpuMs ?? Number.NaN];
      }),
      notes: [`Reports: the slowest of ${ROUNDS}, and the mean CPU time of the server and its database. Roll-ups: once.`],
    };
  } finally {
    for (const end of endings.reverse()) end();
  }
}

async function measure(url: string, lessons: number): Promise<readonly Measured[]> {
  const dataDir = mkdtempSync(join(tmpdir(), "lectern-bench-reports-"));
  const store = await openStore<Tables>({ url, dataDir, migrations: MIGRATIONS, log: silentLog });
  try {
    const { db } = store;
    const { schoolId, largeId } = await fill(db, lessons);
    const rows: Measured[] = [];
    const add = async (what: string, rounds: number, work: () => Promise<unknown>): Promise<void> => {
      const times: number[] = [];
      const before = await cpuMs(db, url);
      for (let i = 0; i < rounds; i++) times.push(await elapsed(work));
      rows.push({ what, ms: quantile(times, 1), cpuMs: round(((await cpuMs(db, url)) - before) / rounds, 1) });
    };
    const now = new Date(DAY + 86_400_000);
    await add("roll-up of the day", 1, () => recomputeLessons(db, { schoolId, ...SPAN }, now));
    await add("roll-up of the large lesson", 1, () => rollUpLessons(db, [largeId], now));
    for (const [what, ask] of await questions(db, schoolId, largeId, now)) await add(what, ROUNDS, ask);
    return rows;
  } finally {
    await store.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

type Question = readonly [what: string, ask: () => Promise<unknown>];

/** What people ask for, again and again. */
async function questions(db: Database, schoolId: string, largeId: string, now: Date): Promise<readonly Question[]> {
  const large = await db.selectFrom("lessons").selectAll().where("id", "=", largeId).executeTakeFirstOrThrow();
  const student = await db.selectFrom("users").selectAll().where("id", "=", "bench1").executeTakeFirstOrThrow();
  const reader = actorOf(student);
  const day = { schoolId, from: "2026-11-24", to: "2026-11-24" };
  const page = { limit: 100, offset: 0, now };
  return [
    ...GROUPINGS.map((by): Question => [`quality by ${by}`, () => qualityReport(db, by, { schoolId, ...SPAN })]),
    ...SCHOOL_GROUPINGS.map((by): Question => [`analytics of the day by ${by}`, () => schoolReport(db, by, day)]),
    ["analytics of the large lesson", () => lessonAnalytics(db, large, now)],
    ...RANKINGS.map((by): Question => [`its ranking by ${by}`, () => lessonPeople(db, large, { by, ...page })]),
    [`record of a student, ${STUDENT_LESSONS} lessons`, () => studentRecord(db, student, reader, SPAN, now)],
  ];
}

/** CPU time so far of this process, in which the embedded database runs too, and of PostgreSQL's. */
async function cpuMs(db: Database, url: string): Promise<number> {
  const { user, system } = process.cpuUsage();
  if (url === "") return (user + system) / 1000;
  const { rows } = await sql<{ pid: number }>`select pid from pg_stat_activity`.execute(db);
  const ticks = rows.map(({ pid }) => {
    const [, fields = ""] = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ");
    const [utime = 0, stime = 0] = fields.split(" ").slice(11, 13).map(Number);
    return utime + stime;
  });
  return (user + system) / 1000 + ticks.reduce((sum, each) => sum + each, 0) * TICK_MS;
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
  await fillAnalytics(db, schoolId, largeId);
  await sql`analyze`.execute(db);
  return { schoolId, largeId };
}

/** People, attendance, minutes and talk: of the large lesson in full, of the others what their roll-ups read. */
async function fillAnalytics(db: Database, schoolId: string, largeId: string): Promise<void> {
  await sql`
    insert into users (id, school_id, login, name, role)
    select 'bench' || n, ${schoolId}, 'bench' || n, 'Student ' || n, 'student' from generate_series(1, ${LARGE_LESSON_VIEWERS}::integer) n`.execute(
    db,
  );
  await sql`
    insert into lesson_invitations (lesson_id, user_id) select id, 'bench1' from lessons order by id limit ${STUDENT_LESSONS}`.execute(
    db,
  );
  const people = sql`lessons.id || '-' || n`;
  // The student whose record is asked for joins the lessons with an invitation, and no other; the rest are spread over the school.
  const person = sql`case when id = ${largeId} then n
    when n = 1 and exists (select from lesson_invitations where lesson_id = lessons.id) then 1
    else 2 + mod(abs(hashtext(lessons.id)::bigint) + n, ${LARGE_LESSON_VIEWERS - 1}::integer) end`;
  await inParts(
    db,
    (part) => sql`
    insert into participants (id, lesson_id, user_id, name, role, joined_at, seen_at)
    select ${people}, lessons.id, 'bench' || ${person}, 'Student ' || ${person}, 'student', started_at, ended_at
    from lessons cross join lateral generate_series(1, case when id = ${largeId} then ${LARGE_LESSON_VIEWERS}::integer
      else ${SESSIONS_PER_LESSON}::integer end) n where ${part}`,
  );
  await sql`analyze`.execute(db);
  await inParts(
    db,
    (part) => sql`update view_sessions set participant_id = participants.id from participants, lessons
      where participants.id = view_sessions.id and lessons.id = participants.lesson_id and ${part}`,
  );
  await sql`insert into room_presence (lesson_id, owner, seen_at) select id, '', ended_at from lessons`.execute(db);
  await sql`
    insert into attendance (participant_id, lesson_id, from_at, to_at, device, present, version)
    select p.id, p.lesson_id, joined_at + part * interval '20 minutes', joined_at + part * interval '20 minutes' + random() * interval '15 minutes',
      'phone', false, 1
    from participants p cross join lateral generate_series(0, case when lesson_id = ${largeId} then 2 else 0 end) part`.execute(db);
  await inParts(
    db,
    (part) => sql`
    insert into view_minutes (cid, minute, node, carrier, region, engine, device, lesson_id, school_id, beacons, sessions, first_frames,
      stall_lengths, watched_ms, heard_ms, stalls, stall_ms, frames, dropped_frames, bytes, switches, reconnects, errors)
    select 'live/' || id, date_trunc('minute', started_at) + minute * interval '1 minute', 'node' || cell % 3, 'carrier' || cell % 4,
      'region' || cell % 31, 'flv', 'phone' || cell, id, school_id, 6, 1, '{}', '{}', 600000, 0, 0, 0, 1000, 0, 1000, 0, 0, 0
    from lessons cross join generate_series(0, 59) minute cross join lateral generate_series(1, case when id = ${largeId} then 100 else 1 end) cell
    where ${part}`,
  );
  await sql`
    insert into room_entries (lesson_id, epoch, seq, at, id, from_id, from_name, from_role, kind, audience, gone, sampled, body)
    select lesson_id, 'e', row_number() over (), joined_at, p.id || '-' || line, p.id, name, 'member', 'chat', 'all', false, false,
      jsonb_build_object('text', 'A line of chat that somebody wrote')
    from participants p cross join generate_series(1, ${LINES}::integer) line where lesson_id = ${largeId}`.execute(db);
  await sql`
    insert into recordings (id, school_id, lesson_id, app, name, epoch, title, started_at, seconds, bytes, whole, files, published, chapters)
    select id, school_id, id, 'live', id, 'e', title, started_at, 3600, 1, true, '[]', true, '[{"seconds": 1200, "title": "Middle"}]' from lessons`.execute(
    db,
  );
  await sql`
    insert into recording_minutes (recording_id, minute, played_ms) select id, minute, 60000 from recordings cross join generate_series(0, 59) minute
    where lesson_id = ${largeId}`.execute(db);
}

const PARTS = 20;

/** The server ends a statement that takes too long. @param statement of the lessons for which a condition holds */
async function inParts(db: Database, statement: (part: RawBuilder<unknown>) => RawBuilder<unknown>): Promise<void> {
  for (let part = 0; part < PARTS; part++)
    await statement(sql`mod(abs(hashtext(lessons.id)::bigint), ${PARTS}) = ${part}`).execute(db);
}
