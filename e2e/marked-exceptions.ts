/** Says which operations and fields the test of stored scripts leaves out, and why. */
import type { Body } from "./lesson-client.ts";
import type { Hints } from "./marked-school.ts";

const SIGN_IN = "signs in or proves, and stores no text";
const LIVE = "needs a live stream";
const WIDE = "acts on what others need, or on other nodes";
/** Operations that are not called, with the reason. */
export const SKIPPED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    [
      ...["signIn", "proveMyself", "beginMySecondFactor", "renewRecoveryCodes", "turnOffMySecondFactor", "confirmMySecondFactor"],
      ...["signInWithPasskey", "addMyPasskey", "renameMyPasskey", "beginSignOn", "finishSignOn", "beginLaunch", "finishLaunch"],
      ...["changeMyPassword", "solveChallenge", "askScreen", "admitScreen", "watch", "answerDeepLinking"],
    ].map((id) => [id, SIGN_IN]),
  ),
  ...Object.fromEntries(
    ["recordLesson", "recordStream", "prefetchStream", "prefetchRecording", "clipRecording"].map((id) => [id, LIVE]),
  ),
  ...Object.fromEntries(["beginLoadTest", "endLoadTests", "releaseAddress", "eraseUser", "askForEntry"].map((id) => [id, WIDE])),
  createRoomEntry: "its kinds are not in the document: what is said is written by itself (`marked-school.ts`)",
  readSamlMetadata: "answers with what was sent, and stores nothing",
  explainAccess: "answers with what was sent, and stores nothing",
  mailAccountInvitations: "the server of the test sends no mail",
  openExamStreams: "takes a candidate's token",
  answerExamTalk: "takes a candidate's token",
  talkWithExamCandidate: "takes no text",
  readOwnExamFile: "takes a candidate's token",
  readExamResult: "takes a candidate's token",
  readExamResultFile: "takes a candidate's token",
  createScoringService: "a school has one, which is changed",
  createPolicy: "its texts are those of changePolicy",
  putFourEyes: "needs two administrators",
  practiseWrongAnswer: "needs an answer that was wrong",
  markWrongAnswer: "needs an answer that was wrong",
  changeTranscriptLine: "needs a transcript",
  putMyCheckIn: "its fields are those of the form, and not in the document",
  giveMarking: "needs an answer to be marked",
  putMarkingPlan: "takes ids of questions",
  regradeExamination: "takes ids of questions",
  addBankQuestionsToPaper: "takes ids of questions",
  setLogo: "takes a picture",
  putMember: "takes a role",
  changeFollowingLessons: "needs a day on which the series has a lesson; its fields are those of the series",
  changeExamAttempt: "needs an attempt that runs",
  changeSupervisedCandidate: "needs an attempt that runs",
  changeScimUser: "takes operations of RFC 7644; the fields are those of users",
  changeScimGroup: "takes operations of RFC 7644; the fields are those of courses",
};
const without =
  (...names: readonly string[]) =>
  (body: Body): Body =>
    Object.fromEntries(Object.entries(Object(body)).filter(([name]) => !names.includes(name)));
const QUIZ = { single: [0], multiple: [0], boolean: true, number: { value: 1, tolerance: 0 } } as const;
/** A question of the bank has what its type wants. */
const quizItem = (body: Body): Body => {
  const { options = [], type = "single", ...rest } = body;
  const hasOptions = type === "single" || type === "multiple";
  const correct = type === "text" ? { correct: [String(rest.text)] } : { correct: QUIZ[type as keyof typeof QUIZ] };
  return { ...rest, type, ...correct, ...(hasOptions ? { options: [...options, "another"] } : { options: [] }) };
};
const lesson = without("courseId", "capacity", "ladder", "ladderStart", "endsAt", "captions", "externalId");
const series = (body: Body): Body => ({
  ...without("ladder", "ladderStart", "capacity", "endsOn", "courseId", "timeZone")(body),
  weekly: [{ days: [1], from: "09:00", to: "10:00" }],
  count: 2,
});
const scim = (name: "userName" | "displayName") => (body: Body) => ({
  displayName: Object(body)[name] ?? "x",
  [name]: `scim-${Date.now()}`,
});

/** What the document cannot say of a body. */
export const HINTS: Hints = {
  createLesson: lesson,
  changeLesson: lesson,
  createLessonSeries: series,
  changeLessonSeries: ({ title }) => ({ title }),
  changeFollowingLessons: series,
  createQuizBankItem: quizItem,
  changeQuizBankItem: quizItem,
  createSource: ({ title }) => ({ title, name: "marked", addresses: ["rtmp://127.0.0.1:9/live/x"] }),
  createUser: (body) => ({ ...body, role: "student" }),
  changeProvider: ({ name }) => ({ name }),
  changeSchool: ({ name, guestConsent }) => ({ name, guestConsent }),
  createLtiPlatform: without("origins"),
  createCameraDevice: (body) => ({ ...without("password")(body), code: "34020000001320000001" }),
  upsertCourse: without("members", "ladder", "ladderStart"),
  upsertLesson: without("courseExternalId", "teacherExternalId", "ladder", "ladderStart"),
  createAddressList: without("url", "file", "refreshSeconds", "source"),
  changeAddressList: without("url", "file", "refreshSeconds"),
  createExemption: without("until"),
  createDegradation: without("until", "schoolId", "lessonId"),
  createAlarmChannel: (body) => ({ ...without("onCall", "quiet")(body), secret: "0123456789abcdef" }),
  changeAlarmChannel: without("onCall", "quiet"),
  clipRecording: (body) => ({ ...body, from: 0, to: 5 }),
  changeExamination: ({ title, accessCode }) => ({ title, accessCode }),
  createScimUser: scim("userName"),
  createScimGroup: scim("displayName"),
};
/** Pages that may have nothing to show of what was stored, as the person and the address. */
export const MAY_BE_EMPTY: readonly RegExp[] = [
  /\/(?:import|analytics|record|mistakes|why|explain|refusals|protection|degradation|nodes|none|jobs|quality|make-ups|approvals|appearance)$/,
  /\/(?:why|streams|embed|reset|marking)\//,
  /^[GPU] \/console\/?/,
  /^P /,
];
