/** Serves the API routes for joining lessons, as a member of the school or as a guest. `participant-routes.ts` has their participants. */
import { z } from "zod";
import { everybody } from "../../access/actor.ts";
import { type ApiRoute, route } from "../../access/route.ts";
import { Accepted } from "../../platform/api/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { sharedReads } from "../../platform/gathering.ts";
import { ID } from "../../platform/id.ts";
import type { LessonContext } from "./change-lesson.ts";
import { chosenName } from "./chosen-name.ts";
import { countJoin } from "./count-join.ts";
import { invitedRoutes } from "./invited-routes.ts";
import { readCode } from "./join-code.ts";
import { JoinGroups } from "./join-groups.ts";
import { joinedAnswer } from "./joined-answer.ts";
import { invitationShape, joinBody, joinedShape, notJoinedShape } from "./joining-shapes.ts";
import { readActiveLesson, readLessonByCode, rejectUnknownLesson } from "./lesson-by-code.ts";
import { participantRoutes } from "./participant-routes.ts";
import { reportTamperRoute } from "./tamper-route.ts";

const TAG = "Joining";
/** Pages poll an invitation every four seconds. */
const INVITATION_MS = 500;

export function joiningRoutes(context: LessonContext): ApiRoute[] {
  return [
    getInvitationRoute(context),
    joinLessonRoute(context),
    reportTamperRoute(context),
    ...participantRoutes(context),
    ...invitedRoutes(context),
  ];
}

function getInvitationRoute({ db, invitations, signIn }: LessonContext): ApiRoute {
  return route({
    id: "getInvitation",
    method: "GET",
    path: "/invitations/:code",
    tag: TAG,
    summary: "Get the invitation behind a join code, before joining",
    access: everybody("lessons:read"),
    rights: ["++++++++", "++++++++"],
    params: z.strictObject({
      code: z.string().max(40).describe("The join code, or the lesson's id, as links of the console have it."),
    }),
    status: 200,
    answer: invitationShape,
    refusals: ["no-such-lesson", "database-away"],
    publicMs: INVITATION_MS,
    handle: async ({ params, ip }) => {
      const code = readCode(params.code) ?? (await readActiveLesson(db, params.code))?.code;
      const body = (code && (await invitations.find(code))) || (await rejectUnknownLesson(signIn, ip));
      return { body };
    },
  });
}

function joinLessonRoute(context: LessonContext): ApiRoute {
  const { db, signIn, streams, joins, guestNames, degradation } = context;
  const groups = new JoinGroups(context);
  const byCode = sharedReads((code) => readLessonByCode(db, code));
  const byId = sharedReads((id) => readActiveLesson(db, id));
  return route({
    id: "joinLesson",
    method: "POST",
    path: "/lessons/:lessonId/join",
    tag: TAG,
    summary: "Join a lesson, or renew its links: as a member of the school, or as a guest with the code",
    access: everybody("lessons:read"),
    // Without the code: those who belong to it.
    rights: ["+++-+++-", "+-------"],
    params: z.strictObject({ lessonId: z.string().max(40).describe("The lesson's id, or its join code.") }),
    body: joinBody.prefault({}),
    status: 200,
    answer: joinedShape,
    accepted: notJoinedShape,
    refusals: [
      ...([
        "no-such-lesson",
        "guests-not-allowed",
        "consent-needed",
        "removed-from-lesson",
        "lesson-locked",
        "lesson-ended",
        "lesson-full",
        "full",
        "too-many",
      ] as const),
      "database-away",
    ],
    handle: async ({ actor, params, body, origin, ip, agent }) => {
      joins.fromAddress(ip);
      const code = ID.test(params.lessonId) ? (body.code ?? null) : params.lessonId;
      const lesson = (await (code === null ? byId(params.lessonId) : byCode(code))) ?? (await rejectUnknownLesson(signIn, ip));
      if (ID.test(params.lessonId) && lesson.id !== params.lessonId) throw new RefusalError("no-such-lesson");
      const request = { name: body.name ?? null, token: body.token ?? null, hasCode: code !== null, consents: body.consent };
      await countJoin(context, { actor, lesson, ip, ...request });
      const name = await chosenName(db, actor, lesson, request);
      if (name !== null) await guestNames.check(lesson, name);
      const isShed = degradation.sheds("joins", { schoolId: lesson.school_id, lessonId: lesson.id });
      const device = { mark: body.device ?? null, ip, agent };
      const letIn = groups.join(lesson, { actor, request: { ...request, device, isShed } });
      const outcome = await (body.unlessEnded ? letIn.catch(endedOrThrow) : letIn);
      if (outcome === "ended") return { body: new Accepted(undefined) };
      const { participant, token, isBack, view } = outcome;
      if (isBack) streams.ruleChanged(lesson.stream_app, lesson.stream_name);
      return { body: joinedAnswer(streams, { lesson, participant, token, origin }, view) };
    },
  });
}

/** @throws what it is given, unless the lesson has ended */
function endedOrThrow(error: unknown): "ended" {
  if (error instanceof RefusalError && error.refusal.code === "lesson-ended") return "ended";
  throw error;
}
