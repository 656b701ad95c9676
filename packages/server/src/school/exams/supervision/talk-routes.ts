/**
 * Serves the API routes by which a supervisor and a candidate talk: the supervisor asks, the candidate accepts, and each publishes sound to the other alone, as people
 * in a small lesson do. Nothing of it is recorded; that it was, by whom and for how long is in the audit log.
 */
import { z } from "zod";
import { type Actor, everybody } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { systemClock } from "../../../platform/clock.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { id } from "../../foundation/requests/fields.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Exam } from "../../foundation/store/exam-tables.ts";
import { findAttempt } from "../attempt-rows.ts";
import { candidateOf } from "../attempts/entrance-routes.ts";
import { findPublishedExam } from "../attempts/exam-by-code.ts";
import type { ExamContext } from "../exam-context.ts";
import { endTalk, type OpenTalk, openTalks, requestTalk } from "../talks.ts";
import { presentTalk, talkStreams } from "./present-talk.ts";
import { ACT_ON_CANDIDATES, checkSupervises, findSupervised } from "./supervision-rights.ts";
import { answerBody, answeredShape, requestBody, requestedShape } from "./talk-shapes.ts";
import { sourcesOf } from "./wall-routes.ts";

const PATH = "/exams/:examinationId/wall/:attemptId/talk";
type Requested = z.input<typeof requestedShape>;
type Answered = z.input<typeof answeredShape>;
const attemptParams = z.strictObject({ examinationId: id, attemptId: id });

export function talkRoutes(context: ExamContext): ApiRoute[] {
  return [requestRoute(context), endRoute(context), answerRoute(context)];
}

function requestRoute(context: ExamContext): ApiRoute {
  return route({
    id: "talkWithExamCandidate",
    method: "POST",
    path: PATH,
    tag: "Supervising examinations",
    summary: "Ask a candidate to talk, or go on with a talk: the page of the supervisor asks again each ten seconds",
    access: ACT_ON_CANDIDATES,
    // Neither the assistant nor the supervisor has a group.
    rights: ["+++00-0-", "+0000-0-"],
    params: attemptParams,
    body: requestBody.prefault({}),
    status: 200,
    answer: requestedShape,
    refusals: ["not-found", "conflict", "refused-by-rule", "database-away"],
    handle: ({ actor, params, body, origin }) =>
      context.changes.transact({ actor }, async (change): Promise<{ body: Requested }> => {
        const { trx } = change;
        const supervisor = personOf(actor);
        const supervised = await findSupervised(trx, actor, params.examinationId);
        const { exam } = supervised;
        const attempt = await findAttempt(trx, exam, params.attemptId, true);
        checkSupervises(supervised, attempt);
        if (exam.stream_name === null) throw new RefusalError("conflict", examText("not-supervised"));
        const now = new Date(systemClock.utc());
        const find = async () => (await openTalks(trx, [attempt.id], now.getTime())).get(attempt.id) ?? null;
        let talk = await find();
        if (body.talkId === undefined) {
          if (attempt.handed_in_at) throw new RefusalError("conflict", examText("ended-already"));
          if (talk && talk.supervisor_id !== supervisor) throw new RefusalError("conflict", examText("talks-already"));
          if (!talk) {
            await requestTalk(trx, attempt.id, supervisor, now);
            talk = await find();
            await note(change, "request-talk", exam, { attempt: attempt.id });
          }
        } else if (talk?.id !== body.talkId || talk.supervisor_id !== supervisor || attempt.handed_in_at) talk = null;
        if (!talk) return { body: { talk: null, streams: null } };
        await trx.updateTable("exam_talks").set({ renewed_at: now }).where("id", "=", talk.id).execute();
        const isOn = talk.accepted_at !== null;
        const own = { examStream: exam.stream_name, side: "supervisor", viewer: supervisor, origin } as const;
        return { body: { talk: presentTalk(talk, actor), streams: isOn ? talkStreams(sourcesOf(context), talk, own) : null } };
      }),
  });
}

function endRoute(context: ExamContext): ApiRoute {
  return route({
    id: "endTalkWithExamCandidate",
    method: "DELETE",
    path: PATH,
    tag: "Supervising examinations",
    summary: "End a talk with a candidate",
    access: ACT_ON_CANDIDATES,
    // Neither the assistant nor the supervisor has a group.
    rights: ["+++00-0-", "+0000-0-"],
    params: attemptParams,
    status: 204,
    answer: null,
    refusals: ["not-found", "database-away"],
    handle: ({ actor, params }) =>
      context.changes.transact({ actor }, async (change) => {
        const supervised = await findSupervised(change.trx, actor, params.examinationId);
        const attempt = await findAttempt(change.trx, supervised.exam, params.attemptId, true);
        checkSupervises(supervised, attempt);
        await end(change, supervised.exam, attempt.id, "supervisor");
        return { body: null };
      }),
  });
}

function answerRoute(context: ExamContext): ApiRoute {
  const { db, changes, signIn, joins } = context;
  return route({
    id: "answerExamTalk",
    method: "POST",
    path: "/exams/:examinationId/talk",
    tag: "Sitting examinations",
    summary: "Accept a talk with a supervisor, get new keys for it, or end it: by the candidate's newest device",
    access: everybody("lessons:read"),
    // No device has this token.
    rights: ["00000000", "00000000"],
    params: z.strictObject({ examinationId: z.string().max(40).describe("The examination's id, or its code.") }),
    body: answerBody,
    status: 200,
    answer: answeredShape,
    refusals: ["no-such-exam", "exam-attempt-unknown", "exam-seat-taken", "exam-ended", "too-many", "database-away"],
    handle: async ({ actor, params, body, ip, origin }) => {
      joins.fromAddress(ip);
      const exam = await findPublishedExam(db, signIn, params.examinationId, ip);
      const candidate = candidateOf(context, exam, body.token, new Date());
      if (!candidate) throw new RefusalError("exam-attempt-unknown");
      return await changes.transact({ actor }, async (change): Promise<{ body: Answered }> => {
        const { trx } = change;
        const attempts = trx.selectFrom("exam_attempts").selectAll().where("id", "=", candidate.attempt);
        const attempt = await attempts.where("exam_id", "=", exam.id).forNoKeyUpdate().executeTakeFirst();
        if (!attempt) throw new RefusalError("exam-attempt-unknown");
        if (attempt.seat !== candidate.seat) throw new RefusalError("exam-seat-taken");
        if (attempt.handed_in_at) throw new RefusalError("exam-ended");
        const now = new Date(systemClock.utc());
        const talk = (await openTalks(trx, [attempt.id], now.getTime())).get(attempt.id);
        if (talk?.id !== body.talkId || exam.stream_name === null) return { body: { streams: null } };
        if (body.answer === "end") {
          await end(change, exam, attempt.id, "candidate");
          return { body: { streams: null } };
        }
        if (talk.accepted_at === null) {
          if (body.answer === "go-on") return { body: { streams: null } };
          await trx.updateTable("exam_talks").set({ accepted_at: now }).where("id", "=", talk.id).execute();
          await note(change, "begin-talk", exam, { attempt: attempt.id, supervisor: talk.supervisor_id });
        }
        const own = { examStream: exam.stream_name, side: "voice", viewer: attempt.id, origin } as const;
        return { body: { streams: talkStreams(sourcesOf(context), talk, own) } };
      });
    },
  });
}

/** What the two publish is ended by those who look after candidates' streams, within seconds. */
async function end(change: Change, exam: Exam, attempt: string, by: "supervisor" | "candidate"): Promise<void> {
  const now = new Date(systemClock.utc());
  const talk = (await openTalks(change.trx, [attempt], now.getTime())).get(attempt);
  if (!talk) return;
  await endTalk(change.trx, talk, by, now);
  await note(change, "end-talk", exam, { attempt, supervisor: talk.supervisor_id, by, seconds: secondsOf(talk, now) });
}

/** For how long the two could hear each other. */
function secondsOf({ accepted_at }: OpenTalk, now: Date): number {
  return accepted_at === null ? 0 : Math.round((now.getTime() - accepted_at.getTime()) / 1000);
}

/** The candidate is told who talks. @throws RefusalError refused-by-rule, where it is a program */
function personOf({ kind, id: person }: Actor): string {
  if (kind !== "user" || person === null) throw new RefusalError("refused-by-rule", examText("people-talk"));
  return person;
}

function note(change: Change, verb: string, exam: Exam, after: Record<string, unknown>): Promise<void> {
  return change.audit({
    action: `examination.${verb}`,
    schoolId: exam.school_id,
    targetKind: "examination",
    targetId: exam.id,
    after,
  });
}
