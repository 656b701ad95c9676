/** API routes of "why": where a viewer's, or a lesson's, trouble comes from. */
import { z } from "zod";
import { type ApiRoute, route } from "../../access/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { systemClock } from "../../platform/clock.ts";
import { readCode } from "../lessons/join-code.ts";
import { findLesson } from "../lessons/lesson-rights.ts";
import { idParam, instant } from "../requests/fields.ts";
import { requires, STAFF } from "../requests/permissions.ts";
import { complaintsOf, findComplaint } from "../views/complaints.ts";
import { findView } from "../views/routes.ts";
import { explainLesson } from "./explain-lesson.ts";
import { explainView, type WhyContext } from "./explain-view.ts";
import { lessonWhyShape, verdictResponse, whyShape } from "./shapes.ts";

const TAG = "Why";
const at = instant.optional().describe("About when it was. Default: where it was worst.");

export function whyRoutes(context: WhyContext): ApiRoute[] {
  return [viewRoute(context), lessonRoute(context)];
}

function viewRoute(context: WhyContext): ApiRoute {
  return route({
    id: "explainView",
    method: "GET",
    path: "/views/:viewId/why",
    tag: TAG,
    summary:
      "Explain a viewer's trouble, by the session's id or the number of the viewer's report: uplink, origin, link between servers, edge, the viewer's line or device, with the evidence",
    access: requires("lessons:read", ...STAFF),
    params: z.strictObject({ viewId: z.string().max(64).describe("The session, or the number of a report.") }),
    query: z.strictObject({ at }),
    status: 200,
    answer: whyShape,
    refusals: ["not-found", "refused-by-rule"],
    handle: async ({ actor, params: { viewId }, query, language }) => {
      const asked = await sessionOf(context, viewId);
      const row = await findView(context.db, actor, asked.id);
      const near = timeOf(query.at) ?? asked.reportedAt;
      const { span, verdict, evidence, origin, tracks } = await explainView(context, row, near, systemClock.utc());
      return {
        body: {
          viewId: row.id,
          lessonId: row.lesson_id,
          name: row.name,
          cid: row.cid,
          edge: row.node,
          origin,
          reports: await complaintsOf(context.db, row.id),
          from: new Date(span.from),
          to: new Date(span.to),
          verdict: verdictResponse(language, verdict),
          sameEdge: evidence.sameEdge,
          elsewhere: evidence.elsewhere,
          moments: row.moments.map(({ at: told, intervalMs, bufferMs, stallMs, frames, droppedFrames, longTaskMs }) => ({
            at: told,
            ...{ intervalMs, bufferMs, stallMs, frames, droppedFrames, longTaskMs },
          })),
          tracks,
        },
      };
    },
  });
}

function lessonRoute(context: WhyContext): ApiRoute {
  return route({
    id: "explainLesson",
    method: "GET",
    path: "/lessons/:lessonId/why",
    tag: TAG,
    summary: "Explain what troubled the viewers of a lesson at one moment, by default in its worst minute",
    access: requires("lessons:read", ...STAFF),
    params: idParam("lessonId"),
    query: z.strictObject({ at }),
    status: 200,
    answer: lessonWhyShape,
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
            ...{ viewId: row.id, name: row.name, node: row.node, stallMs },
            ...{ place: own.place, certainty: own.certainty },
          })),
        },
      };
    },
  });
}

type Asked = { readonly id: string; readonly reportedAt: number | null };

/** A report's number is short; a session's id is not. @throws RefusalError not-found */
async function sessionOf({ db }: WhyContext, viewId: string): Promise<Asked> {
  const number = readCode(viewId);
  if (number === null) return { id: viewId, reportedAt: null };
  const report = await findComplaint(db, number);
  if (!report) throw new RefusalError("not-found");
  return { id: report.viewId, reportedAt: report.at.getTime() };
}

function timeOf(text: string | undefined): number | null {
  return text === undefined ? null : Date.parse(text);
}
