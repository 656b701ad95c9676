/**
 * Who may do what: every route × every role, in the own school and in another, and every route × every scope of API keys. The calls are made from
 * the routes themselves; a route that the table lacks fails the test.
 * Shares a process.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { wholeDocument } from "../packages/client/src/make.ts";
import { lacks, SCOPES, type Scope } from "../packages/server/src/access/actor.ts";
import { hashSecret } from "../packages/server/src/platform/secrets.ts";
import type { Database } from "../packages/server/src/school/foundation/store/tables.ts";
import { SCOPES_OF_ROLE } from "../packages/server/src/school/people/accounts/account-rights.ts";
import type { TestSchool } from "./school.ts";
import { onEachDatabase, suiteScope } from "./school-databases.ts";
import type { AnyRoute } from "./school-requests.ts";
import { actorOf, cellName, openRights, type Rights, send, settled, tryRefused } from "./school-rights.ts";
import { insertKey, LETTERS, type Letter, type SchoolWorld, type Things } from "./school-world.ts";

/**
 * For each role: + allowed, - refused (401 or 403), 0 not there for them (404).
 * The second word is about another school's things; none where the route has no such thing.
 */
const TABLE: Readonly<Record<string, readonly [own: string, other: string | null]>> = {
  //                      OATNSUPG    OATNSUPG
  signIn: ["++++++++", null],
  signOut: ["+++++++-", null],
  getChallenge: ["++++++++", null],
  // No solution.
  solveChallenge: ["--------", null],
  getMe: ["+++++++-", null],
  listMySessions: ["+++++++-", null],
  // The session is nobody's.
  endMySession: ["0000000-", null],
  endMyOtherSessions: ["+++++++-", null],
  listUserSessions: ["++------", "+0------"],
  endUserSessions: ["++------", "+0------"],
  changeMyPassword: ["+++++++-", null],
  createPasswordReset: ["++------", "+0------"],
  requestPasswordReset: ["++++++++", null],
  getPasswordReset: ["++++++++", null],
  usePasswordReset: ["++++++++", null],
  listSchools: ["+++++++-", null],
  createSchool: ["+-------", null],
  getSchool: ["+++++++-", "+000000-"],
  changeSchool: ["++------", "+0------"],
  getBrand: ["++++++++", null],
  // There is none.
  getLogo: ["00000000", "00000000"],
  setLogo: ["++------", "+0------"],
  deleteLogo: ["++------", "+0------"],
  getSpace: ["+++++---", "+0000---"],
  // Without a password or a code.
  proveMyself: ["--------", null],
  getMySecondFactor: ["+++++++-", null],
  beginMySecondFactor: ["+++++++-", null],
  // A wrong code.
  confirmMySecondFactor: ["--------", null],
  // None of them has a second factor.
  renewRecoveryCodes: ["0000000-", null],
  turnOffMySecondFactor: ["0000000-", null],
  removeSecondFactor: ["++------", "+0------"],
  askForPasskey: ["++++++++", null],
  // Nobody's passkey.
  signInWithPasskey: ["--------", null],
  listMyPasskeys: ["+++++++-", null],
  askForNewPasskey: ["+++++++-", null],
  addMyPasskey: ["--------", null],
  // The passkey is nobody's.
  renameMyPasskey: ["0000000-", null],
  removeMyPasskey: ["0000000-", null],
  listSignOn: ["++++++++", null],
  // The provider and the response are nobody's.
  beginSignOn: ["00000000", null],
  finishSignOn: ["--------", null],
  // The provider is nobody's.
  getServiceMetadata: ["00000000", null],
  listMyIdentities: ["+++++++-", null],
  // The link is nobody's.
  unlinkIdentity: ["0000000-", null],
  listProviders: ["++------", "+0------"],
  createProvider: ["++------", "+0------"],
  changeProvider: ["++------", "+0------"],
  deleteProvider: ["++------", "+0------"],
  testProvider: ["00------", null],
  readSamlMetadata: ["++------", null],
  listLtiPlatforms: ["++------", "+0------"],
  createLtiPlatform: ["++------", "+0------"],
  changeLtiPlatform: ["++------", "+0------"],
  deleteLtiPlatform: ["++------", "+0------"],
  testLtiPlatform: ["00------", null],
  getLtiKeys: ["++++++++", null],
  getLtiTool: ["++++++++", null],
  // The platform, the flow, the session and the ticket are nobody's.
  beginLaunch: ["--------", null],
  finishLaunch: ["--------", null],
  moveSession: ["--------", null],
  answerDeepLinking: ["--------", null],
  listUsers: ["+++++---", "+0000---"],
  createUser: ["++------", "+0------"],
  getUser: ["+++++---", "+0000---"],
  changeUser: ["++------", "+0------"],
  upsertUser: ["++------", "+0------"],
  upsertUsers: ["++------", "+0------"],
  // A person has the own data.
  getPersonArchive: ["++00000-", "+000000-"],
  eraseUser: ["++------", "+0------"],
  eraseParticipant: ["++------", "+0------"],
  listApprovals: ["+++++---", "+0000---"],
  getApproval: ["++000---", "+0000---"],
  // The operator's token has asked.
  approveApproval: ["-+000---", "-0000---"],
  refuseApproval: ["-+000---", "-0000---"],
  withdrawApproval: ["--000---", "-0000---"],
  endEntry: ["-+000---", "-0000---"],
  getFourEyes: ["+++++---", "+0000---"],
  putFourEyes: ["++------", "+0------"],
  // The school lets operators in without asking.
  askForEntry: ["+-------", "+-------"],
  upsertCourse: ["++------", "+0------"],
  upsertCourses: ["++------", "+0------"],
  upsertLesson: ["++------", "+0------"],
  upsertLessons: ["++------", "+0------"],
  deleteSchool: ["+-------", "+-------"],
  // The server allows none.
  beginLoadTest: ["--------", null],
  endLoadTests: ["--------", null],
  getScimConfig: ["++------", null],
  listScimResourceTypes: ["++------", null],
  getScimResourceType: ["++------", null],
  listScimSchemas: ["++------", null],
  getScimSchema: ["++------", null],
  listScimUsers: ["++------", "+0------"],
  createScimUser: ["++------", "+0------"],
  getScimUser: ["++------", "+0------"],
  replaceScimUser: ["++------", "+0------"],
  changeScimUser: ["++------", "+0------"],
  deleteScimUser: ["++------", "+0------"],
  listScimGroups: ["++------", "+0------"],
  createScimGroup: ["++------", "+0------"],
  getScimGroup: ["++------", "+0------"],
  replaceScimGroup: ["++------", "+0------"],
  changeScimGroup: ["++------", "+0------"],
  deleteScimGroup: ["++------", "+0------"],
  listCourses: ["+++++++-", "+000000-"],
  createCourse: ["++------", "+0------"],
  getCourse: ["+++++++-", "+000000-"],
  changeCourse: ["++------", "+0------"],
  deleteCourse: ["++------", "+0------"],
  listMembers: ["+++++---", "+0000---"],
  // Without a mail server.
  mailAccountInvitations: ["++------", "+0------"],
  createInvitationSlips: ["++------", "+0------"],
  readArrivals: ["++------", "+0------"],
  // The list names nobody of the school.
  addMembers: ["++------", "+0------"],
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
  rotateCode: ["+++0----", "+000----"],
  listLessonSeries: ["++++----", "+000----"],
  previewLessonSeries: ["++++----", "+000----"],
  createLessonSeries: ["++++----", "+000----"],
  getLessonSeries: ["+++0----", "+000----"],
  changeLessonSeries: ["+++0----", "+000----"],
  changeFollowingLessons: ["+++0----", "+000----"],
  endLessonSeries: ["+++0----", "+000----"],
  deleteLessonSeries: ["+++0----", "+000----"],
  listCalendarEntries: ["+++++---", "+0000---"],
  createCalendarEntry: ["++------", "+0------"],
  getCalendarEntry: ["+++++---", "+0000---"],
  changeCalendarEntry: ["++------", "+0------"],
  deleteCalendarEntry: ["++------", "+0------"],
  getInvitation: ["++++++++", "++++++++"],
  // Without the code: those who belong to it.
  joinLesson: ["+++-+++-", "+-------"],
  createScreen: ["++++++++", null],
  // No television has this secret, and none shows this code.
  askScreen: ["00000000", null],
  admitScreen: ["00000000", "00000000"],
  reportTrouble: ["++++++++", "++++++++"],
  // Only those who see the lesson report, and only themselves.
  reportTamper: ["+++0+++0", "+0000000"],
  listRecordings: ["+++++++-", "+000000-"],
  getRecording: ["+++0+++-", "+000000-"],
  changeRecording: ["+++0----", "+000----"],
  clipRecording: ["+++0----", "+000----"],
  deleteRecording: ["+++0----", "+000----"],
  restoreRecording: ["+++0----", "+000----"],
  prefetchRecording: ["+++0----", "+000----"],
  noteResumePosition: ["+++0+++-", "+000000-"],
  getTranscript: ["+++0+++-", "+000000-"],
  getTranscriptFile: ["+++0+++-", "+000000-"],
  // Its lesson had no captions.
  changeTranscriptLine: ["0000----", "0000----"],
  // Without the code: those who see it.
  linkRecording: ["+++0+++0", "+0000000"],
  orderDownload: ["+++0+++0", "+0000000"],
  // The download is nobody's.
  getDownload: ["00000000", "00000000"],
  cancelDownload: ["00000000", "00000000"],
  // Its lesson has shown no page.
  orderBoardVideo: ["+++0+---", "+0000---"],
  getBoardVideo: ["+++0+++-", "+000000-"],
  cancelBoardVideo: ["+++0+---", "+0000---"],
  // The lesson is no small one.
  orderCompositeRecording: ["+++0+---", "+0000---"],
  getCompositeRecording: ["+++0+---", "+0000---"],
  cancelCompositeRecording: ["+++0+---", "+0000---"],
  listReplays: ["++++++++", "++++++++"],
  recordLesson: ["+++0+---", "+0000---"],
  listParticipants: ["+++0+---", "+0000---"],
  admitParticipant: ["+++0+---", "+0000---"],
  removeParticipant: ["+++0+---", "+0000---"],
  readmitParticipant: ["+++0+---", "+0000---"],
  listQuizzes: ["+++0+---", "+0000---"],
  listQuizAnswers: ["+++0+---", "+0000---"],
  exportQuizzes: ["+++0+---", "+0000---"],
  listMaterials: ["++++----", "+000----"],
  createMaterial: ["++++----", "+000----"],
  // A teacher's own.
  getMaterial: ["+++0+---", "+0000---"],
  changeMaterial: ["+++0----", "+000----"],
  deleteMaterial: ["+++0----", "+000----"],
  retryMaterial: ["+++0----", "+000----"],
  getMaterialUpload: ["+++0----", "+000----"],
  sendMaterialPart: ["+++0----", "+000----"],
  // The material is used in the lesson that the assistant assists in.
  getMaterialPage: ["+++0+---", "+0000---"],
  getMaterialPicture: ["+++0+---", "+0000---"],
  listLessonMaterials: ["+++0+---", "+0000---"],
  putLessonMaterial: ["+++0----", "+000----"],
  removeLessonMaterial: ["+++0----", "+000----"],
  listQuizBank: ["+++++---", "+0000---"],
  createQuizBankItem: ["++++----", "+000----"],
  importQuizBank: ["++++----", "+000----"],
  exportQuizBank: ["+++++---", "+0000---"],
  getQuizBankItem: ["+++++---", "+0000---"],
  // A question of the course.
  changeQuizBankItem: ["+++-----", "+000----"],
  deleteQuizBankItem: ["+++-----", "+000----"],
  listExamPapers: ["++++----", "+000----"],
  createExamPaper: ["++++----", "+000----"],
  // Of the course.
  getExamPaper: ["+++0----", "+000----"],
  changeExamPaper: ["+++0----", "+000----"],
  // An examination that is not published uses it.
  deleteExamPaper: ["+++0----", "+000----"],
  addBankQuestionsToPaper: ["+++0----", "+000----"],
  importExamQuestions: ["+++0----", "+000----"],
  exportExamPaper: ["+++0----", "+000----"],
  addPaperFile: ["+++0----", "+000----"],
  // The paper has no such file.
  getPaperFile: ["0000----", "0000----"],
  listExaminations: ["++++----", "+000----"],
  createExamination: ["++++----", "+000----"],
  getExamination: ["+++0----", "+000----"],
  getExaminationPaper: ["+++0----", "+000----"],
  changeExamination: ["+++0----", "+000----"],
  deleteExamination: ["+++0----", "+000----"],
  publishExamination: ["+++0----", "+000----"],
  releaseExamination: ["+++0----", "+000----"],
  getExamInvitation: ["++++++++", "++++++++"],
  // Those who belong to the course.
  enterExamination: ["--+-++--", "--------"],
  listMyExaminations: ["+++++++-", null],
  listExamAttempts: ["+++0----", "+000----"],
  getExamAttempt: ["+++0----", "+000----"],
  changeExamAttempt: ["+++0----", "+000----"],
  deleteExamAttempt: ["+++0----", "+000----"],
  // No phone, and no device, has this token.
  openExamStreams: ["00000000", "00000000"],
  listExamGroups: ["+++0----", "+000----"],
  createExamGroup: ["+++0----", "+000----"],
  getExamGroup: ["+++0----", "+000----"],
  changeExamGroup: ["+++0----", "+000----"],
  deleteExamGroup: ["+++0----", "+000----"],
  listSupervisedExaminations: ["+++++-+-", null],
  // Neither the assistant nor the supervisor has a group.
  getExamWall: ["+++00-0-", "+0000-0-"],
  getSupervisedCandidate: ["+++00-0-", "+0000-0-"],
  messageExamCandidates: ["+++00-0-", "+0000-0-"],
  noteExamCandidate: ["+++00-0-", "+0000-0-"],
  changeSupervisedCandidate: ["+++00-0-", "+0000-0-"],
  talkWithExamCandidate: ["+++00-0-", "+0000-0-"],
  endTalkWithExamCandidate: ["+++00-0-", "+0000-0-"],
  // No device has this token.
  answerExamTalk: ["00000000", "00000000"],
  listExamMarking: ["+++0----", "+000----"],
  putExamMark: ["+++0----", "+000----"],
  getMarkingPlan: ["+++0----", "+000----"],
  putMarkingPlan: ["+++0----", "+000----"],
  getMarkingProgress: ["+++0----", "+000----"],
  listAnswerMarkings: ["+++0----", "+000----"],
  listMarkingAssignments: ["+++++---", null],
  // Nobody is named, so those mark who work with the examination.
  getMarkingAssignment: ["+++00---", "+0000---"],
  takeNextAnswer: ["+++00---", "+0000---"],
  giveMarking: ["+++00---", "+0000---"],
  undoMarking: ["+++00---", "+0000---"],
  renewMarking: ["+++00---", "+0000---"],
  giveBackAnswer: ["+++00---", "+0000---"],
  getMarkingComments: ["+++++---", null],
  putMarkingComments: ["+++++---", null],
  regradeExamination: ["+++0----", "+000----"],
  listExamRegrades: ["+++0----", "+000----"],
  listExamScoreChanges: ["+++0----", "+000----"],
  // None of them has sat it.
  readExamResult: ["0000000-", "0000000-"],
  // The attempt has no file.
  getExamAnswerFile: ["00000---", "00000---"],
  getExamPaperFile: ["00000---", "00000---"],
  readOwnExamFile: ["0000000-", "0000000-"],
  exportExamResults: ["+++0----", "+000----"],
  analyseExamination: ["+++0----", "+000----"],
  listWatchers: ["+++0+---", "+0000---"],
  createWatcher: ["+++0+---", "+0000---"],
  revokeWatcher: ["+++0+---", "+0000---"],
  // The link is nobody's.
  watch: ["00000000", null],
  listProbes: ["++------", "+0------"],
  createProbe: ["++------", "+0------"],
  changeProbe: ["++------", "+0------"],
  deleteProbe: ["++------", "+0------"],
  runProbe: ["++------", "+0------"],
  listProbeRuns: ["++------", "+0------"],
  listViews: ["++------", "+0------"],
  readView: ["+++0+---", "+0000---"],
  explainView: ["+++0+---", "+0000---"],
  readLessonExperience: ["+++0+---", "+0000---"],
  explainLesson: ["+++0+---", "+0000---"],
  readExperience: ["++------", "+0------"],
  readViewSchema: ["++++++++", null],
  // Of a lesson; what belongs to no lesson is the operators'.
  readHistory: ["+++0+---", "+0000---"],
  listSeriesSubjects: ["++------", null],
  readLessonQuality: ["+++0+---", "+0000---"],
  getQualityRule: ["++------", "+0------"],
  putQualityRule: ["++------", "+0------"],
  listMakeUps: ["++------", "+0------"],
  exportMakeUps: ["++------", "+0------"],
  decideMakeUp: ["++------", "+0------"],
  readQualityReport: ["++------", "+0------"],
  exportQualityReport: ["++------", "+0------"],
  recomputeReports: ["++------", "+0------"],
  readLessonAnalytics: ["+++0+---", "+0000---"],
  rankLesson: ["+++0+---", "+0000---"],
  exportLessonAnalytics: ["+++0+---", "+0000---"],
  readSchoolAnalytics: ["++------", "+0------"],
  exportSchoolAnalytics: ["++------", "+0------"],
  listCourseResults: ["+++++---", "+0000---"],
  readStudentRecord: ["+++0+0--", "+00000--"],
  listWrongAnswers: ["+++0+0--", "+00000--"],
  countWrongAnswers: ["+++0+0--", "+00000--"],
  // The wrong answer is nobody's.
  practiseWrongAnswer: ["-----0--", null],
  markWrongAnswer: ["-----0--", null],
  listStudentLessons: ["+++0+0--", "+00000--"],
  exportStudentLessons: ["+++0+0--", "+00000--"],
  listGuardians: ["++------", "+0------"],
  addGuardian: ["++------", "+0------"],
  removeGuardian: ["++------", "+0------"],
  listCheckInForms: ["+++++++-", "+000000-"],
  createCheckInForm: ["++------", "+0------"],
  changeCheckInForm: ["++------", "+0------"],
  deleteCheckInForm: ["++------", "+0------"],
  getMyCheckIn: ["+++++++-", "+000000-"],
  putMyCheckIn: ["-----+--", "-----0--"],
  listCheckIns: ["+++++---", "+0000---"],
  exportCheckIns: ["+++++---", "+0000---"],
  getRoom: ["+++0+++-", "+000000-"],
  listRoomEntries: ["+++0+++0", "+0000000"],
  // The student and the supervisor have not joined.
  createRoomEntry: ["+++0+---", "+000000-"],
  exportRoom: ["+++0+---", "+0000---"],
  getBoard: ["+++0+---", "+0000---"],
  listEarlierBoards: ["+++0+---", "+0000---"],
  getBoardPdf: ["+++0+---", "+0000---"],
  listRoomPeople: ["+++0+---", "+0000---"],
  listAttendance: ["+++0+---", "+0000---"],
  exportLessonAttendance: ["+++0+---", "+0000---"],
  listSignins: ["+++0+---", "+0000---"],
  listInvited: ["+++0----", "+000----"],
  invite: ["+++0----", "+000----"],
  uninvite: ["+++0----", "+000----"],
  importPeople: ["++------", "+0------"],
  importTimetable: ["++------", "+0------"],
  previewPeopleImport: ["++------", "+0------"],
  previewTimetableImport: ["++------", "+0------"],
  importOneRosterUsers: ["++------", "+0------"],
  importOneRosterClasses: ["++------", "+0------"],
  importOneRosterEnrollments: ["++------", "+0------"],
  getImport: ["++------", "+0------"],
  undoImport: ["++------", "+0------"],
  listSources: ["++++----", "+000----"],
  createSource: ["++------", "+0------"],
  getSource: ["+++0----", "+000----"],
  changeSource: ["++------", "+0------"],
  deleteSource: ["++------", "+0------"],
  listCameraDevices: ["++------", "+0------"],
  createCameraDevice: ["++------", "+0------"],
  getCameraDevice: ["++------", "+0------"],
  changeCameraDevice: ["++------", "+0------"],
  deleteCameraDevice: ["++------", "+0------"],
  listForwards: ["++------", "+0------"],
  listLessonForwards: ["+++0----", "+000----"],
  createForward: ["+++0----", "+000----"],
  getForward: ["+++0----", "+000----"],
  changeForward: ["+++0----", "+000----"],
  deleteForward: ["+++0----", "+000----"],
  listLadders: ["++++----", "+000----"],
  createLadder: ["++------", "+0------"],
  getLadder: ["++++----", "+000----"],
  changeLadder: ["++------", "+0------"],
  deleteLadder: ["++------", "+0------"],
  listPolicies: ["++++----", "+000----"],
  createPolicy: ["++------", "+0------"],
  getEffectivePolicy: ["+++0----", "+000----"],
  explainAccess: ["+++0----", "+000----"],
  countRefusals: ["++------", "+0------"],
  listRefusedRequests: ["++------", "+0------"],
  getPolicy: ["+++0----", "+000----"],
  changePolicy: ["++------", "+0------"],
  deletePolicy: ["++------", "+0------"],
  listAddressLists: ["++++----", "+000----"],
  createAddressList: ["++------", "+0------"],
  getAddressList: ["++++----", "+000----"],
  changeAddressList: ["++------", "+0------"],
  deleteAddressList: ["++------", "+0------"],
  getAddressListEntries: ["++------", "+0------"],
  putAddressListEntries: ["++------", "+0------"],
  createListUpload: ["++------", "+0------"],
  getListUpload: ["++------", "+0------"],
  sendListPart: ["++------", "+0------"],
  deleteListUpload: ["++------", "+0------"],
  changeAddressListEntries: ["++------", "+0------"],
  listWordLists: ["++++----", "+000----"],
  createWordList: ["++------", "+0------"],
  getWordList: ["++++----", "+000----"],
  changeWordList: ["++------", "+0------"],
  deleteWordList: ["++------", "+0------"],
  listContentChecks: ["++------", "+0------"],
  createContentCheck: ["++------", "+0------"],
  getContentCheck: ["++------", "+0------"],
  changeContentCheck: ["++------", "+0------"],
  deleteContentCheck: ["++------", "+0------"],
  listHeldTexts: ["+++0+---", "+0000---"],
  listLinkKeys: ["++------", "+0------"],
  createLinkKey: ["++------", "+0------"],
  getLinkKey: ["++------", "+0------"],
  changeLinkKey: ["++------", "+0------"],
  deleteLinkKey: ["++------", "+0------"],
  getProtection: ["+-------", null],
  getDegradation: ["+-------", null],
  createDegradation: ["+-------", null],
  deleteDegradation: ["+-------", null],
  releaseAddress: ["+-------", null],
  listExemptions: ["+-------", null],
  createExemption: ["+-------", null],
  deleteExemption: ["+-------", null],
  listWebhooks: ["++------", "+0------"],
  createWebhook: ["++------", "+0------"],
  getWebhook: ["++------", "+0------"],
  changeWebhook: ["++------", "+0------"],
  deleteWebhook: ["++------", "+0------"],
  rotateWebhookSecret: ["++------", "+0------"],
  listDeliveries: ["++------", "+0------"],
  replayDelivery: ["++------", "+0------"],
  listApiKeys: ["++------", "+0------"],
  createApiKey: ["++------", "+0------"],
  rotateApiKey: ["++------", "+0------"],
  deleteApiKey: ["++------", "+0------"],
  listAudit: ["++------", "+0------"],
  verifyAudit: ["++------", "+0------"],
  exportAudit: ["++------", "+0------"],
  exportAuditCsv: ["++------", "+0------"],
  exportParticipants: ["++++----", "+000----"],
  exportParticipantsCsv: ["++++----", "+000----"],
  exportAttendance: ["++++----", "+000----"],
  exportAttendanceCsv: ["++++----", "+000----"],
  listAlarms: ["++------", "+0------"],
  getAlarm: ["++------", "+0------"],
  acknowledgeAlarm: ["++------", "+0------"],
  listAlarmRules: ["+-------", null],
  createAlarmRule: ["+-------", null],
  getAlarmRule: ["+-------", null],
  changeAlarmRule: ["+-------", null],
  deleteAlarmRule: ["+-------", null],
  listAlarmChannels: ["++------", "+0------"],
  createAlarmChannel: ["++------", "+0------"],
  getAlarmChannel: ["++------", "+0------"],
  changeAlarmChannel: ["++------", "+0------"],
  deleteAlarmChannel: ["++------", "+0------"],
  testAlarmChannel: ["++------", "+0------"],
  listStreams: ["++------", null],
  listJobs: ["++------", null],
  listNodeComponents: ["+-------", null],
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

/** Only people can do these. */
const FOR_PEOPLE = [
  "approveApproval",
  "refuseApproval",
  "withdrawApproval",
  "endEntry",
  "signOut",
  "changeMyPassword",
  "createMyCalendar",
  "listMyExaminations",
  "noteResumePosition",
  "listMySessions",
  "endMySession",
  "endMyOtherSessions",
  "proveMyself",
  "listMyIdentities",
  "unlinkIdentity",
  "getMySecondFactor",
  "beginMySecondFactor",
  "confirmMySecondFactor",
  "renewRecoveryCodes",
  "turnOffMySecondFactor",
  "askForPasskey",
  "signInWithPasskey",
  "listMyPasskeys",
  "askForNewPasskey",
  "addMyPasskey",
  "renameMyPasskey",
  "removeMyPasskey",
  "beginSignOn",
  "finishSignOn",
  "createProvider",
  "changeProvider",
  "deleteProvider",
  "testProvider",
  "readSamlMetadata",
  "createLtiPlatform",
  "changeLtiPlatform",
  "deleteLtiPlatform",
  "testLtiPlatform",
  "beginLaunch",
  "finishLaunch",
  "moveSession",
  "answerDeepLinking",
  // A wrong solution; a key needs no clearance.
  "solveChallenge",
  // People mark answers.
  "takeNextAnswer",
  "giveMarking",
  "undoMarking",
  "renewMarking",
  "giveBackAnswer",
  "getMarkingComments",
  "putMarkingComments",
  // People talk.
  "talkWithExamCandidate",
];
/** These give rights or take access away, so a key needs the rights that it gives: those of a student, and of the key that is made. */
const GIVING_RIGHTS = [
  "removeSecondFactor",
  "endUserSessions",
  "deleteApiKey",
  "createUser",
  "upsertUser",
  "changeUser",
  "createPasswordReset",
  "createInvitationSlips",
  "putMember",
  "createApiKey",
  "rotateApiKey",
  "eraseUser",
];
/** Of lessons of another mode, and of those that have shown a page. */
const OF_OTHER_LESSONS = ["orderCompositeRecording", "orderBoardVideo"];
/** Who marks the question is told that the answer is not theirs: it was not taken before. */
const NOT_TAKEN = ["giveMarking", "undoMarking", "renewMarking"];
/** Nobody supervises the examination, and who could is told so. */
const WITHOUT_SUPERVISION = ["talkWithExamCandidate"];
/** The school sends no mail, and says so to who may send it. */
const WITHOUT_MAIL = ["mailAccountInvitations"];
/** The school lets operators in without asking, and says so to who may ask. */
const NOT_NEEDED = ["askForEntry"];
/** Its process keeps the room of a lesson in memory, which no database undoes: each call has a lesson of its own. */
const KEPT_IN_MEMORY = ["createRoomEntry"];
/** Routes that are open to everybody may change something with a scope to read: a stranger may do the same. */
const OPEN_CHANGES = [
  "joinLesson",
  "enterExamination",
  "openExamStreams",
  "answerExamTalk",
  "readExamResult",
  "readOwnExamFile",
  "reportTrouble",
  "reportTamper",
  "watch",
  "createScreen",
  "askScreen",
  "admitScreen",
];

/** Whose access these may change, by the words of docs/security.md: a directory's, with its scope, and who deletes a course without lessons. */
const TRUSTED: Readonly<Record<string, readonly Letter[]>> = {
  deleteScimUser: ["T"],
  deleteScimGroup: ["A", "T"],
  deleteCourse: ["A", "T"],
};

/** By table, what decides who gets in of a school's staff, as text. */
async function doorsOf(db: Database, { schoolId, people }: SchoolWorld): Promise<Readonly<Record<string, string>>> {
  const staff = [people.A, people.T];
  const rows = {
    users: db
      .selectFrom("users")
      .select(["id", "login", "role", "password_hash", "email", "disabled_at", "erased_at", "school_id"]),
    sessions: db.selectFrom("sessions").select(["id", "user_id", "proven_at", "provider_id"]),
    factors: db.selectFrom("second_factors").select(["user_id", "secret", "confirmed_at"]),
    passkeys: db.selectFrom("passkeys").select(["id", "user_id"]),
    courses: db.selectFrom("course_members").select(["course_id", "user_id", "role"]).where("role", "in", ["teacher", "assistant"]),
    resets: db.selectFrom("password_resets").select(["user_id", "token_hash"]),
  };
  const of = {
    users: "id",
    sessions: "user_id",
    factors: "user_id",
    passkeys: "user_id",
    courses: "user_id",
    resets: "user_id",
  } as const;
  const entries = Object.entries(rows).map(async ([name, query]): Promise<[string, string]> => {
    const found = await (query as typeof rows.courses).where(of[name as keyof typeof of] as "user_id", "in", staff).execute();
    return [name, JSON.stringify(found.map((row) => JSON.stringify(row)).toSorted())];
  });
  const providers = await db.selectFrom("providers").selectAll().where("school_id", "=", schoolId).orderBy("id").execute();
  const school = await db
    .selectFrom("schools")
    .select(["slug", "admin_networks", "archived_at", "idle_minutes", "deleting_since", "four_eyes_entry"])
    .where("id", "=", schoolId)
    .executeTakeFirst();
  const keys = db.selectFrom("api_keys").select(["id", "secret_hash", "scopes", "expires_at"]).where("school_id", "=", schoolId);
  // Not those that a call has made.
  const many = (await keys.orderBy("id").execute()).filter(({ scopes }) => scopes.length === SCOPES.length);
  return {
    ...Object.fromEntries(await Promise.all(entries)),
    providers: JSON.stringify(providers),
    school: JSON.stringify(school),
    keys: JSON.stringify(many),
  };
}

onEachDatabase((_open, openStore) => {
  const suite = suiteScope();
  let rights: Rights;
  before(async () => {
    rights = await openRights(suite, await openStore());
  });

  test("the table has every route of the API, and no other", () => {
    const ids = rights.school.routes.map(({ id }) => id).sort();
    assert.deepEqual(Object.keys(TABLE).sort(), ids);
    const documented = Object.values(wholeDocument()["paths"] as Record<string, Record<string, { operationId: string }>>)
      .flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId))
      .sort();
    assert.deepEqual(ids, documented, "the routes of this test are those of the server");
  });

  test("every route refuses who lacks a role or a credential, as `lacks` decides; a refused call changes nothing", async (t) => {
    const { school, ownThings, people } = rights;
    const answers = { "sign-in": [401, "not-signed-in"], role: [403, "refused-by-rule"] } as const;
    let calls = 0;
    const wrong = await tryRefused(rights, async (route) => {
      const mistakes: string[] = [];
      for (const lack of ["sign-in", "role"] as const) {
        const letter = LETTERS.find((one) => lacks(people[one].actor, route.access) === lack);
        if (!letter) continue;
        const { status, text } = await send(school, route, ownThings, people[letter].token);
        const [wanted, code] = answers[lack];
        calls++;
        if (status !== wanted || !text.includes(`"code":"${code}"`))
          mistakes.push(`${cellName(route, letter, true)}: lacks ${lack}, got ${status} ${text.slice(0, 200)}`);
      }
      return mistakes;
    });
    assert.deepEqual(wrong, []);
    t.diagnostic(`${calls} calls`);
  });

  test("every route does for every role what the table says, in the own school and in another; a refused call changes nothing", async (t) => {
    const { school, attempt, own, other, people } = rights;
    const cells = school.routes.flatMap((route) => cellsOf(rights, route));
    // The others have the answer of `lacks`, which the API asks before the route.
    const decided = cells.filter(({ lack }) => lack !== null);
    const wrong = decided.flatMap((cell) =>
      cell.wanted === "-" ? [] : [`${nameOf(cell)}: wanted ${cell.wanted}, lacks ${cell.lack}`],
    );
    const requested = Map.groupBy(
      cells.filter(({ lack }) => lack === null),
      ({ route }) => route,
    );
    const tryAllowed = async (cell: Cell): Promise<void> => {
      // A session may end by what is done in it.
      const token = await own.signIn(cell.letter, true);
      const fresh = KEPT_IN_MEMORY.includes(cell.route.id) ? { things: await (cell.isOwn ? own : other).fresh() } : {};
      wrong.push(...(await trial(school, { ...cell, ...fresh }, token)));
      await settled(school.service.db);
    };
    wrong.push(
      ...(await tryRefused(rights, async (route) => {
        const refused = requested.get(route)?.filter(({ wanted }) => wanted !== "+") ?? [];
        return (await Promise.all(refused.map((cell) => trial(school, cell, people[cell.letter].token)))).flat();
      })),
    );
    for (const [route, all] of requested) {
      const allowed = all.filter(({ wanted }) => wanted === "+");
      if (route.method === "GET")
        await attempt(async () => {
          for (const cell of allowed) wrong.push(...(await trial(school, cell, people[cell.letter].token)));
        });
      else for (const cell of allowed) await attempt(() => tryAllowed(cell));
    }
    assert.deepEqual(wrong, []);
    t.diagnostic(`${cells.length} cells: ${decided.length} decided by \`lacks\`, ${cells.length - decided.length} by requests`);
  });

  test("an API key does what its scopes say, and never shows a secret without the scope of that secret", async () => {
    const { school, attempt, own, ownThings: things } = rights;
    const { db } = school.service;
    const having = new Map<Scope, string>();
    const without = new Map<Scope, string>();
    const platform = new Map<Scope, string>();
    for (const scope of SCOPES) {
      const others = SCOPES.filter((one) => one !== scope);
      having.set(scope, await own.key([scope]));
      without.set(scope, await own.key(others));
      platform.set(scope, await insertKey(db, null, others));
    }
    const actors = await Promise.all([...having].map(async ([scope, key]) => ({ scope, actor: await actorOf(school, key) })));
    const wrong = await tryRefused(rights, async (route) => {
      const { scope } = route.access;
      const mistakes = actors
        .filter((one) => one.scope !== scope && lacks(one.actor, route.access) === null)
        .map((one) => `${route.id} with only ${one.scope}: lacks nothing`);
      for (const key of [without.get(scope), platform.get(scope)]) {
        const { status } = await send(school, route, things, key ?? "");
        if (status !== 403) mistakes.push(`${route.id} without ${scope}: ${status}`);
      }
      return mistakes;
    });
    for (const route of school.routes) {
      const { roles, scope } = route.access;
      if (roles !== "everybody" && !roles.includes("administrator")) continue;
      const needed = route.id.endsWith("ApiKey") ? ["lessons:read"] : SCOPES_OF_ROLE.student;
      const { status, text } = await attempt(async () => {
        const key = GIVING_RIGHTS.includes(route.id) ? await own.key([scope, ...needed]) : (having.get(scope) ?? "");
        const answer = await send(school, route, KEPT_IN_MEMORY.includes(route.id) ? await own.fresh() : things, key);
        await settled(db);
        return answer;
      });
      // Without a person's account behind it, joining by id is for guests with the code.
      const isForPeople = [...FOR_PEOPLE, "joinLesson", "enterExamination", "admitScreen"].includes(route.id);
      // A key is nobody who watches, and no download, watcher's link or session of a player is its own. The school has no logo, no provider of SAML, and no file of an answer.
      const isNobodys = [
        "reportTamper",
        "getDownload",
        "cancelDownload",
        "changeTranscriptLine",
        "watch",
        "getLogo",
        "getServiceMetadata",
        "readExamResult",
        "readOwnExamFile",
        "getExamAnswerFile",
        "getPaperFile",
        "getExamPaperFile",
        "openExamStreams",
        "answerExamTalk",
      ].includes(route.id);
      // A class has no picture of a small lesson, and its lesson has shown no page.
      const isRefused = [...OF_OTHER_LESSONS, ...WITHOUT_MAIL].includes(route.id);
      // The server allows no load tests.
      const isOff = ["beginLoadTest", "endLoadTests"].includes(route.id);
      // No television waits.
      const hasExpired = route.id === "askScreen";
      const expected = isForPeople || isOff ? 403 : isNobodys ? 404 : isRefused ? 409 : hasExpired ? 410 : route.status;
      if (status !== expected) wrong.push(`${route.id} with ${scope}: ${status} ${text}`);
      for (const [secret, of] of [
        [things.publishKey, "publish-keys:write"],
        [things.webhookSecret, "webhook-secrets:write"],
      ] as const)
        if (scope !== of && text.includes(secret)) wrong.push(`${route.id} with ${scope} shows a secret`);
      if (text.includes(things.streamSecret)) wrong.push(`${route.id} with ${scope} shows the secret of an address`);
    }
    assert.deepEqual(wrong, []);
  });

  test("no change by a key with a student's scopes and its own touches what lets staff in: accounts, sessions, second factors, keys, providers, settings, courses", async (t) => {
    const { school, attempt, own, ownThings } = rights;
    const { db } = school.service;
    const strong = await own.key([...SCOPES]);
    const keys = db.selectFrom("api_keys").select("id").where("secret_hash", "=", hashSecret(strong));
    const { id: keyId } = await keys.executeTakeFirstOrThrow();
    const [wrong, tried]: [string[], Set<string>] = [[], new Set()];
    for (const route of school.routes.filter(({ method }) => method !== "GET"))
      for (const person of /userId|scimUserId/.test(route.path) ? (["A", "T"] as const) : (["T"] as const))
        await attempt(async () => {
          const fresh = KEPT_IN_MEMORY.includes(route.id) ? await own.fresh() : ownThings;
          const key = await own.key([...new Set([...SCOPES_OF_ROLE.student, route.access.scope])]);
          const before = await doorsOf(db, own);
          await send(school, route, { ...fresh, userId: own.people[person], keyId }, key);
          await settled(db);
          const after = await doorsOf(db, own);
          const changed = Object.keys(before).filter((door) => after[door] !== before[door]);
          if (changed.length > 0 && !TRUSTED[route.id]?.includes(person))
            wrong.push(`${route.id} of ${person}: ${changed.join(", ")}`);
          tried.add(route.id);
        });
    assert.deepEqual(wrong, []);
    t.diagnostic(`${tried.size} routes`);
  });

  test("a key manages accounts of a role only with every scope of that role", async () => {
    const { school, own } = rights;
    const { call, service, ok } = school;
    const ids = { ...own.people };
    const roleOf = { A: "administrator", T: "teacher", S: "assistant", U: "student", P: "supervisor" } as const;
    for (const [letter, role] of Object.entries(roleOf) as [keyof typeof roleOf, (typeof roleOf)[keyof typeof roleOf]][]) {
      const needed = SCOPES_OF_ROLE[role];
      const attempts = (login: string) =>
        [
          ["POST", "/users", { schoolId: own.schoolId, login, name: "x", role, password: "a long one, 1234" }],
          ["PATCH", `/users/${ids[letter]}`, { password: "a long one, 1234" }],
          ["PATCH", `/users/${ids[letter]}`, { email: "attacker@example.com" }],
          ["PATCH", `/users/${ids.U}`, { role }],
          ["POST", `/users/${ids[letter]}/password-reset`, undefined],
          ["POST", "/account-invitations/slips", { schoolId: own.schoolId, userIds: [ids[letter]], alsoSignedIn: true }],
        ] as const;
      for (const missing of needed.filter((scope) => scope !== "people:write")) {
        const key = await own.key(needed.filter((scope) => scope !== missing));
        for (const [method, path, body] of attempts(`${role}-${missing.replace(":", "-")}`)) {
          const answer = await call(method, path, { as: key, body });
          assert.deepEqual(
            [answer.status, answer.body.code],
            [403, "refused-by-rule"],
            `${method} ${path} ${role} without ${missing}`,
          );
          assert.match(answer.body.detail, new RegExp(missing));
        }
      }
      const key = await own.key(needed);
      for (const [method, path, body] of attempts(role)) {
        const { status } = await call(method, path, { as: key, body });
        assert.ok(status < 300, `${method} ${path} ${role} with all: ${status}`);
      }
      await ok("PATCH", `/users/${ids.U}`, { body: { role: "student" } });
    }
    const platform = await insertKey(
      service.db,
      null,
      SCOPES.filter((scope) => scope !== "system:write"),
    );
    const operator = { login: "op", name: "Op", role: "operator", password: "a long one, 1234" };
    assert.equal((await call("POST", "/users", { as: platform, body: operator })).status, 403);
    assert.equal((await call("POST", `/users/${ids.O}/password-reset`, { as: platform })).status, 403);
  });

  test("the scopes of a role are those of the routes that it may use, and a change needs a scope to write", () => {
    const { routes } = rights.school;
    for (const [role, scopes] of Object.entries(SCOPES_OF_ROLE)) {
      const used = routes.filter(({ access }) => access.roles !== "everybody" && access.roles.some((one) => one === role));
      const missing = used.filter(({ access }) => !scopes.includes(access.scope)).map(({ id }) => id);
      assert.deepEqual(missing, [], role);
    }
    const reading = routes.filter(({ method, access }) => method !== "GET" && access.scope.endsWith(":read"));
    const forThemselves = ["createMyCalendar", "noteResumePosition", "practiseWrongAnswer", "markWrongAnswer"];
    const changingNothing = ["explainAccess"];
    assert.deepEqual(reading.map(({ id }) => id).sort(), [...OPEN_CHANGES, ...forThemselves, ...changingNothing].sort());
    assert.deepEqual(
      routes.filter(({ method, access }) => method === "GET" && access.scope.endsWith(":write")).map(({ id }) => id),
      [],
    );
  });
});

type Cell = {
  readonly route: AnyRoute;
  readonly letter: Letter;
  readonly isOwn: boolean;
  readonly things: Things;
  readonly wanted: string;
  readonly lack: ReturnType<typeof lacks>;
};

function cellsOf({ people, ownThings, otherThings }: Rights, route: AnyRoute): Cell[] {
  const [own = "", other] = TABLE[route.id] ?? [];
  const cells = (wanted: string, isOwn: boolean) =>
    LETTERS.slice(0, wanted.length).map((letter, i) => ({
      route,
      letter,
      isOwn,
      things: isOwn ? ownThings : otherThings,
      wanted: wanted.charAt(i),
      lack: lacks(people[letter].actor, route.access),
    }));
  return [...cells(own, true), ...cells(other ?? "", false)];
}

const nameOf = ({ route, letter, isOwn }: Cell): string => cellName(route, letter, isOwn);

/** One call of a person of the own school about things of a school; what is wrong with the answer. */
async function trial(school: TestSchool, cell: Cell, token: string | null): Promise<string[]> {
  const { route, letter, isOwn, things, wanted } = cell;
  const { status, text } = await send(school, route, things, token);
  // Who may order a picture or a film is told that the lesson has none.
  const isDone =
    status < 300 ||
    ([...OF_OTHER_LESSONS, ...NOT_TAKEN, ...WITHOUT_SUPERVISION, ...WITHOUT_MAIL, ...NOT_NEEDED].includes(route.id) &&
      status === 409);
  const got = isDone ? "+" : [404, 410].includes(status) ? "0" : [401, 403].includes(status) ? "-" : `${status}`;
  const name = nameOf(cell);
  const wrong: string[] = [];
  if (got !== wanted) wrong.push(`${name}: wanted ${wanted}, got ${status} ${text.slice(0, 200)}`);
  const teaches = letter === "O" || (isOwn && "AT".includes(letter));
  const administers = letter === "O" || (isOwn && letter === "A");
  if (!teaches && text.includes(things.publishKey)) wrong.push(`${name}: shows the publish key`);
  if (!administers && text.includes(things.webhookSecret)) wrong.push(`${name}: shows the webhook's secret`);
  if (text.includes("argon2id") || text.includes(things.token) || text.includes(things.streamSecret))
    wrong.push(`${name}: shows what nobody may see`);
  return wrong;
}
