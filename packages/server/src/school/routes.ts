/** Lists all API routes of the school, in the order of the API document; those of resources that are one file come last (`resource-routes.ts`). */
import type { ApiRoute } from "../access/route.ts";
import { boardRoutes } from "./classroom/board/board-routes.ts";
import { type BoardPdfContext, boardPdfRoute } from "./classroom/board/pdf-route.ts";
import { heldTextRoutes } from "./classroom/moderation/held-routes.ts";
import { contentCheckRoutes } from "./classroom/moderation/settings/content-check-routes.ts";
import { wordListRoutes } from "./classroom/moderation/settings/word-list-routes.ts";
import { presenceRoutes } from "./classroom/presence/routes.ts";
import { quizRoutes } from "./classroom/quiz/routes.ts";
import { quizBankRoutes } from "./classroom/quiz-bank/routes.ts";
import { type RoomContext, roomRoutes } from "./classroom/routes.ts";
import { searchRoutes } from "./classroom/search/routes.ts";
import { transcriptRoutes } from "./classroom/transcript/routes.ts";
import { examRoutes } from "./exam-routes.ts";
import type { ExamContext } from "./exams/exam-context.ts";
import { checkInRoutes } from "./exchange/check-ins/routes.ts";
import { type ImportContext, importRoutes } from "./exchange/imports/routes.ts";
import { type LoadTestContext, loadTestRoutes } from "./exchange/load-tests/routes.ts";
import { deepLinkingRoutes } from "./exchange/lti/deep-linking-routes.ts";
import { launchRoutes } from "./exchange/lti/launch-routes.ts";
import type { LtiContext } from "./exchange/lti/lti-context.ts";
import { platformRoutes } from "./exchange/lti/platform-routes.ts";
import { deleteSchoolRoute } from "./exchange/privacy/delete-school-route.ts";
import { exportRoutes } from "./exchange/privacy/export-routes.ts";
import { personDataRoutes } from "./exchange/privacy/person-routes.ts";
import { scimRoutes } from "./exchange/scim/routes.ts";
import { webhookRoutes } from "./exchange/webhooks/routes.ts";
import { type ApprovalContext, approvalRoutes } from "./foundation/approvals/routes.ts";
import { type AuditContext, auditRoutes } from "./foundation/audit/routes.ts";
import { brandRoutes } from "./foundation/schools/brand-routes.ts";
import { type SchoolContext, schoolRoutes } from "./foundation/schools/routes.ts";
import { type AlarmChannelContext, alarmChannelRoutes } from "./insight/alarms/channels/routes.ts";
import { alarmRoutes } from "./insight/alarms/routes.ts";
import { alarmRuleRoutes } from "./insight/alarms/rule-routes.ts";
import { analyticsRoutes } from "./insight/analytics/routes.ts";
import { diagnosisRoutes } from "./insight/diagnosis/routes.ts";
import { type HistoryContext, metricsHistoryRoutes } from "./insight/metrics-history/routes.ts";
import { viewRoutes } from "./insight/playback-sessions/routes.ts";
import { probeRoutes } from "./insight/probes/routes.ts";
import { reportRoutes } from "./insight/quality/report-routes.ts";
import { qualityRoutes } from "./insight/quality/routes.ts";
import { calendarEntryRoutes } from "./lessons/calendar/entry-routes.ts";
import { calendarRoutes } from "./lessons/calendar/routes.ts";
import type { LessonContext } from "./lessons/change-lesson.ts";
import { joiningRoutes } from "./lessons/joining-routes.ts";
import type { MaterialContext } from "./lessons/materials/material.ts";
import { materialRoutes } from "./lessons/materials/routes.ts";
import { type ObserverContext, observerRoutes } from "./lessons/observers/routes.ts";
import type { RecordingContext } from "./lessons/recordings/change-recording.ts";
import { recordingRoutes } from "./lessons/recordings/routes.ts";
import { lessonRoutes } from "./lessons/routes.ts";
import { screenRoutes } from "./lessons/screens/routes.ts";
import { lessonSeriesRoutes } from "./lessons/series/routes.ts";
import { lessonStateRoutes } from "./lessons/state-routes.ts";
import { upsertLessonsRoutes } from "./lessons/upsert-lessons.ts";
import { keyRoutes } from "./people/accounts/key-routes.ts";
import { openSessionRoutes } from "./people/accounts/open-session-routes.ts";
import { passwordRoutes } from "./people/accounts/password-routes.ts";
import { peopleRoutes } from "./people/accounts/people-routes.ts";
import { proofRoutes } from "./people/accounts/proof-routes.ts";
import { secondFactorRoutes } from "./people/accounts/second-factor-routes.ts";
import { sessionRoutes } from "./people/accounts/session-routes.ts";
import { upsertPeopleRoutes } from "./people/accounts/upsert-people.ts";
import { courseRoutes } from "./people/courses/routes.ts";
import { upsertCoursesRoutes } from "./people/courses/upsert-courses.ts";
import { guardianRoutes } from "./people/guardians/routes.ts";
import { accountInvitationRoutes } from "./people/invitations/routes.ts";
import { passkeyRoutes } from "./people/passkeys/routes.ts";
import { passkeySignInRoutes } from "./people/passkeys/sign-in-routes.ts";
import { identityRoutes } from "./people/sign-on/identity-routes.ts";
import { providerRoutes } from "./people/sign-on/provider-routes.ts";
import type { SignOnContext } from "./people/sign-on/sign-on-context.ts";
import { signOnRoutes } from "./people/sign-on/sign-on-routes.ts";
import { resourceRoutes } from "./resource-routes.ts";
import type { AddressListContext } from "./streams/address-lists/address-list.ts";
import { addressListRoutes } from "./streams/address-lists/routes.ts";
import { type DegradationContext, degradationRoutes } from "./streams/degradation/routes.ts";
import { type ForwardContext, forwardRoutes } from "./streams/forwards/routes.ts";
import { type LadderContext, ladderRoutes } from "./streams/ladders/routes.ts";
import { type LinkKeyContext, linkKeyRoutes } from "./streams/link-keys/routes.ts";
import type { PolicyContext } from "./streams/policies/policy-context.ts";
import { policyRoutes } from "./streams/policies/routes.ts";
import { type ProofOfWorkContext, proofOfWorkRoutes } from "./streams/proof-of-work/routes.ts";
import { type ProtectionContext, protectionRoutes } from "./streams/protection/routes.ts";
import { sourceRoutes } from "./streams/sources/routes.ts";
import type { SourceContext } from "./streams/sources/source.ts";

export type SchoolRouteContext = SignOnContext &
  AuditContext &
  ApprovalContext &
  LtiContext &
  SchoolContext &
  LessonContext &
  RoomContext &
  BoardPdfContext &
  ObserverContext &
  RecordingContext &
  MaterialContext &
  SourceContext &
  ForwardContext &
  LadderContext &
  PolicyContext &
  AddressListContext &
  LinkKeyContext &
  ImportContext &
  ProtectionContext &
  DegradationContext &
  AlarmChannelContext &
  ExamContext &
  HistoryContext &
  LoadTestContext &
  ProofOfWorkContext;

export function allRoutes(context: SchoolRouteContext): ApiRoute[] {
  return [
    ...sessionRoutes(context),
    ...openSessionRoutes(context),
    ...passwordRoutes(context),
    ...proofRoutes(context),
    ...secondFactorRoutes(context),
    ...passkeySignInRoutes(context),
    ...passkeyRoutes(context),
    ...signOnRoutes(context),
    ...identityRoutes(context),
    ...providerRoutes(context),
    ...platformRoutes(context),
    ...launchRoutes(context),
    ...deepLinkingRoutes(context),
    ...schoolRoutes(context),
    ...brandRoutes(context),
    ...peopleRoutes(context),
    ...accountInvitationRoutes(context),
    ...upsertPeopleRoutes(context),
    ...courseRoutes(context),
    ...upsertCoursesRoutes(context),
    ...lessonRoutes(context),
    ...upsertLessonsRoutes(context),
    ...lessonStateRoutes(context),
    ...lessonSeriesRoutes(context),
    ...calendarEntryRoutes(context),
    ...joiningRoutes(context),
    ...screenRoutes(context),
    ...roomRoutes(context),
    ...transcriptRoutes(context),
    ...searchRoutes(context),
    ...boardRoutes(context),
    boardPdfRoute(context),
    ...heldTextRoutes(context),
    ...wordListRoutes(context),
    ...contentCheckRoutes(context),
    ...presenceRoutes(context),
    ...observerRoutes(context),
    ...viewRoutes(context),
    ...diagnosisRoutes(context),
    ...metricsHistoryRoutes(context),
    ...probeRoutes(context),
    ...qualityRoutes(context),
    ...reportRoutes(context),
    ...analyticsRoutes(context),
    ...guardianRoutes(context),
    ...checkInRoutes(context),
    ...quizRoutes(context),
    ...quizBankRoutes(context),
    ...examRoutes(context),
    ...sourceRoutes(context),
    ...forwardRoutes(context),
    ...ladderRoutes(context),
    ...policyRoutes(context),
    ...addressListRoutes(context),
    ...linkKeyRoutes(context),
    ...protectionRoutes(context),
    ...degradationRoutes(context),
    ...recordingRoutes(context),
    ...materialRoutes(context),
    ...importRoutes(context),
    ...scimRoutes(context),
    ...webhookRoutes(context),
    ...keyRoutes(context),
    ...auditRoutes(context),
    ...exportRoutes(context),
    ...personDataRoutes(context),
    ...approvalRoutes(context),
    deleteSchoolRoute(context),
    ...loadTestRoutes(context),
    ...calendarRoutes(context),
    ...alarmRoutes(context),
    ...alarmRuleRoutes(context),
    ...alarmChannelRoutes(context),
    ...proofOfWorkRoutes(context),
    ...resourceRoutes(context),
  ];
}
