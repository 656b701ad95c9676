/** Migrations of the school's tables, by name, in order. A released migration is never edited; a later change is a new one. */
import type { Migration } from "kysely";
import { schoolsPeopleLessons } from "./0001-schools-people-lessons.ts";
import { lessonsInTheBin } from "./0002-lessons-in-the-bin.ts";
import { recordings } from "./0003-recordings.ts";
import { spaceAlarmsPlaces } from "./0004-space-alarms-places.ts";
import { withdrawnPermissions } from "./0006-withdrawn-permissions.ts";
import { scopesOfSecrets } from "./0008-scopes-of-secrets.ts";
import { sessions } from "./0009-sessions.ts";
import { signOn } from "./0010-sign-on.ts";
import { webhookHealthImportProgress } from "./0011-webhook-health-import-progress.ts";
import { externalIdsRotation } from "./0012-external-ids-rotation.ts";
import { privacy } from "./0013-privacy.ts";
import { recordingChoices } from "./0014-recording-choices.ts";
import { lti } from "./0015-lti.ts";
import { recentProof } from "./0017-recent-proof.ts";
import { noticesOfInvitations } from "./0019-notices-of-invitations.ts";
import { openLessons } from "./0020-open-lessons.ts";
import { sourcesForwardsLadders } from "./0021-sources-forwards-ladders.ts";
import { policies } from "./0022-policies.ts";
import { linkKeys } from "./0023-link-keys.ts";
import { refusals } from "./0024-refusals.ts";
import { solvedChallenges } from "./0025-solved-challenges.ts";
import { protection } from "./0026-protection.ts";
import { rooms } from "./0027-rooms.ts";
import { moderation } from "./0028-moderation.ts";
import { quizzes } from "./0029-quizzes.ts";
import { attendance } from "./0030-attendance.ts";
import { questionVotes } from "./0031-question-votes.ts";
import { roomReplay } from "./0032-room-replay.ts";
import { watchers } from "./0033-watchers.ts";
import { guardiansCheckIns } from "./0034-guardians-check-ins.ts";
import { views } from "./0035-views.ts";
import { series } from "./0037-series.ts";
import { alarmRules } from "./0038-alarm-rules.ts";
import { probes } from "./0039-probes.ts";
import { lessonQuality } from "./0040-lesson-quality.ts";
import { viewComplaints } from "./0041-view-complaints.ts";
import { analytics } from "./0042-analytics.ts";
import { viewSenders } from "./0043-view-senders.ts";
import { stage } from "./0044-stage.ts";
import { materials } from "./0045-materials.ts";
import { board } from "./0047-board.ts";
import { lessonPictures } from "./0048-lesson-pictures.ts";
import { appearance } from "./0049-appearance.ts";
import { roomAnswers } from "./0050-room-answers.ts";
import { cameraDevices } from "./0051-camera-devices.ts";
import { channelHours } from "./0052-channel-hours.ts";
import { recordingParts } from "./0053-recording-parts.ts";
import { complaintsWithoutView } from "./0054-complaints-without-view.ts";
import { publisherAway } from "./0055-publisher-away.ts";

export const MIGRATIONS: Readonly<Record<string, Migration>> = {
  "0001-schools-people-lessons": schoolsPeopleLessons,
  "0002-lessons-in-the-bin": lessonsInTheBin,
  "0003-recordings": recordings,
  "0004-space-alarms-places": spaceAlarmsPlaces,
  "0006-withdrawn-permissions": withdrawnPermissions,
  "0008-scopes-of-secrets": scopesOfSecrets,
  "0009-sessions": sessions,
  "0010-sign-on": signOn,
  "0011-webhook-health-import-progress": webhookHealthImportProgress,
  "0012-external-ids-rotation": externalIdsRotation,
  "0013-privacy": privacy,
  "0014-recording-choices": recordingChoices,
  "0015-lti": lti,
  "0017-recent-proof": recentProof,
  "0019-notices-of-invitations": noticesOfInvitations,
  "0020-open-lessons": openLessons,
  "0021-sources-forwards-ladders": sourcesForwardsLadders,
  "0022-policies": policies,
  "0023-link-keys": linkKeys,
  "0024-refusals": refusals,
  "0025-solved-challenges": solvedChallenges,
  "0026-protection": protection,
  "0027-rooms": rooms,
  "0028-moderation": moderation,
  "0029-quizzes": quizzes,
  "0030-attendance": attendance,
  "0031-question-votes": questionVotes,
  "0032-room-replay": roomReplay,
  "0033-watchers": watchers,
  "0034-guardians-check-ins": guardiansCheckIns,
  "0035-views": views,
  "0037-series": series,
  "0038-alarm-rules": alarmRules,
  "0039-probes": probes,
  "0040-lesson-quality": lessonQuality,
  "0041-view-complaints": viewComplaints,
  "0042-analytics": analytics,
  "0043-view-senders": viewSenders,
  "0044-stage": stage,
  "0045-materials": materials,
  "0047-board": board,
  "0048-lesson-pictures": lessonPictures,
  "0049-appearance": appearance,
  "0050-room-answers": roomAnswers,
  "0051-camera-devices": cameraDevices,
  "0052-channel-hours": channelHours,
  "0053-recording-parts": recordingParts,
  "0054-complaints-without-view": complaintsWithoutView,
  "0055-publisher-away": publisherAway,
};
