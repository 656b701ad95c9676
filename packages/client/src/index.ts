/**
 * Provides the typed client of Lectern's API, for Node.js and browsers. The types of all calls come from the OpenAPI document.
 *
 *     const lectern = lecternClient({ url: "https://school.example", token: process.env.LECTERN_KEY });
 *     const { data, error } = await lectern.POST("/api/v1/lessons", { body: { title: "Algebra" } });
 */
import createClient, { type Client } from "openapi-fetch";
import type { components, paths } from "./schema.ts";

export type LecternOptions = {
  /** Origin of the server, without a path. */
  readonly url: string;
  /** An API key or a session token; without one, only public calls work. */
  readonly token?: string | undefined;
  /** Language of error texts, such as `zh-CN`. Default: the browser's, or English. */
  readonly language?: string | undefined;
  /** Replaces the environment's `fetch`. */
  readonly fetch?: (request: Request) => Promise<Response>;
};

/** Problem details (RFC 9457); `code` is stable. */
export type Problem = components["schemas"]["Problem"];
export type Approval = components["schemas"]["Approval"];
export type Examination = components["schemas"]["Examination"];
export type ExamGroup = components["schemas"]["ExamGroup"];
export type ExamWall = components["schemas"]["ExamWall"];
/** A supervisor asks a candidate to talk. */
export type ExamTalkRequested = components["schemas"]["ExamTalkRequested"];
export type SupervisedCandidate = components["schemas"]["SupervisedCandidate"];
export type ExamRegrade = components["schemas"]["ExamRegrade"];
export type ExamAttempt = components["schemas"]["ExamAttempt"];
export type ExamItemAnalysis = components["schemas"]["ExamItemAnalysis"];
export type ExamMarking = components["schemas"]["ExamMarking"];
export type ExamMarkingPlan = components["schemas"]["ExamMarkingPlan"];
export type ExamMarkingProgress = components["schemas"]["ExamMarkingProgress"];
export type MarkingAssignment = components["schemas"]["MarkingAssignment"];
export type NextAnswer = components["schemas"]["NextAnswer"];
export type ExamPaper = components["schemas"]["ExamPaper"];
export type ExamPaperSummary = components["schemas"]["ExamPaperSummary"];
export type ExamResult = components["schemas"]["ExamResult"];
export type WrongAnswer = components["schemas"]["WrongAnswer"];
export type WrongAnswerTopics = components["schemas"]["WrongAnswerTopics"];
export type OwnExamination = components["schemas"]["OwnExamination"];
export type Lesson = components["schemas"]["Lesson"];
export type LessonSeries = components["schemas"]["LessonSeries"];
export type LessonSeriesPreview = components["schemas"]["LessonSeriesPreview"];
export type CalendarEntry = components["schemas"]["CalendarEntry"];
export type Recording = components["schemas"]["Recording"];
export type Download = components["schemas"]["Download"];
export type Member = components["schemas"]["Member"];
export type AddedMembers = components["schemas"]["AddedMembers"];
export type PasswordResetOwner = components["schemas"]["PasswordResetOwner"];
export type SignOnWays = components["schemas"]["SignOnWays"];
export type Provider = components["schemas"]["Provider"];
export type QueuedInvitations = components["schemas"]["QueuedInvitations"];
export type InvitationSlips = components["schemas"]["InvitationSlips"];
export type Import = components["schemas"]["Import"];
export type ImportPreview = components["schemas"]["ImportPreview"];
export type Material = components["schemas"]["Material"];
export type CompositeRecording = components["schemas"]["CompositeRecording"];
export type Joined = components["schemas"]["Joined"];
export type Participant = components["schemas"]["Participant"];
export type Watcher = components["schemas"]["Watcher"];
export type Watching = components["schemas"]["Watching"];
export type Source = components["schemas"]["Source"];
export type CameraDevice = components["schemas"]["CameraDevice"];
export type Forward = components["schemas"]["Forward"];
export type Ladder = components["schemas"]["Ladder"];
export type LadderPreset = components["schemas"]["LadderPreset"];
export type Policy = components["schemas"]["Policy"];
export type PolicyRule = components["schemas"]["PolicyRule"];
/** A rule as it is set; what it leaves out has its default. */
export type NewPolicyRule = paths["/api/v1/policies"]["post"]["requestBody"]["content"]["application/json"]["rules"][number];
export type PolicyTarget = components["schemas"]["PolicyTarget"];
export type AddressList = components["schemas"]["AddressList"];
export type CheckInForm = components["schemas"]["CheckInForm"];
export type CheckIn = components["schemas"]["CheckIn"];
export type QuizBankItem = components["schemas"]["QuizBankItem"];
export type Guardian = components["schemas"]["Guardian"];
export type WordList = components["schemas"]["WordList"];
export type ScoringService = components["schemas"]["ScoringService"];
export type ScoreProposal = components["schemas"]["ScoreProposal"];
export type ContentCheck = components["schemas"]["ContentCheck"];
export type LinkKey = components["schemas"]["LinkKey"];
export type BlockedAddress = components["schemas"]["BlockedAddress"];
export type Degradation = components["schemas"]["Degradation"];
export type Degradations = components["schemas"]["Degradations"];
export type Exemption = components["schemas"]["Exemption"];
export type Probe = components["schemas"]["Probe"];
export type ProbeRun = components["schemas"]["ProbeRun"];
export type View = components["schemas"]["View"];
export type Experience = components["schemas"]["Experience"];
export type Why = components["schemas"]["Why"];
export type DiagnosisVerdict = components["schemas"]["DiagnosisVerdict"];
export type Alarm = components["schemas"]["Alarm"];
export type AlarmRule = components["schemas"]["AlarmRule"];
export type AlarmChannel = components["schemas"]["AlarmChannel"];
export type LessonQuality = components["schemas"]["LessonQuality"];
export type QualityReportRow = components["schemas"]["QualityReportRow"];
export type QualityRule = components["schemas"]["QualityRule"];
export type MakeUp = components["schemas"]["MakeUp"];
export type LessonAnalytics = components["schemas"]["LessonAnalytics"];
export type LessonPerson = components["schemas"]["LessonPerson"];
export type SchoolReportRow = components["schemas"]["SchoolReportRow"];
export type StudentRecord = components["schemas"]["StudentRecord"];
export type StudentLesson = components["schemas"]["StudentLesson"];
export type CatchUpStep = components["schemas"]["CatchUpStep"];
/** How the job of a source or a forward is. */
export type JobState = components["schemas"]["JobState"];

/** Creates a client of one server. A call resolves to `{ data }` or to `{ error }`, a Problem; it rejects only when no answer arrives. */
export function lecternClient({ url, token, language, fetch }: LecternOptions): Client<paths> {
  return createClient<paths>({
    baseUrl: url.replace(/\/+$/, ""),
    headers: {
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(language === undefined ? {} : { "accept-language": language }),
    },
    ...(fetch ? { fetch } : {}),
  });
}
