/** Provides the choice of a ladder by a school, a course or a lesson: a preset, or one of the school's own ladders. */
import { sql } from "kysely";
import { z } from "zod";
import { RefusalError } from "../../../platform/api/server.ts";
import { type CustomRung, LADDERS, type LadderChoice, type LadderName } from "../../../platform/config/schema.ts";
import { ID } from "../../../platform/id.ts";
import { fieldText } from "../messages/field-texts.ts";
import { schoolText } from "../messages/school-texts.ts";
import type { Change } from "../store/change.ts";
import { LADDER_STARTS } from "../store/stream-tables.ts";
import type { Db, School } from "../store/tables.ts";

const STREAMS_WITHIN_MS = 7 * 24 * 3600 * 1000;
const SOON_MS = 24 * 3600 * 1000;

/** Fields of schools, courses and lessons in answers. */
export const ladderFields = {
  ladder: z
    .string()
    .nullable()
    .describe("A preset's name, or the id of a ladder of the school; null: as the course, then the school, then the server says."),
  ladderStart: z
    .enum(LADDER_STARTS)
    .nullable()
    .describe("demand: rungs are made while somebody watches one. publish: as long as the stream is live. Null: as for ladder."),
};

/** The same in requests. */
export const ladderChoiceFields = {
  ladder: z
    .string()
    .refine((value) => isPreset(value) || ID.test(value), fieldText.key("ladder"))
    .nullable()
    .optional()
    .describe("GET /api/v1/ladders lists them; null: as the course, then the school, then the server says."),
  ladderStart: z.enum(LADDER_STARTS).nullable().optional(),
};

type Choice = z.output<z.ZodObject<typeof ladderChoiceFields>>;

/** The columns of a request's fields; a field that it does not name is undefined. */
export function ladderColumns({ ladder, ladderStart }: Choice) {
  return { ladder, ladder_start: ladderStart };
}

export function isPreset(name: string): name is LadderName {
  return LADDERS.some((preset) => preset === name);
}

/** The ladder that was chosen; null where none was, or where it is gone. @param rungs of the school's ladder of this id; null: there is none */
export function resolveLadder(chosen: string | null, rungs: readonly CustomRung[] | null): LadderChoice | null {
  if (chosen === null) return null;
  return isPreset(chosen) ? chosen : rungs && [...rungs];
}

/**
 * Keeps the ladder from being deleted until the end of the transaction.
 * @throws RefusalError not-found, where it is neither a preset nor the school's
 */
export async function checkLadder(db: Db, schoolId: string, ladder: string | null | undefined): Promise<void> {
  if (ladder === null || ladder === undefined || isPreset(ladder)) return;
  const found = db.selectFrom("ladders").select("id").where("id", "=", ladder).where("school_id", "=", schoolId);
  if (!(await found.forKeyShare().executeTakeFirst())) throw new RefusalError("not-found", schoolText("no-ladder"));
}

/** Media workers fetch the policy of a stream again. */
export type PolicyControl = { readonly ruleChanged: (app: string, name: string) => void };

/** After the commit, media workers fetch the policies of lessons whose ladder the change of a school or a course concerns. */
export async function resendPolicies(
  change: Change,
  streams: PolicyControl,
  which: StreamsWith,
  before: LadderOf,
  after: LadderOf,
): Promise<void> {
  if (before.ladder === after.ladder && before.ladder_start === after.ladder_start) return;
  const affected = await streamsWithLadder(change.trx, which);
  change.afterCommit(() => {
    for (const { app, name } of affected) streams.ruleChanged(app, name);
  });
}

type LadderOf = Pick<School, "ladder" | "ladder_start">;
export type StreamsWith = { readonly schoolId: string } | { readonly courseId: string } | { readonly ladderId: string };

/**
 * Streams of lessons whose ladder a change concerns, live ones first. Media workers keep the policies of streams that somebody asked for, so lessons
 * that were live lately or begin soon count too. Read it in the transaction of the change.
 * @param now milliseconds since 1970
 */
export async function streamsWithLadder(db: Db, which: StreamsWith, now = Date.now()) {
  let lessons = db
    .selectFrom("lessons")
    .innerJoin("schools", "schools.id", "lessons.school_id")
    .leftJoin("courses", "courses.id", "lessons.course_id")
    .select(["lessons.stream_app as app", "lessons.stream_name as name"])
    .where("lessons.deleted_at", "is", null)
    .where(({ eb, or, and }) =>
      or([
        eb("lessons.state", "=", "live"),
        eb("lessons.started_at", ">", new Date(now - STREAMS_WITHIN_MS)),
        and([eb("lessons.state", "=", "scheduled"), eb("lessons.created_at", ">", new Date(now - STREAMS_WITHIN_MS))]),
        and([eb("lessons.starts_at", ">", new Date(now - SOON_MS)), eb("lessons.starts_at", "<", new Date(now + SOON_MS))]),
      ]),
    );
  if ("schoolId" in which) lessons = lessons.where("lessons.school_id", "=", which.schoolId);
  else if ("courseId" in which) lessons = lessons.where("lessons.course_id", "=", which.courseId);
  else lessons = lessons.where(sql<boolean>`coalesce(lessons.ladder, courses.ladder, schools.ladder) = ${which.ladderId}`);
  return await lessons.orderBy(({ eb }) => eb("lessons.state", "=", "live"), "desc").execute();
}
