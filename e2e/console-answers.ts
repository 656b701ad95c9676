/** Collects what the API says to every page of the console, by the role of who uses it: the person, their school, and lists with nothing in them. */
import type { components, operations } from "../packages/client/src/schema.ts";
import { newId } from "../packages/server/src/platform/id.ts";
import type { Answers } from "./served-answers.ts";

type Schemas = components["schemas"];
type Role = Schemas["User"]["role"];
type Me = operations["getMe"]["responses"][200]["content"]["application/json"];

const HOUR_MS = 3_600_000;
const CREATED_AT = "2026-09-01T00:00:00.000Z";
const CHANGED = { createdAt: CREATED_AT, updatedAt: CREATED_AT, version: 1 };

export const SCHOOL: Schemas["School"] = {
  id: newId(),
  slug: "first",
  name: "First school",
  timeZone: "Asia/Shanghai",
  guests: true,
  adminNetworks: [],
  keepDays: 0,
  keepBytes: 0,
  quotaBytes: 0,
  passwordSignIn: true,
  secondFactor: false,
  idleMinutes: 0,
  keepAuditDays: 0,
  keepNamesDays: 0,
  viewDetails: "names",
  lessonRanking: true,
  guestConsent: "",
  accent: null,
  logo: null,
  ladder: null,
  ladderStart: null,
  deletingSince: null,
  archivedAt: null,
  createdAt: CREATED_AT,
  version: 1,
};

/** A lesson of the school, an hour long until now. */
export function endedLesson(id: string, title: string): Schemas["Lesson"] {
  const stream = `lesson-${id}`;
  const host = "school.example";
  return {
    id,
    schoolId: SCHOOL.id,
    courseId: null,
    teacherId: null,
    seriesId: null,
    occurrence: null,
    isEdited: false,
    title,
    mode: "broadcast",
    state: "ended",
    startsAt: null,
    endsAt: null,
    startedAt: new Date(Date.now() - HOUR_MS).toISOString(),
    endedAt: new Date().toISOString(),
    publisherLeftAt: null,
    endedBy: "hand",
    record: false,
    captions: false,
    guests: true,
    locked: false,
    waitingRoom: false,
    openToSchool: false,
    capacity: null,
    code: "AAAABBBB",
    joinUrl: `https://${host}/j/AAAABBBB`,
    stream: {
      app: "live",
      name: stream,
      publishKey: "a-key",
      rtmpUrl: `rtmp://${host}/live/${stream}`,
      srtUrl: null,
      whipUrl: `https://${host}/live/${stream}/whip`,
    },
    play: {
      flv: `https://${host}/live/${stream}.flv`,
      hls: `https://${host}/live/${stream}.m3u8`,
      whep: `https://${host}/live/${stream}/whep`,
      rtmp: `rtmp://${host}/live/${stream}`,
      srt: null,
    },
    ladder: null,
    ladderStart: null,
    deletedAt: null,
    externalId: null,
    ...CHANGED,
  };
}

/** Somebody with this role, whose name has it. */
function me(role: Role): Me {
  const schoolId = role === "operator" ? null : SCHOOL.id;
  const user: Schemas["User"] = {
    id: newId(),
    schoolId,
    login: role,
    name: `Wang ${role}`,
    email: null,
    role,
    externalId: null,
    hasPassword: true,
    disabledAt: null,
    signedInAt: CREATED_AT,
    invitedAt: null,
    ...CHANGED,
  };
  return { kind: "user", name: user.name, role, schoolId, user, needsSecondFactor: false };
}

/** One page of a list, which is all of it. */
export function listOf<Item>(items: Item[]): { items: Item[]; nextCursor: null } {
  return { items, nextCursor: null };
}

/** What every page of the console asks. */
export function consoleAnswers(role: Role) {
  return {
    getMe: me(role),
    getBrand: { school: SCHOOL.name, accent: null, logo: null },
    listSchools: listOf([SCHOOL]),
    listApprovals: listOf([]),
  } satisfies Answers;
}

/** What the first page asks on a day on which nothing happens. */
export const QUIET_HOME = {
  listAlarms: listOf([]),
  listWebhooks: listOf([]),
  listStreams: listOf([]),
  listLessons: listOf([]),
  listUsers: listOf([]),
} satisfies Answers;

/** What the studio asks of a lesson in which nobody was, besides the lesson. */
export const QUIET_STUDIO = {
  listRecordings: listOf([]),
  listAttendance: listOf([]),
  getBoard: { pages: 0, wasShown: false },
  listInvited: listOf([]),
  listWatchers: listOf([]),
  listParticipants: listOf([]),
  listRoomPeople: { ...listOf([]), version: 1, count: 0, left: [], again: false },
  listLessonForwards: listOf([]),
  getLessonStream: { stream: null, members: [], attempts: [] },
} satisfies Answers;
