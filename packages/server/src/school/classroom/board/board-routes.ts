/** Serves the API routes about a lesson's board as a whole, for its staff. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { id, idParam, time } from "../../foundation/requests/fields.ts";
import { requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import type { Db, Lesson } from "../../foundation/store/tables.ts";
import { findLesson, hasLessonRight, visibleLessons } from "../../lessons/lesson-rights.ts";
import { hasShownPages } from "../../lessons/shown-page.ts";
import { findSets } from "./board-sheets.ts";

const TAG = "Rooms";

const boardShape = z
  .object({
    pages: z.number().describe("Of the slides and boards that were not closed: the pages of the PDF. 0: there is no PDF."),
    wasShown: z.boolean().describe("Whether the lesson has shown any page: its recordings can be made into board videos."),
  })
  .meta({ id: "Board" });

const earlierBoardShape = z
  .object({
    lessonId: id,
    title: z.string(),
    at: time.describe("When the lesson began, or else when it was to begin, or was created."),
    pages: z.number().describe("At least 1."),
  })
  .meta({ id: "EarlierBoard" });

/** A teacher goes on with one of the last lessons: the list has no second page. */
const MAX_EARLIER = 20;
const MAX_LOOKED_AT = 60;
const EARLIER_DAYS = 400;
const MS_OF_DAY = 86_400_000;

export function boardRoutes(context: RouteContext): ApiRoute[] {
  return [getBoardRoute(context), listEarlierBoardsRoute(context)];
}

function getBoardRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "getBoard",
    method: "GET",
    path: "/lessons/:lessonId/board",
    tag: TAG,
    summary: "Get how many pages the slides and the board of a lesson have, and whether any was shown",
    access: requires("rooms:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    params: idParam("lessonId"),
    status: 200,
    answer: boardShape,
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params: { lessonId } }) => {
      await findLesson(db, actor, lessonId, "assist");
      return { body: { pages: await countPages(db, lessonId), wasShown: await hasShownPages(db, lessonId) } };
    },
  });
}

function listEarlierBoardsRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listEarlierBoards",
    method: "GET",
    path: "/lessons/:lessonId/earlier-boards",
    tag: TAG,
    summary: "List the last other lessons that have a board with which this lesson can continue",
    access: requires("rooms:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    params: idParam("lessonId"),
    status: 200,
    answer: z.object({ items: z.array(earlierBoardShape).describe(`The last ones first, at most ${MAX_EARLIER}.`) }),
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params: { lessonId } }) => {
      const lesson = await findLesson(db, actor, lessonId, "assist");
      const items: z.input<typeof earlierBoardShape>[] = [];
      for (const one of await lessonsWithPages(db, actor, lesson)) {
        if (items.length === MAX_EARLIER) break;
        if (!(await hasLessonRight(db, actor, one, "assist"))) continue;
        const pages = await countPages(db, one.id);
        if (pages === 0) continue;
        items.push({
          lessonId: one.id,
          title: one.title,
          at: (one.started_at ?? one.starts_at ?? one.created_at).toISOString(),
          pages,
        });
      }
      return { body: { items } };
    },
  });
}

/** Others of the school that the actor may see, whose rooms have opened pages; the last ones first. */
async function lessonsWithPages(db: Db, actor: Actor, { id, school_id: school }: Lesson): Promise<readonly Lesson[]> {
  return await visibleLessons(db, actor)
    .where("lessons.school_id", "=", school)
    .where("lessons.id", "!=", id)
    .where("lessons.updated_at", ">", new Date(Date.now() - EARLIER_DAYS * MS_OF_DAY))
    .where(({ exists, selectFrom }) =>
      exists(
        selectFrom("room_entries as entry")
          .select("entry.id")
          .whereRef("entry.lesson_id", "=", "lessons.id")
          .where("entry.kind", "=", "page"),
      ),
    )
    .orderBy(({ fn }) => fn.coalesce("lessons.started_at", "lessons.starts_at", "lessons.created_at"), "desc")
    .orderBy("lessons.id", "desc")
    .limit(MAX_LOOKED_AT)
    .execute();
}

async function countPages(db: Db, lessonId: string): Promise<number> {
  const { sets } = await findSets(db, lessonId);
  return sets.reduce((sum, { count }) => sum + count, 0);
}
