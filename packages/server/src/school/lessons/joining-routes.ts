/** API routes for joining lessons, as a member of the school or as a guest. `participant-routes.ts` has their participants. */
import { z } from "zod";
import { everybody } from "../../access/actor.ts";
import { type ApiRoute, route } from "../../access/route.ts";
import { addressOwner } from "../../platform/address.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { systemClock } from "../../platform/clock.ts";
import { ID } from "../../platform/id.ts";
import { LogThrottle } from "../../platform/log-throttle.ts";
import { RateLimit } from "../../platform/rate-limit.ts";
import { Refusal } from "../../platform/refusal.ts";
import { schoolText } from "../messages/school-texts.ts";
import { idParam } from "../requests/fields.ts";
import type { LessonContext } from "./change-lesson.ts";
import { countJoin } from "./count-join.ts";
import { endedParticipants } from "./ended-permissions.ts";
import { invitedRoutes } from "./invited-routes.ts";
import { joinLesson } from "./join.ts";
import { newCode, readCode } from "./join-code.ts";
import { joinedAnswer } from "./joined-answer.ts";
import { invitationShape, joinBody, joinedShape, troubleReport } from "./joining-shapes.ts";
import { findActiveLesson, findLessonByCode, rejectUnknownLesson } from "./lesson-by-code.ts";
import { participantRoutes } from "./participant-routes.ts";
import { reportTamperRoute } from "./tamper-route.ts";

const TAG = "Joining";
/** Pages poll an invitation every four seconds. */
const INVITATION_MS = 500;

export function joiningRoutes(context: LessonContext): ApiRoute[] {
  return [
    getInvitationRoute(context),
    joinLessonRoute(context),
    reportTroubleRoute(context),
    reportTamperRoute(context),
    ...participantRoutes(context),
    ...invitedRoutes(context),
  ];
}

function getInvitationRoute({ invitations, signIn }: LessonContext): ApiRoute {
  return route({
    id: "getInvitation",
    method: "GET",
    path: "/invitations/:code",
    tag: TAG,
    summary: "Get the invitation behind a join code, before joining",
    access: everybody("lessons:read"),
    params: z.strictObject({ code: z.string().max(40) }),
    status: 200,
    answer: invitationShape,
    refusals: ["no-such-lesson", "database-away"],
    publicMs: INVITATION_MS,
    handle: async ({ params, ip }) => {
      const code = readCode(params.code);
      const body = (code && (await invitations.find(code))) || (await rejectUnknownLesson(signIn, ip));
      return { body };
    },
  });
}

function joinLessonRoute(context: LessonContext): ApiRoute {
  const { db, changes, signIn, streams, joins } = context;
  return route({
    id: "joinLesson",
    method: "POST",
    path: "/lessons/:lessonId/join",
    tag: TAG,
    summary: "Join a lesson, or renew its links: as a member of the school, or as a guest with the code",
    access: everybody("lessons:read"),
    params: z.strictObject({ lessonId: z.string().max(40).describe("The lesson's id, or its join code.") }),
    body: joinBody.prefault({}),
    status: 200,
    answer: joinedShape,
    refusals: [
      ...([
        "no-such-lesson",
        "guests-not-allowed",
        "consent-needed",
        "removed-from-lesson",
        "lesson-locked",
        "lesson-ended",
        "lesson-full",
        "too-many",
      ] as const),
      "database-away",
    ],
    handle: async ({ actor, params, body, origin, ip, agent }) => {
      joins.fromAddress(ip);
      const code = ID.test(params.lessonId) ? (body.code ?? null) : params.lessonId;
      const lesson =
        code === null ? await findActiveLesson(db, signIn, params.lessonId, ip) : await findLessonByCode(db, signIn, code, ip);
      if (ID.test(params.lessonId) && lesson.id !== params.lessonId) throw new RefusalError("no-such-lesson");
      const request = { name: body.name ?? null, token: body.token ?? null, hasCode: code !== null, consents: body.consent };
      await countJoin(context, { actor, lesson, ip, ...request });
      const device = { mark: body.device ?? null, ip, agent };
      const { body: joined } = await changes.transact({ actor }, async (change) => ({
        body: await joinLesson(change, actor, lesson, { ...request, device }),
      }));
      const { participant, token, isBack } = joined;
      if (isBack) streams.ruleChanged(lesson.stream_app, lesson.stream_name);
      // A change that ended the permission before this participant was there has not found them.
      if ((await endedParticipants(db, lesson.id, participant.id)).length > 0) throw new RefusalError("removed-from-lesson");
      return { body: await joinedAnswer({ db, streams }, { lesson, participant, token, origin }) };
    },
  });
}

/** Problem reports of one person, and of one address, which a whole school may share. */
const REPORTS_OF_PERSON = { burst: 5, perSecond: 1 / 20 };
const REPORTS_OF_ADDRESS = { burst: 60, perSecond: 1 };

function reportTroubleRoute({ log }: LessonContext): ApiRoute {
  const ofPerson = new RateLimit(REPORTS_OF_PERSON);
  const ofAddress = new RateLimit(REPORTS_OF_ADDRESS);
  const throttle = new LogThrottle(systemClock, (count) => log.warn({ count }, "playback problem reports suppressed"));
  return route({
    id: "reportTrouble",
    method: "POST",
    path: "/lessons/:lessonId/trouble",
    tag: TAG,
    summary: "Report a playback problem; the answer has a trace code by which the operator finds the report in the log",
    access: everybody("lessons:read"),
    params: idParam("lessonId"),
    body: troubleReport,
    status: 202,
    answer: z.object({ trace: z.string().describe("Eight letters and digits, to read aloud.") }).meta({ id: "Trace" }),
    refusals: [],
    handle: async ({ actor, params, body, ip, agent }) => {
      // Guests are counted by their address: the participant that they name is not verified.
      const seconds = (actor.id === null ? 0 : ofPerson.take([actor.id])) || ofAddress.take([addressOwner(ip)]);
      if (seconds > 0) throw new RefusalError(new Refusal("too-many", schoolText("trouble-limit")).after(seconds));
      const trace = newCode();
      const report = { trace, lesson: params.lessonId, ip, agent, ...body };
      if (throttle.allow()) log.warn(report, "viewer reported a playback problem");
      return { body: { trace } };
    },
  });
}
