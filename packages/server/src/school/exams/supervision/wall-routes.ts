/** Serves the API routes of those who supervise: their examinations, the wall of candidates, and one candidate. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { systemClock } from "../../../platform/clock.ts";
import { id } from "../../foundation/requests/fields.ts";
import { pageOf } from "../../foundation/requests/paging.ts";
import type { Exam } from "../../foundation/store/exam-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { findAttempt } from "../attempt-rows.ts";
import type { ExamContext } from "../exam-context.ts";
import { presentCandidate } from "./candidate-detail.ts";
import { noteWatcher } from "./exam-looks.ts";
import {
  checkSupervises,
  findSupervised,
  isSupervisedBy,
  SEE_CANDIDATES,
  type Supervised,
  supervisedGroups,
} from "./supervision-rights.ts";
import { compareItems, presentItem, type WallItem, type WallSources, wallItem } from "./wall-items.ts";
import { candidateShape, NO_GROUP, supervisedExamShape, wallQuery, wallShape } from "./wall-shapes.ts";
import type { WallCandidate, WallStates } from "./wall-state.ts";

const TAG = "Supervising examinations";
const POLL_SECONDS = 3;
const DAY_MS = 86_400_000;
const MAX_EXAMS = 200;

export function wallRoutes(context: ExamContext, walls: WallStates): ApiRoute[] {
  return [supervisionRoute(context), wallRoute(context, walls), candidateRoute(context)];
}

/** What presenting needs besides rows. */
export function sourcesOf({ apps, candidateStreams, linkSecret }: ExamContext): WallSources {
  return { ...candidateStreams, app: apps()[0] ?? "live", secret: linkSecret(), now: systemClock.utc() };
}

function supervisionRoute({ db }: ExamContext): ApiRoute {
  return route({
    id: "listSupervisedExaminations",
    method: "GET",
    path: "/supervision",
    tag: TAG,
    summary: "List the examinations of these days whose candidates the person supervises",
    access: SEE_CANDIDATES,
    rights: ["+++++-+-", null],
    status: 200,
    answer: pageOf(supervisedExamShape),
    refusals: ["database-away"],
    handle: async ({ actor }) => {
      const now = Date.now();
      const exams = await db
        .selectFrom("exams")
        .selectAll()
        .where("deleted_at", "is", null)
        .where("published_at", "is not", null)
        .where("opens_at", "<", new Date(now + DAY_MS))
        .where("closes_at", ">", new Date(now - DAY_MS))
        .where(isSupervisedBy(actor))
        .orderBy("opens_at")
        .limit(MAX_EXAMS)
        .execute();
      const items = exams.map(async (exam) => {
        const groups = await supervisedGroups(db, actor, exam);
        return {
          id: exam.id,
          title: exam.title,
          opensAt: exam.opens_at,
          closesAt: exam.closes_at,
          supervision: { ...exam.supervision },
          groups: groups && (await groupsOf(db, exam, groups)),
        };
      });
      return { body: { items: await Promise.all(items), nextCursor: null } };
    },
  });
}

function wallRoute(context: ExamContext, walls: WallStates): ApiRoute {
  const { db } = context;
  return route({
    id: "getExamWall",
    method: "GET",
    path: "/exams/:examinationId/wall",
    tag: TAG,
    summary: "Get the candidates of an examination whom the person supervises, those first who need attention",
    access: SEE_CANDIDATES,
    // Neither the assistant nor the supervisor has a group.
    rights: ["+++00-0-", "+0000-0-"],
    reads: "candidates",
    params: z.strictObject({ examinationId: id }),
    query: wallQuery,
    status: 200,
    answer: wallShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params, query }) => {
      const supervised = await findSupervised(db, actor, params.examinationId);
      const { exam } = supervised;
      const [all, groups] = await Promise.all([walls.of(exam.id), groupsOf(db, exam, supervised.groups)]);
      const sources = sourcesOf(context);
      const seen = ofSupervisor(supervised, all).map((candidate) => wallItem(exam, candidate, sources));
      const { groupId, q = "", state, attention, offset, limit } = query;
      const byGroup = Map.groupBy(seen, ({ candidate }) => candidate.groupId ?? NO_GROUP);
      const inGroup = groupId === undefined ? seen : (byGroup.get(groupId) ?? []);
      const part = q.toLowerCase();
      const found = inGroup
        .filter((item) => (state === undefined || item.state === state) && (attention !== true || item.attention.length > 0))
        .filter(({ candidate }) => part === "" || candidate.searched.includes(part))
        .sort(compareItems);
      return {
        body: {
          title: exam.title,
          opensAt: exam.opens_at,
          closesAt: exam.closes_at,
          now: new Date(sources.now),
          supervision: { ...exam.supervision },
          pollSeconds: POLL_SECONDS,
          groups: groups.map((group) => ({ ...group, ...countsOfGroup(byGroup.get(group.id) ?? []) })),
          counts: countsOf(inGroup),
          total: found.length,
          items: found.slice(offset, offset + limit).map((item) => ({
            ...presentItem(item, sources),
            notes: item.candidate.notes,
            facts: {
              count: item.candidate.factCount,
              newest: item.candidate.facts.map(({ fact, detail, writtenAt }) => ({ fact, detail, at: writtenAt })),
            },
          })),
        },
      };
    },
  });
}

function candidateRoute(context: ExamContext): ApiRoute {
  const { db, noteLook } = context;
  return route({
    id: "getSupervisedCandidate",
    method: "GET",
    path: "/exams/:examinationId/wall/:attemptId",
    tag: TAG,
    summary: "Look at a candidate: live pictures, what was noted, messages, notes and recordings",
    access: SEE_CANDIDATES,
    // Neither the assistant nor the supervisor has a group.
    rights: ["+++00-0-", "+0000-0-"],
    // The look is noted below, of the candidate.
    reads: { unlogged: "noted with the candidate whom it is of" },
    params: z.strictObject({ examinationId: id, attemptId: id }),
    status: 200,
    answer: candidateShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params, origin }) => {
      const supervised = await findSupervised(db, actor, params.examinationId);
      const attempt = await findAttempt(db, supervised.exam, params.attemptId);
      checkSupervises(supervised, attempt);
      await noteWatcher(db, actor, attempt);
      const target = { schoolId: attempt.school_id, targetKind: "attempt", targetId: attempt.id };
      noteLook({ actor, reading: "candidates", operation: "getSupervisedCandidate", ...target, rows: 1 });
      return { body: await presentCandidate({ db, actor, origin, sources: sourcesOf(context) }, supervised.exam, attempt) };
    },
  });
}

export function ofSupervisor({ groups }: Supervised, all: readonly WallCandidate[]): readonly WallCandidate[] {
  if (groups === null) return all;
  const own = new Set(groups);
  return all.filter(({ groupId }) => groupId !== null && own.has(groupId));
}

/** @param own null: all */
async function groupsOf(db: Db, { id: examId }: Exam, own: readonly string[] | null) {
  const groups = await db.selectFrom("exam_groups").select(["id", "name"]).where("exam_id", "=", examId).orderBy("name").execute();
  return own === null ? groups : groups.filter((group) => own.includes(group.id));
}

function countsOfGroup(items: readonly WallItem[]) {
  return { candidates: items.length, attention: countOf(items, ({ attention }) => attention.length > 0) };
}

function countsOf(items: readonly WallItem[]) {
  return {
    waiting: countOf(items, ({ state }) => state === "waiting"),
    sitting: countOf(items, ({ state }) => state === "sitting"),
    paused: countOf(items, ({ state }) => state === "paused"),
    handedIn: countOf(items, ({ state }) => state === "handed-in"),
    attention: countOf(items, ({ attention }) => attention.length > 0),
  };
}

function countOf(items: readonly WallItem[], is: (item: WallItem) => boolean): number {
  let count = 0;
  for (const item of items) if (is(item)) count++;
  return count;
}
