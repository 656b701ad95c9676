/** Serves the API routes for groups of an examination's candidates: who is in them, and who supervises them. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { examText } from "../../foundation/messages/exam-texts.ts";
import { definedFields, id } from "../../foundation/requests/fields.ts";
import { pageOf } from "../../foundation/requests/paging.ts";
import { type Change, checkVersion } from "../../foundation/store/change.ts";
import type { Exam, ExamGroup } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { deleteRow, updateRow } from "../../foundation/store/update-row.ts";
import { findCourse } from "../../people/courses/course.ts";
import type { ExamContext } from "../exam-context.ts";
import { findExam, READ_EXAMS, WRITE_EXAMS } from "../exam-rights.ts";
import { groupCandidates } from "../group-candidates.ts";
import { changedGroup, groupShape, newGroup } from "./group-shapes.ts";

const TAG = "Supervising examinations";
const MAX_GROUPS = 500;
const PATH = "/exams/:examinationId/groups";
const groupParams = z.strictObject({ examinationId: id, examGroupId: id });

export function groupRoutes(context: ExamContext): ApiRoute[] {
  return [listRoute(context), createRoute(context), getRoute(context), changeRoute(context), deleteRoute(context)];
}

function listRoute({ db }: ExamContext): ApiRoute {
  return route({
    id: "listExamGroups",
    method: "GET",
    path: PATH,
    tag: TAG,
    summary: "List the groups of an examination's candidates",
    access: READ_EXAMS,
    rights: ["+++0----", "+000----"],
    reads: "people",
    params: z.strictObject({ examinationId: id }),
    status: 200,
    answer: pageOf(groupShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const exam = await findExam(db, actor, params.examinationId);
      const groups = await db.selectFrom("exam_groups").selectAll().where("exam_id", "=", exam.id).orderBy("id").execute();
      return { body: { items: await present(db, groups), nextCursor: null } };
    },
  });
}

function createRoute({ changes }: ExamContext): ApiRoute {
  return route({
    id: "createExamGroup",
    method: "POST",
    path: PATH,
    tag: TAG,
    summary: "Create a group of an examination's candidates, with the people who supervise it",
    access: WRITE_EXAMS,
    rights: ["+++0----", "+000----"],
    params: z.strictObject({ examinationId: id }),
    body: newGroup,
    creates: true,
    status: 201,
    answer: groupShape,
    refusals: ["not-found", "bad-request", "conflict", "database-away"],
    handle: ({ actor, params, body, idempotencyKey, fingerprint }) =>
      changes.transact({ actor, idempotencyKey, fingerprint }, async (change) => {
        const { trx } = change;
        const exam = await findExam(trx, actor, params.examinationId);
        // Groups that are created at the same time count one after the other.
        await trx.selectFrom("exams").select("id").where("id", "=", exam.id).forNoKeyUpdate().execute();
        const groups = trx
          .selectFrom("exam_groups")
          .select(({ fn }) => fn.countAll().as("count"))
          .where("exam_id", "=", exam.id);
        const { count } = await groups.executeTakeFirstOrThrow();
        if (Number(count) >= MAX_GROUPS) throw new RefusalError("conflict", examText("too-many-groups", { max: MAX_GROUPS }));
        await checkCourse(trx, actor, exam, body.courseId);
        const group = await trx
          .insertInto("exam_groups")
          .values({ id: newId(), exam_id: exam.id, school_id: exam.school_id, name: body.name, course_id: body.courseId ?? null })
          .returningAll()
          .executeTakeFirstOrThrow();
        await setPeople(trx, group, "candidate", body.candidateIds);
        await setPeople(trx, group, "supervisor", body.supervisorIds);
        await groupCandidates(trx, exam.id);
        await note(change, "create", group, { after: audited(group, body) });
        return { body: await presentOne(trx, group) };
      }),
  });
}

function getRoute({ db }: ExamContext): ApiRoute {
  return route({
    id: "getExamGroup",
    method: "GET",
    path: `${PATH}/:examGroupId`,
    tag: TAG,
    summary: "Get a group of an examination's candidates",
    access: READ_EXAMS,
    rights: ["+++0----", "+000----"],
    reads: "people",
    params: groupParams,
    status: 200,
    answer: groupShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const exam = await findExam(db, actor, params.examinationId);
      return { body: await presentOne(db, await findGroup(db, exam, params.examGroupId)) };
    },
  });
}

function changeRoute({ changes }: ExamContext): ApiRoute {
  return route({
    id: "changeExamGroup",
    method: "PATCH",
    path: `${PATH}/:examGroupId`,
    tag: TAG,
    summary: "Change a group of candidates; who has entered stays in the group, unless a supervisor moves the candidate",
    access: WRITE_EXAMS,
    rights: ["+++0----", "+000----"],
    params: groupParams,
    body: changedGroup,
    status: 200,
    answer: groupShape,
    changes: true,
    refusals: ["not-found", "bad-request", "precondition-failed", "database-away"],
    handle: ({ actor, params, body, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const { trx } = change;
        const exam = await findExam(trx, actor, params.examinationId);
        const before = await findGroup(trx, exam, params.examGroupId);
        checkVersion(before, ifMatch);
        const { courseId, candidateIds, supervisorIds } = body;
        if (courseId !== undefined) await checkCourse(trx, actor, exam, courseId);
        const after = await updateRow(
          change,
          "exam_groups",
          before,
          definedFields({ name: body.name, course_id: courseId === undefined ? undefined : courseId }),
        );
        if (candidateIds) await setPeople(trx, after, "candidate", candidateIds);
        if (supervisorIds) await setPeople(trx, after, "supervisor", supervisorIds);
        await groupCandidates(trx, exam.id);
        await note(change, "change", after, { before: audited(before, {}), after: audited(after, body) });
        return { body: await presentOne(trx, after) };
      }),
  });
}

function deleteRoute({ changes }: ExamContext): ApiRoute {
  return route({
    id: "deleteExamGroup",
    method: "DELETE",
    path: `${PATH}/:examGroupId`,
    tag: TAG,
    summary: "Delete a group; its candidates are in none then, and its supervisors see them no more",
    access: WRITE_EXAMS,
    rights: ["+++0----", "+000----"],
    params: groupParams,
    status: 204,
    answer: null,
    changes: true,
    refusals: ["not-found", "precondition-failed", "database-away"],
    handle: ({ actor, params, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const exam = await findExam(change.trx, actor, params.examinationId);
        const before = await findGroup(change.trx, exam, params.examGroupId);
        checkVersion(before, ifMatch);
        await deleteRow(change, "exam_groups", before);
        await note(change, "delete", before, { before: audited(before, {}) });
        return { body: null };
      }),
  });
}

/** @throws RefusalError not-found */
async function findGroup(db: Db, exam: Exam, groupId: string): Promise<ExamGroup> {
  const groups = db.selectFrom("exam_groups").selectAll().where("id", "=", groupId).where("exam_id", "=", exam.id);
  const group = await groups.executeTakeFirst();
  if (!group) throw new RefusalError("not-found", examText("no-group"));
  return group;
}

/** @throws RefusalError not-found */
async function checkCourse(db: Db, actor: Actor, { school_id }: Exam, courseId: string | null | undefined): Promise<void> {
  if (courseId === null || courseId === undefined) return;
  const course = await findCourse(db, actor, courseId);
  if (course.school_id !== school_id) throw new RefusalError("not-found", examText("no-exam"));
}

/** @throws RefusalError bad-request */
async function setPeople(db: Db, group: ExamGroup, role: "candidate" | "supervisor", ids: readonly string[]): Promise<void> {
  const people = [...new Set(ids)];
  await db.deleteFrom("exam_group_people").where("group_id", "=", group.id).where("role", "=", role).execute();
  if (people.length === 0) return;
  const rows = await db
    .selectFrom("users")
    .select(["id", "role"])
    .where("school_id", "=", group.school_id)
    .where(({ eb, fn, val }) => eb("id", "=", fn.any(val(people))))
    .execute();
  if (rows.length < people.length) throw new RefusalError("bad-request", examText("group-people"));
  if (role === "supervisor" && rows.some((person) => person.role === "student"))
    throw new RefusalError("bad-request", examText("group-supervisors"));
  await db
    .insertInto("exam_group_people")
    .values(people.map((user_id) => ({ group_id: group.id, user_id, role })))
    .execute();
}

async function presentOne(db: Db, group: ExamGroup): Promise<z.input<typeof groupShape>> {
  const [one] = await present(db, [group]);
  if (!one) throw new Error("no group");
  return one;
}

async function present(db: Db, groups: readonly ExamGroup[]): Promise<z.input<typeof groupShape>[]> {
  if (groups.length === 0) return [];
  const ids = groups.map((group) => group.id);
  const people = await db.selectFrom("exam_group_people").selectAll().where("group_id", "in", ids).orderBy("user_id").execute();
  const counts = await db
    .selectFrom("exam_attempts")
    .select(({ fn }) => ["group_id", fn.countAll().as("count")])
    .where("group_id", "in", ids)
    .groupBy("group_id")
    .execute();
  return groups.map((group) => {
    const of = (role: string) =>
      people.filter((one) => one.group_id === group.id && one.role === role).map(({ user_id }) => user_id);
    return {
      id: group.id,
      name: group.name,
      courseId: group.course_id,
      candidateIds: of("candidate"),
      supervisorIds: of("supervisor"),
      attempts: Number(counts.find(({ group_id }) => group_id === group.id)?.count ?? 0),
      createdAt: group.created_at,
      version: group.version,
    };
  });
}

type People = { readonly candidateIds?: readonly string[] | undefined; readonly supervisorIds?: readonly string[] | undefined };

/** Who supervises whom is what a school may have to show later. */
function audited({ id: group, name, course_id }: ExamGroup, { candidateIds, supervisorIds }: People) {
  return { group, name, course_id, ...definedFields({ candidateIds, supervisorIds }) };
}

function note(change: Change, verb: string, group: ExamGroup, values: { before?: object; after?: object }): Promise<void> {
  const target = { schoolId: group.school_id, targetKind: "examination", targetId: group.exam_id };
  return change.audit({ action: `examination.${verb}-group`, ...target, ...(values as Record<string, Record<string, unknown>>) });
}
