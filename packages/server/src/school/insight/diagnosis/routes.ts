/** Serves the API routes of "why": where a viewer's, or a lesson's, trouble comes from. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { systemClock } from "../../../platform/clock.ts";
import type { Language } from "../../../platform/messages/language.ts";
import { idParam, instant } from "../../foundation/requests/fields.ts";
import { requires, STAFF } from "../../foundation/requests/permissions.ts";
import { readCode } from "../../lessons/join-code.ts";
import { findLesson } from "../../lessons/lesson-rights.ts";
import { complaintsOf, type FoundComplaint, findComplaint } from "../playback-sessions/complaints.ts";
import { findView } from "../playback-sessions/routes.ts";
import { explainLesson } from "./explain-lesson.ts";
import { explainReport } from "./explain-report.ts";
import { type DiagnosisContext, type ExplainedView, explainView } from "./explain-view.ts";
import { diagnosisShape, lessonDiagnosisShape, verdictResponse } from "./shapes.ts";

const TAG = "Why";
const at = instant.optional().describe("About when it was. Default: where it was worst.");

export function diagnosisRoutes(context: DiagnosisContext): ApiRoute[] {
  return [viewRoute(context), lessonRoute(context)];
}

function viewRoute(context: DiagnosisContext): ApiRoute {
  return route({
    id: "explainView",
    method: "GET",
    path: "/views/:viewId/why",
    tag: TAG,
    summary:
      "Explain a viewer's trouble, by the session's id or the number of the viewer's report: uplink, origin, link between servers, edge, the viewer's line or device, with the evidence",
    access: requires("lessons:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    reads: "viewing",
    params: z.strictObject({ viewId: z.string().max(64).describe("The session, or the number of a report.") }),
    query: z.strictObject({ at }),
    status: 200,
    answer: diagnosisShape,
    refusals: ["not-found", "refused-by-rule"],
    handle: async ({ actor, params: { viewId }, query, language }) => {
      const number = readCode(viewId);
      const report = number === null ? null : await findComplaint(context.db, number);
      if (number !== null && !report) throw new RefusalError("not-found");
      const row = report ? await sessionOf(context.db, actor, report) : await findView(context.db, actor, viewId);
      const now = systemClock.utc();
      if (row === null && report) return { body: await reportBody(context, { viewId, report, language, now }) };
      if (row === null) throw new RefusalError("not-found");
      const near = timeOf(query.at) ?? report?.at.getTime() ?? null;
      const explained = await explainView(context, row, near, now);
      return {
        body: {
          viewId: row.id,
          lessonId: row.lesson_id,
          name: row.name,
          cid: row.cid,
          edge: row.node,
          reports: await complaintsOf(context.db, row.id),
          ...shownView(explained, language),
          moments: row.moments.map(({ at: told, intervalMs, bufferMs, stallMs, frames, droppedFrames, longTaskMs }) => ({
            at: told,
            intervalMs,
            bufferMs,
            stallMs,
            frames,
            droppedFrames,
            longTaskMs,
          })),
        },
      };
    },
  });
}

function shownView({ span, verdict, evidence, origin, tracks }: ExplainedView, language: Language) {
  return {
    origin,
    from: new Date(span.from),
    to: new Date(span.to),
    verdict: verdictResponse(language, verdict),
    tracks,
    sameEdge: evidence.sameEdge,
    elsewhere: evidence.elsewhere,
  };
}

/** The session that a report is about; null: nothing of it is stored. @throws RefusalError refused-by-rule, not-found */
async function sessionOf(db: DiagnosisContext["db"], actor: Actor, { viewId, lessonId }: FoundComplaint) {
  const isStored = await db.selectFrom("view_sessions").select("id").where("id", "=", viewId).executeTakeFirst();
  if (isStored) return await findView(db, actor, viewId);
  await findLesson(db, actor, lessonId, "assist");
  return null;
}

type ReportOf = { readonly viewId: string; readonly report: FoundComplaint; readonly language: Language; readonly now: number };

/** What is known of a viewer whose player told nothing. */
async function reportBody(context: DiagnosisContext, { viewId, report, language, now }: ReportOf) {
  const { explained, cid, edge } = await explainReport(context, report, now);
  const reports = [{ number: viewId, at: report.at }];
  return { viewId, lessonId: report.lessonId, name: null, cid, edge, reports, ...shownView(explained, language), moments: [] };
}

function lessonRoute(context: DiagnosisContext): ApiRoute {
  return route({
    id: "explainLesson",
    method: "GET",
    path: "/lessons/:lessonId/why",
    tag: TAG,
    summary: "Explain what troubled the viewers of a lesson at one moment, by default in its worst minute",
    access: requires("lessons:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    reads: "viewing",
    params: idParam("lessonId"),
    query: z.strictObject({ at }),
    status: 200,
    answer: lessonDiagnosisShape,
    refusals: ["not-found", "refused-by-rule"],
    handle: async ({ actor, params: { lessonId }, query, language }) => {
      await findLesson(context.db, actor, lessonId, "assist");
      const { verdict, views, at: moment, ...rest } = await explainLesson(context, lessonId, timeOf(query.at), systemClock.utc());
      return {
        body: {
          lessonId,
          ...rest,
          at: moment === null ? null : new Date(moment),
          verdict: verdictResponse(language, verdict),
          views: views.map(({ row, stallMs, explained: { verdict: own } }) => ({
            viewId: row.id,
            name: row.name,
            node: row.node,
            stallMs,
            place: own.place,
            certainty: own.certainty,
          })),
        },
      };
    },
  });
}

function timeOf(text: string | undefined): number | null {
  return text === undefined ? null : Date.parse(text);
}
