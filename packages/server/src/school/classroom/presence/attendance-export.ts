/** Provides the attendance of one lesson as a table, with a column for each sign-in round. */
import type { CsvColumn } from "../../foundation/requests/csv.ts";
import type { SigninRound } from "../../foundation/store/presence-tables.ts";
import type { Db, Lesson } from "../../foundation/store/tables.ts";
import { type Attended, attendanceOf } from "./attendance-report.ts";

const ROWS_PER_STEP = 1000;
/** The largest lessons have 10 000 people. */
const MAX_ROWS = 50_000;

export function roundsOf(db: Db, lessonId: string): Promise<SigninRound[]> {
  return db.selectFrom("signin_rounds").selectAll().where("lesson_id", "=", lessonId).orderBy("id").execute();
}

/** Everybody, in steps that hold up nobody else. @param now milliseconds since 1970 */
export async function wholeAttendance(db: Db, lesson: Lesson, now: number): Promise<Attended[]> {
  const rows: Attended[] = [];
  for (let after: string | null = ""; after !== null && rows.length < MAX_ROWS; ) {
    const { items, nextCursor }: Awaited<ReturnType<typeof attendanceOf>> = await attendanceOf(db, lesson, {
      limit: ROWS_PER_STEP,
      after,
      now,
    });
    rows.push(...items);
    after = nextCursor;
  }
  return rows;
}

export function attendanceColumns(rounds: readonly SigninRound[]): CsvColumn<Attended>[] {
  return [
    { name: "participantId", valueOf: ({ participantId }) => participantId },
    { name: "userId", valueOf: ({ userId }) => userId },
    { name: "externalId", valueOf: ({ externalId }) => externalId },
    { name: "name", valueOf: ({ name }) => name },
    { name: "role", valueOf: ({ role }) => role },
    { name: "status", valueOf: ({ status }) => status },
    { name: "firstAt", valueOf: ({ firstAt }) => firstAt },
    { name: "lastAt", valueOf: ({ lastAt }) => lastAt },
    { name: "minutes", valueOf: ({ seconds }) => minutes(seconds) },
    { name: "lessonMinutes", valueOf: ({ lessonSeconds }) => minutes(lessonSeconds) },
    { name: "intervals", valueOf: ({ intervals }) => intervals.length },
    { name: "devices", valueOf: ({ devices }) => devices.join("; ") },
    ...rounds.map(({ id, title }, i): CsvColumn<Attended> => {
      const name = title === "" ? `signin ${i + 1}` : `signin ${i + 1}: ${title}`;
      return { name, valueOf: ({ signins }) => signed(signins.find(({ ref }) => ref === id)) };
    }),
    { name: "stars", valueOf: ({ stars }) => stars },
  ];
}

function signed(signin: Attended["signins"][number] | undefined): string | null {
  if (!signin) return null;
  return signin.late ? "late" : "signed";
}

/** With one decimal. */
function minutes(seconds: number): number {
  return Math.round(seconds / 6) / 10;
}
