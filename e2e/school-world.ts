/** Provides two schools with people of every role, for tests of who may do what. Rows are written directly, because thousands of calls need fresh ones. Long because it is one list of rows. */
import { newId } from "../packages/server/src/platform/id.ts";
import { hashSecret, newSecret } from "../packages/server/src/platform/secrets.ts";
import { json } from "../packages/server/src/platform/store/store.ts";
import type { Database } from "../packages/server/src/school/foundation/store/tables.ts";
import { newLessonRow } from "../packages/server/src/school/lessons/lesson-row.ts";
import { hashPassword } from "../packages/server/src/school/people/accounts/password.ts";
import { freshAlarm } from "./fresh-alarm.ts";
import { freshApprovals } from "./fresh-approvals.ts";
import { freshBoard } from "./fresh-board.ts";
import { freshCheckIn } from "./fresh-check-in.ts";
import { freshExams } from "./fresh-exams.ts";
import { freshMaterials } from "./fresh-materials.ts";
import { type ResourceTable, resourceRows } from "./fresh-resources.ts";
import { freshSeries } from "./fresh-series.ts";
import { freshStreamJobs } from "./fresh-stream-jobs.ts";
import { freshView } from "./fresh-view.ts";
import { PASSWORD } from "./school.ts";

/** Operator, Administrator, Teacher, teacher of Nothing here, aSsistant, stUdent, suPervisor (parent), stranGer. */
export const LETTERS = ["O", "A", "T", "N", "S", "U", "P", "G"] as const;
export type Letter = (typeof LETTERS)[number];
export const ROLE_OF = {
  O: "operator",
  A: "administrator",
  T: "teacher",
  N: "teacher",
  S: "assistant",
  U: "student",
  P: "supervisor",
} as const;
type Person = keyof typeof ROLE_OF;
/** Those who belong to the courses. */
const MEMBERS = { T: "teacher", S: "assistant", U: "student", P: "supervisor" } as const;

/** What the paths of routes name, of one school: what `NAMES` has, and a row of each other resource (`fresh-resources.ts`). */
export type Things = Readonly<Record<(typeof NAMES)[number], string>>;
const NAMES = [
  "schoolId",
  "archivedSchoolId",
  "userId",
  "courseId",
  "emptyCourseId",
  "lessonId",
  "binnedLessonId",
  "lessonSeriesId",
  "calendarEntryId",
  "code",
  "app",
  "name",
  "participantId",
  "quizId",
  "paperId",
  "freePaperId",
  "examinationId",
  "draftExaminationId",
  "attemptId",
  "regradeId",
  "examCode",
  "examGroupId",
  "itemId",
  "materialId",
  "failedMaterialId",
  "openMaterialId",
  "waitingId",
  "watcherId",
  "guardianId",
  "formId",
  "recordingId",
  "binnedRecordingId",
  "importId",
  "sourceId",
  "forwardId",
  "ladderId",
  "viewId",
  "linkKeyId",
  "degradationId",
  "exemptionId",
  "policyId",
  "listId",
  "uploadId",
  "contentCheckId",
  "scoringServiceId",
  "alarmId",
  "alarmChannelId",
  "alarmRuleId",
  "approvalId",
  "entryId",
  "webhookId",
  "deliveryId",
  "keyId",
  "providerId",
  "platformId",
  "token",
  "secret",
  "publishKey",
  "webhookSecret",
  "streamSecret",
] as const;

export type SchoolWorld = {
  readonly schoolId: string;
  readonly people: Readonly<Record<Person, string>>;
  /** New things, so that what one call deletes is there for the next. */
  readonly fresh: () => Promise<Things>;
  /** A session of a person, whose password is PASSWORD; null for a stranger. @param isFresh one that nobody else uses */
  readonly signIn: (letter: Letter, isFresh: boolean) => Promise<string | null>;
  /** A new API key of the school. */
  readonly key: (scopes: readonly string[]) => Promise<string>;
};

/** @param resources of the API: each has a row among the fresh things */
export async function openWorld(db: Database, slug: string, resources: readonly ResourceTable[]): Promise<SchoolWorld> {
  const rowsOf = await resourceRows(db, resources, NAMES);
  const schoolId = newId();
  const place = { time_zone: "UTC", guests: true, admin_networks: json<readonly string[]>([]) };
  await db
    .insertInto("schools")
    .values({ id: schoolId, slug, name: slug, ...place })
    .execute();
  const hash = await hashPassword(PASSWORD);
  const people: Record<Person, string> = { O: newId(), A: newId(), T: newId(), N: newId(), S: newId(), U: newId(), P: newId() };
  const letters = Object.keys(people) as Person[];
  await db
    .insertInto("users")
    .values(letters.map((letter) => personRow(people[letter], letter === "O" ? null : schoolId, ROLE_OF[letter], hash)))
    .execute();
  const tokens = new Map<Letter, string>();
  return {
    schoolId,
    people,
    fresh: async () => await rowsOf(schoolId, await freshThings(db, schoolId, people)),
    signIn: async (letter, isFresh) => {
      if (letter === "G") return null;
      const known = tokens.get(letter);
      if (known !== undefined && !isFresh) return known;
      const token = newSecret();
      // The last session may be used for what ends it.
      if (isFresh) tokens.delete(letter);
      else tokens.set(letter, token);
      const [seen_at, expires_at] = [new Date(), new Date(Date.now() + 3_600_000)];
      if (isFresh) await db.updateTable("users").set({ password_hash: hash }).where("id", "=", people[letter]).execute();
      await db
        .insertInto("sessions")
        .values({ token_hash: hashSecret(token), user_id: people[letter], ip: "10.0.0.1", agent: "", seen_at, expires_at })
        .execute();
      return token;
    },
    key: (scopes) => insertKey(db, schoolId, scopes),
  };
}

/** @param schoolId null: a key of the platform */
export async function insertKey(db: Database, schoolId: string | null, scopes: readonly string[]): Promise<string> {
  const key = `lk_${newSecret()}`;
  const row = { id: newId(), school_id: schoolId, name: "key", secret_hash: hashSecret(key), created_by: "test" };
  await db
    .insertInto("api_keys")
    .values({ ...row, scopes: json<readonly string[]>(scopes) })
    .execute();
  return key;
}

function personRow(id: string, school_id: string | null, role: (typeof ROLE_OF)[Person], password_hash: string | null) {
  return { id, school_id, login: id, name: `The ${role} ${id}`, email: null, role, password_hash, calendar_secret: null };
}

async function freshThings(db: Database, school_id: string, people: Readonly<Record<Person, string>>): Promise<Things> {
  const id = Object.fromEntries(NAMES.map((name) => [name, newId()])) as Record<keyof Things, string>;
  const secret = newSecret();
  const archived = { time_zone: "UTC", guests: true, admin_networks: json<readonly string[]>([]), archived_at: new Date() };
  await db
    .insertInto("schools")
    .values({ id: id.archivedSchoolId, slug: id.archivedSchoolId, name: "Archived", ...archived })
    .execute();
  await db
    .insertInto("users")
    .values({ ...personRow(id.userId, school_id, "student", null), calendar_secret: secret })
    .execute();
  const courses = [id.courseId, id.emptyCourseId];
  await db
    .insertInto("courses")
    .values(courses.map((course) => ({ id: course, school_id, name: course, description: "" })))
    .execute();
  const members = (Object.keys(MEMBERS) as (keyof typeof MEMBERS)[]).map((letter) => ({
    user_id: people[letter],
    role: MEMBERS[letter],
  }));
  const membership = db
    .insertInto("course_members")
    .values(
      courses.flatMap((course_id) =>
        [...members, { user_id: id.userId, role: "student" as const }].map((row) => ({ course_id, ...row })),
      ),
    )
    .execute();
  const token = newSecret();
  const reset = { token_hash: hashSecret(token), user_id: id.userId, expires_at: new Date(Date.now() + 3_600_000) };
  const [lesson, examCode] = await Promise.all([
    freshLessons(db, school_id, id, people.T),
    freshExams(db, school_id, id),
    membership,
    freshRest(db, school_id, id),
    freshCheckIn(db, school_id, id),
    freshSeries(db, school_id, id),
    db.insertInto("password_resets").values(reset).execute(),
  ]);
  return {
    ...id,
    ...lesson,
    examCode,
    schoolId: school_id,
    token,
    secret,
    webhookSecret: webhookSecret(id),
    streamSecret: streamSecret(id),
  };
}

/** A lesson that waits, one in the bin, and one that is live. */
async function freshLessons(db: Database, schoolId: string, id: Record<keyof Things, string>, teacherId: string) {
  const row = newLessonRow({
    schoolId,
    title: "A lesson",
    courseId: id.courseId,
    teacherId,
    startsAt: null,
    endsAt: null,
    mode: "broadcast",
    record: false,
    guests: true,
  });
  const live = { ...newLessonRow({ ...row, ...camel(row) }), state: "live" as const };
  const binned = { ...newLessonRow({ ...row, ...camel(row) }), id: id.binnedLessonId, deleted_at: new Date() };
  await db
    .insertInto("lessons")
    .values([{ ...row, id: id.lessonId, deleted_at: null }, { ...live, deleted_at: null }, binned])
    .execute();
  const now = new Date();
  const recordings = freshRecordings(db, schoolId, id);
  await db
    .insertInto("participants")
    .values(
      [id.participantId, id.waitingId].map((participant) => ({
        id: participant,
        lesson_id: id.lessonId,
        user_id: null,
        name: "Guest",
        role: "guest" as const,
        by_code: true,
        token_hash: null,
        joined_at: now,
        seen_at: now,
        waiting_since: participant === id.waitingId ? now : null,
      })),
    )
    .execute();
  const question = {
    type: "boolean" as const,
    text: "Ready?",
    options: json([]),
    correct: null,
    explanation: null,
    anonymous: false,
  };
  await db
    .insertInto("quizzes")
    .values({ ...question, id: id.quizId, lesson_id: id.lessonId, state: "open", person_salt: null, opened_at: now })
    .execute();
  await db
    .insertInto("quiz_bank")
    .values({
      ...question,
      correct: json(true),
      id: id.itemId,
      school_id: schoolId,
      course_id: id.courseId,
      seconds: null,
      tags: json([]),
    })
    .execute();
  const watched = { from_at: now, to_at: new Date(now.getTime() + 3_600_000), chat: false, participant_id: null };
  await db
    .insertInto("watchers")
    .values({ ...watched, id: id.watcherId, lesson_id: id.lessonId, child_id: null, name: "Parent", secret_hash: id.watcherId })
    .execute();
  await db.insertInto("lesson_invitations").values({ lesson_id: id.lessonId, user_id: id.userId }).execute();
  await recordings;
  await freshStreamJobs(db, schoolId, id, { stream: streamSecret(id), webhook: webhookSecret(id) });
  await freshView(db, schoolId, id);
  await freshMaterials(db, schoolId, teacherId, id);
  await freshBoard(db, id.lessonId);
  await freshAlarm(db, schoolId, id, streamSecret(id));
  return { code: row.code, publishKey: row.publish_key, app: live.stream_app, name: live.stream_name };
}

/** In the addresses of the source and the forward, and of the link key. */
function streamSecret({ lessonId }: { readonly lessonId: string }): string {
  return `secret-of-${lessonId}`;
}

function webhookSecret({ webhookId }: { readonly webhookId: string }): string {
  return `secret of ${webhookId}`;
}

function camel(row: ReturnType<typeof newLessonRow>) {
  return { schoolId: row.school_id, courseId: row.course_id, teacherId: row.teacher_id, startsAt: null, endsAt: null };
}

async function freshRecordings(db: Database, school_id: string, id: Record<keyof Things, string>): Promise<void> {
  const row = {
    school_id,
    lesson_id: id.lessonId,
    app: "live",
    epoch: "e",
    title: "A recording",
    started_at: new Date(),
    seconds: 10,
    bytes: 1,
    whole: true,
    files: json<readonly string[]>([]),
    published: true,
    chapters: json([]),
  };
  await db
    .insertInto("recordings")
    .values([
      { ...row, id: id.recordingId, name: id.recordingId, deleted_at: null },
      { ...row, id: id.binnedRecordingId, name: id.binnedRecordingId, deleted_at: new Date() },
    ])
    .execute();
}

/** Long because it is a list: a row of each further table. */
async function freshRest(db: Database, school_id: string, id: Record<keyof Things, string>): Promise<void> {
  await freshApprovals(db, school_id, id.approvalId, id.entryId);
  await db
    .insertInto("providers")
    .values({
      id: id.providerId,
      school_id,
      name: "Provider",
      issuer: "https://login.invalid",
      client_id: "x",
      client_secret: "",
      scopes: "openid",
      role_claim: "",
      role_map: json({}),
      default_role: null,
      course_claim: "",
      enabled: true,
    })
    .execute();
  await db
    .insertInto("lti_platforms")
    .values({
      id: id.platformId,
      school_id,
      name: "Platform",
      issuer: "https://moodle.invalid",
      client_id: id.platformId,
      deployment_ids: json<readonly string[]>(["1"]),
      origins: json<readonly string[]>([]),
      grades: true,
      enabled: true,
      login_url: "https://moodle.invalid/login",
      grant_url: "https://moodle.invalid/token",
      keys_url: "https://moodle.invalid/keys",
    })
    .execute();
  const now = new Date();
  await db
    .insertInto("imports")
    .values({
      id: id.importId,
      school_id,
      kind: "people",
      state: "done",
      rows_total: 0,
      rows_done: 0,
      errors: json([]),
      created_by: "x",
    })
    .execute();
  // Disabled, so that it sends nothing by itself. A school may have only so many.
  await db.deleteFrom("webhooks").where("school_id", "=", school_id).execute();
  await db
    .insertInto("webhooks")
    .values({
      id: id.webhookId,
      school_id,
      url: "http://127.0.0.1:9/",
      events: json([]),
      secret: webhookSecret(id),
      enabled: false,
    })
    .execute();
  const delivery = {
    webhook_id: id.webhookId,
    event: "lesson.created",
    body: "{}",
    state: "dead" as const,
    attempts: 1,
    next_at: now,
  };
  await db
    .insertInto("deliveries")
    .values({ id: id.deliveryId, ...delivery })
    .execute();
  const key = {
    name: "a key",
    secret_hash: hashSecret(id.keyId),
    scopes: json<readonly string[]>(["lessons:read"]),
    created_by: "test",
  };
  await db
    .insertInto("api_keys")
    .values({ id: id.keyId, school_id, ...key })
    .execute();
}
