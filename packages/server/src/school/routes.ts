/** Lists all API routes of the school, in the order of the API document. */
import type { ApiRoute } from "../access/route.ts";
import { keyRoutes } from "./accounts/key-routes.ts";
import { openSessionRoutes } from "./accounts/open-session-routes.ts";
import { passwordRoutes } from "./accounts/password-routes.ts";
import { peopleRoutes } from "./accounts/people-routes.ts";
import { proofRoutes } from "./accounts/proof-routes.ts";
import { secondFactorRoutes } from "./accounts/second-factor-routes.ts";
import { sessionRoutes } from "./accounts/session-routes.ts";
import { upsertPeopleRoutes } from "./accounts/upsert-people.ts";
import type { AddressListContext } from "./address-lists/address-list.ts";
import { addressListRoutes } from "./address-lists/routes.ts";
import { type AlarmChannelContext, alarmChannelRoutes } from "./alarms/channels/routes.ts";
import { alarmRoutes } from "./alarms/routes.ts";
import { alarmRuleRoutes } from "./alarms/rule-routes.ts";
import { analyticsRoutes } from "./analytics/routes.ts";
import { auditRoutes } from "./audit/routes.ts";
import { calendarRoutes } from "./calendar/routes.ts";
import { cameraDeviceRoutes } from "./cameras/routes.ts";
import { type ChallengeContext, challengeRoutes } from "./challenge/routes.ts";
import { checkInRoutes } from "./check-ins/routes.ts";
import { boardRoutes } from "./classroom/board/board-routes.ts";
import { type BoardPdfContext, boardPdfRoute } from "./classroom/board/pdf-route.ts";
import { heldTextRoutes } from "./classroom/moderation/held-routes.ts";
import { contentCheckRoutes } from "./classroom/moderation/settings/content-check-routes.ts";
import { wordListRoutes } from "./classroom/moderation/settings/word-list-routes.ts";
import { presenceRoutes } from "./classroom/presence/routes.ts";
import { quizRoutes } from "./classroom/quiz/routes.ts";
import { quizBankRoutes } from "./classroom/quiz-bank/routes.ts";
import { type RoomContext, roomRoutes } from "./classroom/routes.ts";
import { courseRoutes } from "./courses/routes.ts";
import { upsertCoursesRoutes } from "./courses/upsert-courses.ts";
import { type ForwardContext, forwardRoutes } from "./forwards/routes.ts";
import { guardianRoutes } from "./guardians/routes.ts";
import { type ImportContext, importRoutes } from "./imports/routes.ts";
import { type LadderContext, ladderRoutes } from "./ladders/routes.ts";
import type { LessonContext } from "./lessons/change-lesson.ts";
import { joiningRoutes } from "./lessons/joining-routes.ts";
import { lessonRoutes } from "./lessons/routes.ts";
import { lessonStateRoutes } from "./lessons/state-routes.ts";
import { upsertLessonsRoutes } from "./lessons/upsert-lessons.ts";
import { type LinkKeyContext, linkKeyRoutes } from "./link-keys/routes.ts";
import { deepLinkingRoutes } from "./lti/deep-linking-routes.ts";
import { launchRoutes } from "./lti/launch-routes.ts";
import type { LtiContext } from "./lti/lti-context.ts";
import { platformRoutes } from "./lti/platform-routes.ts";
import type { MaterialContext } from "./materials/material.ts";
import { materialRoutes } from "./materials/routes.ts";
import type { PolicyContext } from "./policies/policy-context.ts";
import { policyRoutes } from "./policies/routes.ts";
import { type DeletionContext, deleteSchoolRoute } from "./privacy/delete-school-route.ts";
import { exportRoutes } from "./privacy/export-routes.ts";
import { personDataRoutes } from "./privacy/person-routes.ts";
import { probeRoutes } from "./probes/routes.ts";
import { type ProtectionContext, protectionRoutes } from "./protection/routes.ts";
import { reportRoutes } from "./quality/report-routes.ts";
import { qualityRoutes } from "./quality/routes.ts";
import type { RecordingContext } from "./recordings/change-recording.ts";
import { recordingRoutes } from "./recordings/routes.ts";
import { brandRoutes } from "./schools/brand-routes.ts";
import { type SchoolContext, schoolRoutes } from "./schools/routes.ts";
import { type SeriesContext, seriesRoutes } from "./series/routes.ts";
import { identityRoutes } from "./sign-on/identity-routes.ts";
import { providerRoutes } from "./sign-on/provider-routes.ts";
import type { SignOnContext } from "./sign-on/sign-on-context.ts";
import { signOnRoutes } from "./sign-on/sign-on-routes.ts";
import { sourceRoutes } from "./sources/routes.ts";
import type { SourceContext } from "./sources/source.ts";
import { viewRoutes } from "./views/routes.ts";
import { type WatcherContext, watcherRoutes } from "./watchers/routes.ts";
import type { WebhookContext } from "./webhooks/find-webhook.ts";
import { webhookRoutes } from "./webhooks/routes.ts";
import { whyRoutes } from "./why/routes.ts";

export type SchoolRouteContext = SignOnContext &
  LtiContext &
  SchoolContext &
  LessonContext &
  RoomContext &
  BoardPdfContext &
  WatcherContext &
  RecordingContext &
  MaterialContext &
  SourceContext &
  ForwardContext &
  LadderContext &
  PolicyContext &
  AddressListContext &
  LinkKeyContext &
  ImportContext &
  WebhookContext &
  ProtectionContext &
  AlarmChannelContext &
  SeriesContext &
  ChallengeContext &
  DeletionContext;

export function allRoutes(context: SchoolRouteContext): ApiRoute[] {
  return [
    ...sessionRoutes(context),
    ...openSessionRoutes(context),
    ...passwordRoutes(context),
    ...proofRoutes(context),
    ...secondFactorRoutes(context),
    ...signOnRoutes(context),
    ...identityRoutes(context),
    ...providerRoutes(context),
    ...platformRoutes(context),
    ...launchRoutes(context),
    ...deepLinkingRoutes(context),
    ...schoolRoutes(context),
    ...brandRoutes(context),
    ...peopleRoutes(context),
    ...upsertPeopleRoutes(context),
    ...courseRoutes(context),
    ...upsertCoursesRoutes(context),
    ...lessonRoutes(context),
    ...upsertLessonsRoutes(context),
    ...lessonStateRoutes(context),
    ...joiningRoutes(context),
    ...roomRoutes(context),
    ...boardRoutes(context),
    boardPdfRoute(context),
    ...heldTextRoutes(context),
    ...wordListRoutes(context),
    ...contentCheckRoutes(context),
    ...presenceRoutes(context),
    ...watcherRoutes(context),
    ...viewRoutes(context),
    ...whyRoutes(context),
    ...seriesRoutes(context),
    ...probeRoutes(context),
    ...qualityRoutes(context),
    ...reportRoutes(context),
    ...analyticsRoutes(context),
    ...guardianRoutes(context),
    ...checkInRoutes(context),
    ...quizRoutes(context),
    ...quizBankRoutes(context),
    ...sourceRoutes(context),
    ...cameraDeviceRoutes(context),
    ...forwardRoutes(context),
    ...ladderRoutes(context),
    ...policyRoutes(context),
    ...addressListRoutes(context),
    ...linkKeyRoutes(context),
    ...protectionRoutes(context),
    ...recordingRoutes(context),
    ...materialRoutes(context),
    ...importRoutes(context),
    ...webhookRoutes(context),
    ...keyRoutes(context),
    ...auditRoutes(context),
    ...exportRoutes(context),
    ...personDataRoutes(context),
    deleteSchoolRoute(context),
    ...calendarRoutes(context),
    ...alarmRoutes(context),
    ...alarmRuleRoutes(context),
    ...alarmChannelRoutes(context),
    ...challengeRoutes(context),
  ];
}
