/** Collects everything that the database has about a person, in one document that the person can take along (GDPR, articles 15 and 20). */
import { type RawBuilder, sql } from "kysely";
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { entriesOfPerson } from "../../classroom/personal-entries.ts";
import { attendanceOfPerson } from "../../classroom/presence/personal-attendance.ts";
import { answersOf } from "../../classroom/quiz/personal-answers.ts";
import { attemptsOfPerson, practiceOfPerson } from "../../exams/privacy/personal-attempts.ts";
import { auditResponse, auditShape } from "../../foundation/audit/shapes.ts";
import { id, time } from "../../foundation/requests/fields.ts";
import type { Db, User } from "../../foundation/store/tables.ts";
import { viewsOfPerson } from "../../insight/playback-sessions/personal-views.ts";
import { userShape } from "../../people/accounts/shapes.ts";
import { userResponse } from "../../people/accounts/user.ts";

export const archiveShape = z
  .object({
    createdAt: time,
    person: userShape,
    sessions: z.array(z.object({ ip: z.string(), agent: z.string(), createdAt: time, seenAt: time })),
    identities: z
      .array(z.object({ issuer: z.string(), subject: z.string(), createdAt: time }))
      .describe("As which person sign-on providers and learning platforms know them."),
    passkeys: z.array(z.object({ name: z.string(), createdAt: time, usedAt: time.nullable() })),
    courses: z.array(z.object({ id, name: z.string(), role: z.string() })),
    lessonsTaught: z.array(z.object({ id, title: z.string(), startsAt: time.nullable() })),
    participations: z.array(
      z.object({
        lessonId: id,
        title: z.string(),
        name: z.string(),
        role: z.string(),
        joinedAt: time,
        seenAt: time,
        removedAt: time.nullable(),
      }),
    ),
    roomEntries: z
      .array(z.object({ lessonId: id, at: time, kind: z.string(), body: z.record(z.string(), z.unknown()) }))
      .describe("What the person said and did in the rooms of lessons."),
    quizAnswers: z
      .array(
        z.object({
          lessonId: id,
          question: z.string(),
          options: z.array(z.string()),
          answeredAt: time,
          choice: z.union([z.array(z.int()), z.boolean(), z.number(), z.string()]).nullable(),
          isCorrect: z.boolean().nullable(),
        }),
      )
      .describe("Without those to anonymous quizzes, which belong to nobody."),
    examinations: z
      .array(
        z.object({
          examinationId: id,
          title: z.string(),
          enteredAt: time,
          startedAt: time.nullable(),
          handedInAt: time.nullable(),
          points: z.number().nullable().describe("Null: not graded, or not released yet."),
          of: z.number().nullable(),
          answers: z.array(z.object({ question: z.string(), value: z.unknown(), writtenAt: time })),
          files: z
            .array(z.object({ id: z.string(), question: z.string(), type: z.string(), size: z.int(), takenAt: time }))
            .describe("Photos and sound of answers. Their content: POST /exams/{examinationId}/files/{id}."),
          facts: z.array(z.object({ fact: z.string(), detail: z.string(), at: time })),
        }),
      )
      .describe("What the person answered in examinations, what was noted, and the points."),
    practisedWrongAnswers: z
      .array(
        z.object({
          wrongAnswer: z.string(),
          attemptId: id.nullable(),
          quizId: id.nullable(),
          rights: z.int(),
          practisedAt: time.nullable(),
          knownAt: time.nullable(),
        }),
      )
      .describe("Which mistakes the person has practised, and knows by now."),
    attendance: z
      .array(z.object({ lessonId: id, from: time, to: time.nullable(), device: z.string() }))
      .describe("When the person was in the rooms of lessons."),
    views: z
      .array(
        z.object({
          lessonId: id.nullable(),
          startedAt: time,
          lastAt: time,
          watchedMs: z.int(),
          device: z.string(),
          os: z.string(),
          browser: z.string(),
          network: z.string(),
          carrier: z.string(),
          region: z.string(),
        }),
      )
      .describe("Sessions of the person's players in lessons."),
    replays: z
      .array(z.object({ recordingId: id, title: z.string(), minutes: z.record(z.string(), z.int()), playedAt: time }))
      .describe("Milliseconds that the person has played, by minute of the recording."),
    signins: z.array(z.object({ lessonId: id, title: z.string(), at: time, late: z.boolean() })),
    checkIns: z.array(z.object({ form: z.string(), day: z.string(), at: time, answers: z.record(z.string(), z.unknown()) })),
    guardians: z.array(z.object({ name: z.string(), email: z.string() })),
    recordingsWatched: z.array(z.object({ id, title: z.string(), seconds: z.number(), updatedAt: time })),
    materials: z
      .array(z.object({ id, title: z.string(), filename: z.string(), createdAt: time }))
      .describe("What the person has uploaded to show in lessons. The pages are at the materials themselves."),
    recordingsTaught: z.array(z.object({ id, title: z.string(), startedAt: time, seconds: z.number() })),
    audit: z
      .array(auditShape)
      .describe(
        "What the person did, what was done to the account, and who looked at the person, or at lists of the person's lessons and courses.",
      ),
  })
  .meta({ id: "PersonArchive" });

/** @throws an error of the database */
export async function archiveOf(db: Db, user: User, reader: Actor): Promise<z.input<typeof archiveShape>> {
  const me = user.id;
  const sessions = await db
    .selectFrom("sessions")
    .select(["ip", "agent", "created_at as createdAt", "seen_at as seenAt"])
    .where("user_id", "=", me)
    .execute();
  const identities = await db
    .selectFrom("identities")
    .select(["issuer", "subject", "created_at as createdAt"])
    .where("user_id", "=", me)
    .unionAll(db.selectFrom("lti_people").select(["issuer", "subject", "created_at as createdAt"]).where("user_id", "=", me))
    .execute();
  const passkeys = await db
    .selectFrom("passkeys")
    .select(["name", "created_at as createdAt", "used_at as usedAt"])
    .where("user_id", "=", me)
    .orderBy("id")
    .execute();
  const courses = await db
    .selectFrom("course_members")
    .innerJoin("courses", "courses.id", "course_members.course_id")
    .select(["courses.id", "courses.name", "course_members.role"])
    .where("user_id", "=", me)
    .execute();
  const lessonsTaught = await db
    .selectFrom("lessons")
    .select(["id", "title", "starts_at as startsAt"])
    .where("teacher_id", "=", me)
    .orderBy("id")
    .execute();
  const audit = await db
    .selectFrom("audit")
    .selectAll()
    .where((where) => where.or([where("actor_id", "=", me), where("target_id", "=", me), isReadingOf(me)]))
    .orderBy("id")
    .execute();
  return {
    createdAt: new Date(),
    person: userResponse(user, reader),
    sessions,
    identities,
    passkeys,
    courses,
    lessonsTaught,
    ...(await watchedAndTaught(db, me)),
    ...(await checkInsAndGuardians(db, me)),
    materials: await materialsOf(db, me),
    // Where others looked from is theirs.
    audit: audit.map((row) => auditResponse(row.actor_id === me ? row : { ...row, ip: "" })),
  };
}

/** Looks at lists of lessons and courses that the person was in. */
function isReadingOf(me: string): RawBuilder<boolean> {
  return sql<boolean>`(action like 'read.%' and target_id in (
    select lesson_id from participants where user_id = ${me} union all select course_id from course_members where user_id = ${me}))`;
}

async function watchedAndTaught(db: Db, me: string) {
  const participations = await db
    .selectFrom("participants")
    .innerJoin("lessons", "lessons.id", "participants.lesson_id")
    .select(["lesson_id as lessonId", "lessons.title", "participants.name", "participants.role", "joined_at as joinedAt"])
    .select(["seen_at as seenAt", "removed_at as removedAt"])
    .where("user_id", "=", me)
    .orderBy("participants.id")
    .execute();
  const quizAnswers = await answersOf(db, me);
  const recordingsWatched = await db
    .selectFrom("places")
    .innerJoin("recordings", "recordings.id", "places.recording_id")
    .select(["recordings.id", "recordings.title", "places.seconds", "places.updated_at as updatedAt"])
    .where("user_id", "=", me)
    .execute();
  const recordingsTaught = await db
    .selectFrom("recordings")
    .innerJoin("lessons", "lessons.id", "recordings.lesson_id")
    .select(["recordings.id", "recordings.title", "recordings.started_at as startedAt", "recordings.seconds"])
    .where("lessons.teacher_id", "=", me)
    .orderBy("recordings.id")
    .execute();
  const examinations = await attemptsOfPerson(db, me);
  const practisedWrongAnswers = await practiceOfPerson(db, me);
  const roomEntries = await entriesOfPerson(db, me);
  const attended = await attendanceOfPerson(db, me);
  const viewed = await viewsOfPerson(db, me);
  return {
    participations,
    ...attended,
    ...viewed,
    quizAnswers,
    examinations,
    practisedWrongAnswers,
    roomEntries,
    recordingsWatched,
    recordingsTaught,
  };
}

function materialsOf(db: Db, me: string) {
  return db
    .selectFrom("materials")
    .select(["id", "title", "filename", "created_at as createdAt"])
    .where("owner_id", "=", me)
    .where("deleted_at", "is", null)
    .orderBy("id")
    .execute();
}

async function checkInsAndGuardians(db: Db, me: string) {
  const checkIns = await db
    .selectFrom("check_ins")
    .innerJoin("check_in_forms", "check_in_forms.id", "check_ins.form_id")
    .select(["check_in_forms.name as form", "day", "at", "answers"])
    .where("user_id", "=", me)
    .orderBy("check_ins.id")
    .execute();
  const guardians = await db.selectFrom("guardians").select(["name", "email"]).where("child_id", "=", me).orderBy("id").execute();
  return { checkIns, guardians };
}
