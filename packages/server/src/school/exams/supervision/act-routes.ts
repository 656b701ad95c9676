/** Serves the API routes by which supervisors act: messages, notes, pause and more time, the end, another group. Each act is in the audit log. */
import type { Updateable } from "kysely";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { id } from "../../foundation/requests/fields.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Exam, ExamAttempt } from "../../foundation/store/exam-tables.ts";
import type { Db, Tables } from "../../foundation/store/tables.ts";
import { findAttempt } from "../attempt-rows.ts";
import { changedColumns, noteAttempt } from "../attempts/routes.ts";
import type { ExamContext } from "../exam-context.ts";
import { endOf } from "../exam-times.ts";
import { EXAM_GRADING } from "../work-names.ts";
import { presentCandidate } from "./candidate-detail.ts";
import { ACT_ON_CANDIDATES, checkSupervises, findSupervised, type Supervised } from "./supervision-rights.ts";
import { sourcesOf } from "./wall-routes.ts";
import { candidateAct, candidateShape, newMessage, newNote, noteShape } from "./wall-shapes.ts";
import type { WallStates } from "./wall-state.ts";

const TAG = "Supervising examinations";
const attemptParams = z.strictObject({ examinationId: id, attemptId: id });
/** Of a statement. */
const ROWS = 500;

export function actRoutes(context: ExamContext, walls: WallStates): ApiRoute[] {
  return [messageRoute(context, walls), noteRoute(context, walls), changeRoute(context, walls)];
}

function messageRoute({ changes }: ExamContext, walls: WallStates): ApiRoute {
  return route({
    id: "messageExamCandidates",
    method: "POST",
    path: "/exams/:examinationId/wall/messages",
    tag: TAG,
    summary: "Write to candidates: to some, to a group, or to all whom the person supervises; their pages show it within seconds",
    access: ACT_ON_CANDIDATES,
    // Neither the assistant nor the supervisor has a group.
    rights: ["+++00-0-", "+0000-0-"],
    params: z.strictObject({ examinationId: id }),
    body: newMessage,
    creates: true,
    status: 201,
    answer: z.object({ sent: z.int().describe("To so many candidates.") }).meta({ id: "ExamMessageSent" }),
    refusals: ["not-found", "database-away"],
    handle: ({ actor, params, body, idempotencyKey, fingerprint }) =>
      changes.transact({ actor, idempotencyKey, fingerprint }, async (change) => {
        const { trx } = change;
        const supervised = await findSupervised(trx, actor, params.examinationId);
        const recipients = await recipientsOf(trx, supervised, body);
        const sent_at = new Date();
        const row = { text: body.text, sender_id: actor.kind === "user" ? actor.id : null, sent_at };
        for (let from = 0; from < recipients.length; from += ROWS)
          await trx
            .insertInto("exam_messages")
            .values(recipients.slice(from, from + ROWS).map((attempt_id) => ({ ...row, id: newId(), attempt_id })))
            .execute();
        await note(change, "message", supervised.exam, {
          candidates: recipients.length,
          ...(body.attemptIds ? { attempts: recipients } : {}),
        });
        change.afterCommit(() => walls.forget(supervised.exam.id));
        return { body: { sent: recipients.length } };
      }),
  });
}

/** @throws RefusalError not-found, where one is not supervised by the actor */
async function recipientsOf(
  db: Db,
  { exam, groups }: Supervised,
  { attemptIds, groupId }: z.output<typeof newMessage>,
): Promise<string[]> {
  let attempts = db.selectFrom("exam_attempts").select("id").where("exam_id", "=", exam.id);
  if (groups) attempts = attempts.where("group_id", "in", groups);
  if (groupId) attempts = attempts.where("group_id", "=", groupId);
  const wanted = attemptIds && [...new Set(attemptIds)];
  attempts = wanted ? attempts.where("id", "in", wanted) : attempts.where("handed_in_at", "is", null);
  const found = (await attempts.orderBy("id").execute()).map((row) => row.id);
  if (wanted && found.length < wanted.length) throw new RefusalError("not-found", examText("no-attempt"));
  return found;
}

function noteRoute({ changes }: ExamContext, walls: WallStates): ApiRoute {
  return route({
    id: "noteExamCandidate",
    method: "POST",
    path: "/exams/:examinationId/wall/:attemptId/notes",
    tag: TAG,
    summary: "Note something about a candidate, for the people who supervise",
    access: ACT_ON_CANDIDATES,
    // Neither the assistant nor the supervisor has a group.
    rights: ["+++00-0-", "+0000-0-"],
    params: attemptParams,
    body: newNote,
    creates: true,
    status: 201,
    answer: noteShape,
    refusals: ["not-found", "database-away"],
    handle: ({ actor, params, body, idempotencyKey, fingerprint }) =>
      changes.transact({ actor, idempotencyKey, fingerprint }, async (change) => {
        const supervised = await findSupervised(change.trx, actor, params.examinationId);
        const attempt = await findAttempt(change.trx, supervised.exam, params.attemptId);
        checkSupervises(supervised, attempt);
        const isPerson = actor.kind === "user";
        const written = { id: newId(), text: body.text, written_at: new Date() };
        await change.trx
          .insertInto("exam_notes")
          .values({ ...written, attempt_id: attempt.id, author_id: isPerson ? actor.id : null })
          .execute();
        await note(change, "note", supervised.exam, { attempt: attempt.id });
        change.afterCommit(() => walls.forget(supervised.exam.id));
        return { body: { id: written.id, text: written.text, by: isPerson ? actor.name : null, at: written.written_at } };
      }),
  });
}

function changeRoute(context: ExamContext, walls: WallStates): ApiRoute {
  const { changes } = context;
  return route({
    id: "changeSupervisedCandidate",
    method: "PATCH",
    path: "/exams/:examinationId/wall/:attemptId",
    tag: TAG,
    summary: "Pause a candidate or go on, give more time, end the attempt, or put the candidate into another group",
    access: ACT_ON_CANDIDATES,
    // Neither the assistant nor the supervisor has a group.
    rights: ["+++00-0-", "+0000-0-"],
    params: attemptParams,
    body: candidateAct,
    status: 200,
    answer: candidateShape,
    refusals: ["not-found", "conflict", "database-away"],
    handle: ({ actor, params, body, origin }) =>
      changes.transact({ actor }, async (change) => {
        const { trx } = change;
        const supervised = await findSupervised(trx, actor, params.examinationId);
        const { exam } = supervised;
        let attempt = await findAttempt(trx, exam, params.attemptId, true);
        checkSupervises(supervised, attempt);
        const now = new Date();
        if (body.groupId !== undefined) attempt = await setGroup(change, supervised, attempt, body.groupId);
        if (body.addSeconds !== undefined || body.end) attempt = await changeTime(change, exam, attempt, body, now);
        if (body.paused !== undefined) attempt = await setPaused(change, exam, attempt, body.paused, now);
        if (attempt.grade_due_at) change.wake(EXAM_GRADING);
        change.afterCommit(() => walls.forget(exam.id));
        return { body: await presentCandidate({ db: trx, actor, origin, sources: sourcesOf(context) }, exam, attempt) };
      }),
  });
}

async function update(db: Db, { id: attemptId }: ExamAttempt, columns: Updateable<Tables["exam_attempts"]>): Promise<ExamAttempt> {
  return await db.updateTable("exam_attempts").set(columns).where("id", "=", attemptId).returningAll().executeTakeFirstOrThrow();
}

/** @throws RefusalError not-found, where the group is not one of the actor's */
async function setGroup(
  change: Change,
  { exam, groups }: Supervised,
  before: ExamAttempt,
  groupId: string | null,
): Promise<ExamAttempt> {
  const known = change.trx
    .selectFrom("exam_groups")
    .select("id")
    .where("exam_id", "=", exam.id)
    .where("id", "=", groupId ?? "");
  const isOwn = groups === null || (groupId !== null && groups.includes(groupId));
  if ((groupId !== null && !(await known.executeTakeFirst())) || !isOwn) throw new RefusalError("not-found", examText("no-group"));
  const after = await update(change.trx, before, { group_id: groupId });
  await note(change, "group-attempt", exam, { attempt: before.id, group: groupId }, { attempt: before.id, group: before.group_id });
  return after;
}

/** @throws RefusalError conflict, where it has ended already */
async function changeTime(
  change: Change,
  exam: Exam,
  before: ExamAttempt,
  { addSeconds, end }: z.output<typeof candidateAct>,
  now: Date,
): Promise<ExamAttempt> {
  const extraSeconds = addSeconds === undefined ? undefined : before.extra_seconds + addSeconds;
  const after = await update(change.trx, before, changedColumns(exam, before, { extraSeconds, end }, now));
  await noteAttempt(change, before, after);
  return after;
}

/** The pause is added to the candidate's time. To pause what is paused changes nothing. @throws RefusalError conflict */
async function setPaused(change: Change, exam: Exam, before: ExamAttempt, isPaused: boolean, now: Date): Promise<ExamAttempt> {
  const { paused_at, started_at } = before;
  if ((paused_at !== null) === isPaused) return before;
  if (before.handed_in_at) throw new RefusalError("conflict", examText("ended-already"));
  if (started_at === null) throw new RefusalError("conflict", examText("not-started"));
  if (paused_at === null) {
    const after = await update(change.trx, before, { paused_at: now });
    await note(change, "pause-attempt", exam, { attempt: before.id });
    return after;
  }
  const seconds = Math.max(0, Math.ceil((now.getTime() - paused_at.getTime()) / 1000));
  const extra_seconds = before.extra_seconds + seconds;
  const ends_at = endOf(exam, { started_at, extra_seconds });
  const after = await update(change.trx, before, {
    paused_at: null,
    extra_seconds,
    paused_seconds: before.paused_seconds + seconds,
    ends_at,
  });
  await note(change, "resume-attempt", exam, { attempt: before.id, seconds });
  return after;
}

/** Without what was written: the entry outlives it. */
function note(
  change: Change,
  verb: string,
  exam: Exam,
  after: Record<string, unknown>,
  before?: Record<string, unknown>,
): Promise<void> {
  const target = { schoolId: exam.school_id, targetKind: "examination", targetId: exam.id };
  return change.audit({ action: `examination.${verb}`, ...target, ...(before ? { before } : {}), after });
}
