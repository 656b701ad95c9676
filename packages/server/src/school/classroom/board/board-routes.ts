/** API routes about a lesson's board as a whole, for its staff. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { findLesson } from "../../lessons/lesson-rights.ts";
import { idParam } from "../../requests/fields.ts";
import { requires, STAFF } from "../../requests/permissions.ts";
import type { RouteContext } from "../../requests/route-context.ts";
import { hasShownPages } from "../replay/board-log.ts";
import { findSets } from "./board-sheets.ts";

const TAG = "Rooms";

const boardShape = z
  .object({
    pages: z.number().describe("Of the slides and boards that were not closed: the pages of the PDF. 0: there is no PDF."),
    wasShown: z.boolean().describe("Whether the lesson has shown any page: its recordings can be made into films with the board."),
  })
  .meta({ id: "Board" });

export function boardRoutes(context: RouteContext): ApiRoute[] {
  return [getBoardRoute(context)];
}

function getBoardRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "getBoard",
    method: "GET",
    path: "/lessons/:lessonId/board",
    tag: TAG,
    summary: "Get how many pages the slides and the board of a lesson have, and whether any was shown",
    access: requires("rooms:read", ...STAFF),
    params: idParam("lessonId"),
    status: 200,
    answer: boardShape,
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params: { lessonId } }) => {
      await findLesson(db, actor, lessonId, "assist");
      const { sets } = await findSets(db, lessonId);
      const pages = sets.reduce((sum, { count }) => sum + count, 0);
      return { body: { pages, wasShown: await hasShownPages(db, lessonId) } };
    },
  });
}
