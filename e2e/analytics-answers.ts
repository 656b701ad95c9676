/**
 * Defines what the API says of attendance and watching, for the pages of analytics: an hour that Anna left early and Ben stayed in, and a school's
 * month.
 */
import type { components } from "../packages/client/src/schema.ts";
import { newId } from "../packages/server/src/platform/id.ts";
import { consoleAnswers, listOf, SCHOOL } from "./console-answers.ts";
import type { Answers } from "./served-answers.ts";

type Schemas = components["schemas"];
type Person = Schemas["LessonPerson"];

const MINUTE_MS = 60_000;
const LESSON_MINUTES = 60;
const DAY_MS = 86_400_000;
const START = Date.now() - 3 * LESSON_MINUTES * MINUTE_MS;
const at = (minute: number): string => new Date(START + minute * MINUTE_MS).toISOString();

const STUDENT = { role: "student", questions: 0, hands: 0, answers: 1 };
const ANNA: Person = {
  ...STUDENT,
  id: newId(),
  userId: newId(),
  name: "Anna",
  presentMs: 20 * MINUTE_MS,
  watchedMs: 20 * MINUTE_MS,
  lines: 3,
  correct: 1,
  interactions: 4,
};
const BEN: Person = {
  ...STUDENT,
  id: newId(),
  userId: newId(),
  name: "Ben",
  presentMs: 60 * MINUTE_MS,
  watchedMs: 60 * MINUTE_MS,
  lines: 0,
  correct: 0,
  interactions: 1,
};

function lessonOf(lessonId: string, ranking: boolean): Schemas["LessonAnalytics"] {
  const watched = { sessions: 2, watchedMs: 80 * MINUTE_MS };
  return {
    lessonId,
    title: "Fractions",
    startedAt: at(0),
    endedAt: at(LESSON_MINUTES),
    expected: 2,
    came: 2,
    people: 2,
    presentMs: 80 * MINUTE_MS,
    viewers: 2,
    ...watched,
    stallMs: 0,
    peak: 2,
    lines: 3,
    questions: 0,
    hands: 0,
    answers: 2,
    minutes: Array.from({ length: LESSON_MINUTES }, (_, i) => ({ at: at(i), present: i < 20 ? 2 : 1, watching: i < 20 ? 2 : 1 })),
    replays: [
      {
        recordingId: newId(),
        title: "Fractions",
        seconds: 150,
        chapters: [{ seconds: 60, title: "Decimals" }],
        playedMs: 90_000,
        minutes: [1, 2.5, 0],
      },
    ],
    by: {
      device: [{ name: "phone", ...watched }],
      engine: [{ name: "flv", ...watched }],
      carrier: [{ name: "", ...watched }],
      region: [],
    },
    ranking,
  };
}

/** Anna's term: one lesson that she left early, of which there is no recording, and one that she can watch. */
function recordOf(userId: string): { readonly record: Schemas["StudentRecord"]; readonly lessons: Schemas["StudentLesson"][] } {
  const own = { presentMs: ANNA.presentMs, watchedMs: ANNA.watchedMs, quizzes: 1, answered: 1, graded: 1, correct: 1, stars: 2 };
  const [left, recorded, recordingId] = [newId(), newId(), newId()];
  const step = { course: "Mathematics", why: "missed" as const, chapter: null, fromSeconds: 0, startedAt: at(0) };
  return {
    record: {
      userId,
      name: "Anna",
      from: new Date(START - 183 * DAY_MS).toISOString(),
      to: new Date().toISOString(),
      lessons: 2,
      attended: 0,
      partly: 1,
      missed: 1,
      caughtUp: 0,
      ...own,
      replayMs: 0,
      catchUp: [
        { ...step, lessonId: left, lesson: "Angles", recordingId: null, seconds: 2400, path: null },
        {
          ...step,
          lessonId: recorded,
          lesson: "Fractions",
          recordingId,
          seconds: 150,
          path: `/console/record?recording=${recordingId}&at=0`,
        },
      ],
    },
    lessons: [
      {
        lessonId: left,
        title: "Angles",
        courseId: null,
        course: "Mathematics",
        startedAt: at(0),
        endedAt: at(LESSON_MINUTES),
        outcome: "partly",
        ...own,
        recordings: [],
      },
    ],
  };
}

const MONTH: Schemas["SchoolReportRow"] = {
  key: "",
  name: "",
  lessons: 2,
  viewers: 2,
  watchedMs: 80 * MINUTE_MS,
  people: 2,
  presentMs: 80 * MINUTE_MS,
  peak: 2,
  interactions: 5,
  stallRatio: 0,
  completionRate: 1,
};

/** What a teacher and an administrator read. */
export function analyticsAnswers(role: "teacher" | "administrator") {
  const lessonId = newId();
  const school = { ...SCHOOL };
  const { record, lessons } = recordOf(ANNA.userId ?? "");
  const today = new Date().toISOString().slice(0, 10);
  const courseId = newId();
  const answers = {
    ...consoleAnswers(role),
    readLessonAnalytics: () => lessonOf(lessonId, school.lessonRanking ?? false),
    rankLesson: ({ query: { by } }) => listOf(by === "interaction" ? [ANNA, BEN] : [BEN, ANNA]),
    readStudentRecord: record,
    listStudentLessons: listOf(lessons),
    readSchoolAnalytics: ({ query: { by } }) => ({
      items: [by === "day" ? { ...MONTH, key: today, name: today } : { ...MONTH, key: courseId, name: "Mathematics" }],
    }),
    listSchools: () => listOf([school]),
    listLadders: { ...listOf([]), presets: [] },
    getSpace: { bytes: 0, quotaBytes: 0 },
    getFourEyes: { erase: false, publish: false, operatorEntry: false },
    getSchool: () => school,
    changeSchool: ({ body: { lessonRanking = true } }) => Object.assign(school, { lessonRanking }),
  } satisfies Answers;
  return { lessonId, answers, school };
}
