/**
 * Checks tenancy and roles: every route × role × own or other school. The table below has the intended access; a route that it lacks fails
 * the test.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { newId } from "../packages/server/src/platform/id.ts";
import { openSchool, type TestSchool } from "./school.ts";

/** Operator, Administrator, Teacher, teacher of Nothing here, aSsistant, stUdent, suPervisor (parent), stranGer. */
const ROLES = ["O", "A", "T", "N", "S", "U", "P", "G"] as const;
type Letter = (typeof ROLES)[number];
const ROLE_OF: Readonly<Record<Letter, string>> = {
  O: "operator",
  A: "administrator",
  T: "teacher",
  N: "teacher",
  S: "assistant",
  U: "student",
  P: "supervisor",
  G: "nobody",
};

/**
 * For each role: + allowed, - refused (401 or 403), 0 not there for them (404).
 * The second word is about another school's things; none where the route has no such thing.
 */
const TABLE: Readonly<Record<string, readonly [own: string, other: string | null]>> = {
  //                      OATNSUPG    OATNSUPG
  signIn: ["++++++++", null],
  signOut: ["+++++++-", null],
  getMe: ["+++++++-", null],
  changeMyPassword: ["+++++++-", null],
  createPasswordReset: ["++------", "+0------"],
  requestPasswordReset: ["++++++++", null],
  usePasswordReset: ["++++++++", null],
  listSchools: ["+++++++-", null],
  createSchool: ["+-------", null],
  getSchool: ["+++++++-", "+000000-"],
  changeSchool: ["++------", "+0------"],
  getSpace: ["+++++---", "+0000---"],
  listMySessions: ["+++++++-", null],
  // The session is nobody's.
  endMySession: ["0000000-", null],
  endMyOtherSessions: ["+++++++-", null],
  listUserSessions: ["++------", "+0------"],
  endUserSessions: ["++------", "+0------"],
  listUsers: ["+++++---", "+0000---"],
  createUser: ["++------", "+0------"],
  getUser: ["+++++---", "+0000---"],
  changeUser: ["++------", "+0------"],
  listCourses: ["+++++++-", "+000000-"],
  createCourse: ["++------", "+0------"],
  getCourse: ["+++++++-", "+000000-"],
  changeCourse: ["++------", "+0------"],
  deleteCourse: ["++------", "+0------"],
  listMembers: ["+++++---", "+0000---"],
  putMember: ["++------", "+0------"],
  deleteMember: ["++------", "+0------"],
  listLessons: ["+++++++-", "+000000-"],
  createLesson: ["++++----", "+000----"],
  getLesson: ["+++0+++-", "+000000-"],
  changeLesson: ["+++0----", "+000----"],
  deleteLesson: ["+++0----", "+000----"],
  restoreLesson: ["+++0----", "+000----"],
  startLesson: ["+++0+---", "+0000---"],
  endLesson: ["+++0+---", "+0000---"],
  rotateKey: ["+++0----", "+000----"],
  getInvitation: ["++++++++", "++++++++"],
  // Without the code: those who belong to it.
  joinLesson: ["+++-+++-", "+-------"],
  reportTrouble: ["++++++++", "++++++++"],
  listRecordings: ["+++++++-", "+000000-"],
  getRecording: ["+++0+++-", "+000000-"],
  changeRecording: ["+++0----", "+000----"],
  clipRecording: ["+++0----", "+000----"],
  deleteRecording: ["+++0----", "+000----"],
  restoreRecording: ["+++0----", "+000----"],
  prefetchRecording: ["+++0----", "+000----"],
  notePlace: ["+++0+++-", "+000000-"],
  // Without the code: those who see it.
  linkRecording: ["+++0+++0", "+0000000"],
  listReplays: ["++++++++", "++++++++"],
  recordLesson: ["+++0+---", "+0000---"],
  listParticipants: ["+++0+---", "+0000---"],
  removeParticipant: ["+++0+---", "+0000---"],
  importPeople: ["++------", "+0------"],
  importTimetable: ["++------", "+0------"],
  getImport: ["++------", "+0------"],
  listWebhooks: ["++------", "+0------"],
  createWebhook: ["++------", "+0------"],
  getWebhook: ["++------", "+0------"],
  changeWebhook: ["++------", "+0------"],
  deleteWebhook: ["++------", "+0------"],
  listDeliveries: ["++------", "+0------"],
  replayDelivery: ["++------", "+0------"],
  listApiKeys: ["++------", "+0------"],
  createApiKey: ["++------", "+0------"],
  deleteApiKey: ["++------", "+0------"],
  listAudit: ["++------", "+0------"],
  listAlarms: ["++------", "+0------"],
  listStreams: ["++------", null],
  endStream: ["++------", "+0------"],
  recordStream: ["++------", "+0------"],
  prefetchStream: ["+-------", null],
  listNodes: ["+-------", null],
  drainNode: ["+-------", null],
  undrainNode: ["+-------", null],
  dispatchPlay: ["++++++++", null],
  dispatchPublish: ["++++++++", null],
  getLessonStream: ["+++0+---", "+0000---"],
  createMyCalendar: ["+++++++-", null],
  getCalendar: ["++++++++", null],
};

/** Everything that routes are about, of one school. */
type Things = {
  readonly schoolId: string;
  readonly userId: string;
  /** Without lessons. */
  readonly courseId: string;
  /** The lesson's. */
  readonly lessonCourseId: string;
  readonly lessonId: string;
  readonly code: string;
  /** The lesson's stream. */
  readonly app: string;
  readonly name: string;
  readonly participantId: string;
  readonly recordingId: string;
  readonly importId: string;
  readonly webhookId: string;
  readonly deliveryId: string;
  readonly keyId: string;
};

/** What a call to a route carries, where that is not evident. */
const CALLS: Readonly<
  Record<
    string,
    (
      things: Things,
      unique: string,
    ) => { body?: unknown; csv?: string; query?: string; before?: readonly [method: string, path: string] }
  >
> = {
  endStream: ({ lessonId }) => ({ before: ["POST", `/lessons/${lessonId}/start`] }),
  recordStream: ({ lessonId }) => ({ before: ["POST", `/lessons/${lessonId}/start`], body: { action: "start" } }),
  prefetchStream: () => ({ body: {} }),
  dispatchPlay: () => ({ query: "?stream=live/x" }),
  dispatchPublish: () => ({ query: "?stream=live/x" }),
  restoreLesson: ({ lessonId }) => ({ before: ["DELETE", `/lessons/${lessonId}`] }),
  signIn: () => ({ body: { login: "admin", password: "correct horse" } }),
  changeMyPassword: () => ({ body: { current: "correct horse", password: "correct horse" } }),
  requestPasswordReset: () => ({ body: { login: "nobody" } }),
  usePasswordReset: () => ({ body: { password: "a new one that is long" } }),
  createSchool: (_, unique) => ({ body: { slug: unique, name: unique } }),
  changeSchool: () => ({ body: { guests: true } }),
  listUsers: ({ schoolId }) => ({ query: `?schoolId=${schoolId}` }),
  createUser: ({ schoolId }, unique) => ({ body: { schoolId, login: unique, name: unique } }),
  changeUser: () => ({ body: { name: "Another" } }),
  listCourses: ({ schoolId }) => ({ query: `?schoolId=${schoolId}` }),
  createCourse: ({ schoolId }, unique) => ({ body: { schoolId, name: unique } }),
  changeCourse: () => ({ body: { description: "changed" } }),
  putMember: () => ({ body: { role: "student" } }),
  listLessons: ({ schoolId }) => ({ query: `?schoolId=${schoolId}` }),
  createLesson: ({ schoolId }) => ({ body: { schoolId, title: "A lesson" } }),
  changeLesson: () => ({ body: { title: "Changed" } }),
  joinLesson: () => ({ body: { name: "Somebody" } }),
  reportTrouble: () => ({ body: { state: "reconnecting" } }),
  listRecordings: ({ schoolId }) => ({ query: `?schoolId=${schoolId}` }),
  changeRecording: () => ({ body: { title: "Changed" } }),
  clipRecording: () => ({ body: { from: 0, to: 1 } }),
  restoreRecording: ({ recordingId }) => ({ before: ["DELETE", `/recordings/${recordingId}`] }),
  notePlace: () => ({ body: { seconds: 1 } }),
  listAlarms: ({ schoolId }) => ({ query: `?schoolId=${schoolId}` }),
  recordLesson: () => ({ body: { action: "start" } }),
  importPeople: ({ schoolId }, unique) => ({ query: `?schoolId=${schoolId}`, csv: `login,name\n${unique},Somebody\n` }),
  importTimetable: ({ schoolId }) => ({
    query: `?schoolId=${schoolId}`,
    csv: "date,start,end,title\n2026-11-20,09:00,10:00,Maths\n",
  }),
  listWebhooks: ({ schoolId }) => ({ query: `?schoolId=${schoolId}` }),
  createWebhook: ({ schoolId }) => ({ body: { schoolId, url: "http://127.0.0.1:9/" } }),
  changeWebhook: () => ({ body: { enabled: false } }),
  listApiKeys: ({ schoolId }) => ({ query: `?schoolId=${schoolId}` }),
  createApiKey: ({ schoolId }) => ({ body: { schoolId, name: "key", scopes: ["lessons:read"] } }),
  listAudit: ({ schoolId }) => ({ query: `?schoolId=${schoolId}` }),
};

test("every route does for every role what the table says, in the own school and in another", { timeout: 840_000 }, async (t) => {
  const school = await openSchool(t);
  const { routes, call } = school;
  const missing = routes.map(({ id }) => id).filter((id) => !TABLE[id]);
  assert.deepEqual(missing, [], "routes without an entry in the table");
  const gone = Object.keys(TABLE).filter((id) => !routes.some((route) => route.id === id));
  assert.deepEqual(gone, [], "entries without a route");
  const [own, other] = [await newSchool(school, "own"), await newSchool(school, "other")];
  const wrong: string[] = [];
  let count = 0;
  for (const route of routes) {
    const [forOwn, forOther] = TABLE[route.id]!;
    for (const [i, letter] of ROLES.entries()) {
      for (const [of, wanted, name] of [
        [own, forOwn, "own"],
        [other, forOther, "other"],
      ] as const) {
        if (wanted === null) continue;
        const things = await of.fresh();
        // A person of the own school asks, about either.
        const as = await own.tokenOf(letter, name === "own" ? [things.courseId, things.lessonCourseId] : []);
        const unique = `x${++count}`;
        const { body, csv, query = "", before } = CALLS[route.id]?.(things, unique) ?? {};
        if (before) await call(...before);
        const path = route.path.replace(/:(\w+)/g, (_, key: string) => valueFor(key, things));
        const answer = await call(route.method, path + query, {
          as,
          ...(body === undefined ? {} : { body }),
          ...(csv === undefined ? {} : { csv }),
          ip: `10.1.${count >> 8}.${count & 255}`,
        });
        const got =
          answer.status < 300
            ? "+"
            : answer.status === 404 || answer.status === 410
              ? "0"
              : answer.status < 404 && answer.status > 400
                ? "-"
                : `${answer.status}`;
        const outcome =
          route.id === "usePasswordReset" && got === "0" ? "+" : route.id === "getCalendar" && got === "0" ? "+" : got;
        if (outcome !== wanted[i])
          wrong.push(
            `${route.id} ${ROLE_OF[letter]}(${letter}) ${name}: wanted ${wanted[i]}, got ${answer.status} ${answer.body?.detail ?? ""}`,
          );
      }
    }
  }
  assert.deepEqual(wrong, []);
});

test("an API key does what its scopes say, in its own school, and no more", async (t) => {
  const school = await openSchool(t);
  const { routes, call, ok } = school;
  const own = await newSchool(school, "own");
  const wrong: string[] = [];
  for (const route of routes) {
    if (route.access.roles === "everybody" || !route.access.roles.includes("administrator")) continue;
    const { scope } = route.access;
    const things = await own.fresh();
    const { key: right } = await ok("POST", "/api-keys", { body: { schoolId: own.schoolId, name: "right", scopes: [scope] } });
    const others = routes.flatMap(({ access }) => (access.scope === scope ? [] : [access.scope]));
    const { key: lacking } = await ok("POST", "/api-keys", {
      body: { schoolId: own.schoolId, name: "lacking", scopes: [...new Set(others)] },
    });
    const path = route.path.replace(/:(\w+)/g, (_, key: string) => valueFor(key, things));
    const tried = async (as: string, unique: string) => {
      const { body, csv, query = "", before } = CALLS[route.id]?.(things, unique) ?? {};
      if (before) await call(...before);
      return await call(route.method, path + query, {
        as,
        ...(body === undefined ? {} : { body }),
        ...(csv === undefined ? {} : { csv }),
      });
    };
    const refused = await tried(lacking, `l${route.id.toLowerCase()}`);
    if (refused.status !== 403) wrong.push(`${route.id} without ${scope}: ${refused.status}`);
    // These are for people: a machine has no password, and no calendar.
    const forPeople = [
      "signOut",
      "changeMyPassword",
      "createMyCalendar",
      "notePlace",
      "listMySessions",
      "endMySession",
      "endMyOtherSessions",
    ].includes(route.id);
    // A key gives away no more than it has itself.
    const beyond = route.id === "createApiKey";
    const allowed = await tried(right, `r${route.id.toLowerCase()}`);
    if ((forPeople || beyond ? 403 : route.status) !== allowed.status)
      wrong.push(`${route.id} with ${scope}: ${allowed.status} ${allowed.body?.detail}`);
  }
  assert.deepEqual(wrong, []);
});

function valueFor(key: string, things: Things): string {
  if (key === "token") return "no-such-token";
  if (key === "secret") return "no-such-secret";
  if (key === "nodeId") return "n1";
  if (key === "sessionId") return "0".repeat(26);
  const value = things[key as keyof Things];
  assert.ok(value, `a value for ${key}`);
  return value;
}

async function newSchool(school: TestSchool, slug: string) {
  const { ok, person } = school;
  const { id: schoolId } = await ok("POST", "/schools", { body: { slug, name: slug } });
  const people = new Map<Letter, { id: string; token: string }>();
  for (const letter of ROLES)
    if (letter !== "G") people.set(letter, await person(schoolId, ROLE_OF[letter], `${slug}-${letter}`.toLowerCase()));
  const teacher = people.get("T")!;
  let serial = 0;
  return {
    schoolId,
    tokenOf: async (letter: Letter, courses: readonly string[]): Promise<string | null> => {
      if (letter === "G") return null;
      const { id, token } = people.get(letter)!;
      const role = ROLE_OF[letter];
      // Those of the course belong to the courses that are just asked about.
      if (["T", "S", "U", "P"].includes(letter))
        for (const courseId of courses) await ok("PUT", `/courses/${courseId}/members/${id}`, { body: { role } });
      // A change of the password has ended the session.
      const login = `${slug}-${letter}`.toLowerCase();
      const { status } = await school.call("GET", "/me", { as: token });
      if (status === 200) return token;
      const renewed = await ok("POST", "/sessions", {
        as: null,
        body: { login, password: "correct horse", ...(role === "operator" ? {} : { school: slug }) },
      });
      people.set(letter, { id, token: renewed.token });
      return renewed.token;
    },
    /** New things, so that one call's deleting does not disturb the next. */
    fresh: async (): Promise<Things> => {
      const unique = `${slug}-${++serial}`;
      const { id: userId } = await ok("POST", "/users", { body: { schoolId, login: unique, name: unique } });
      const { id: courseId } = await ok("POST", "/courses", { body: { schoolId, name: unique } });
      const { id: lessonCourseId } = await ok("POST", "/courses", { body: { schoolId, name: `${unique} with lessons` } });
      await ok("PUT", `/courses/${courseId}/members/${userId}`, { body: { role: "student" } });
      const { id: webhookId } = await ok("POST", "/webhooks", { body: { schoolId, url: "http://127.0.0.1:9/" } });
      const lesson = await ok("POST", "/lessons", {
        body: { schoolId, title: unique, courseId: lessonCourseId, teacherId: teacher.id },
      });
      const joined = await ok("POST", `/lessons/${lesson.code}/join`, { as: null, body: { name: "Guest" } });
      const { id: importId } = await ok("POST", `/imports/people?schoolId=${schoolId}`, {
        csv: `login,name\n${unique}i,Imported\n`,
      });
      const recordingId = newId();
      await school.service.recordingUpdated({
        ...{ id: recordingId, app: lesson.stream.app, name: lesson.stream.name, epoch: "e", startedAt: Date.now() },
        ...{ seconds: 1, bytes: 1, whole: true, files: [] },
      });
      const { items } = await ok("GET", `/webhooks/${webhookId}/deliveries`);
      await ok("PATCH", `/webhooks/${webhookId}`, { body: { enabled: false } });
      const { id: keyId } = await ok("POST", "/api-keys", { body: { schoolId, name: unique, scopes: ["lessons:read"] } });
      return {
        schoolId,
        userId,
        courseId,
        lessonCourseId,
        lessonId: lesson.id,
        code: lesson.code,
        app: lesson.stream.app,
        name: lesson.stream.name,
        participantId: joined.viewer,
        recordingId,
        importId,
        webhookId,
        deliveryId: items[0].id,
        keyId,
      };
    },
  };
}
