/** Serves the API route of a lesson's board as a PDF, for its staff. */
import { type ApiRoute, route } from "../../../access/route.ts";
import type { WriteBoardPdf } from "../../../contracts/rooms/board-sheet.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { Semaphore } from "../../../platform/semaphore.ts";
import { boardText } from "../../foundation/messages/board-texts.ts";
import { fileBytes, idParam } from "../../foundation/requests/fields.ts";
import { requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { findLesson } from "../../lessons/lesson-rights.ts";
import type { MaterialContext } from "../../lessons/materials/material.ts";
import { openedMaterial } from "../../lessons/materials/slides.ts";
import { boardSheets, findSets, type ReadSlide } from "./board-sheets.ts";

export type BoardPdfContext = { readonly writeBoardPdf: WriteBoardPdf };

/** Files are made one after the other: each takes a core and some hundred megabytes while it is made. */
const AT_ONCE = 1;
const MAX_WAITING = 5;
const BUSY_SECONDS = 30;

export function boardPdfRoute({ db, materials, writeBoardPdf }: RouteContext & MaterialContext & BoardPdfContext): ApiRoute {
  const writing = new Semaphore(AT_ONCE);
  return route({
    id: "getBoardPdf",
    method: "GET",
    path: "/lessons/:lessonId/board.pdf",
    tag: "Rooms",
    summary: "Get the slides and the board of a lesson as PDF, with what was drawn on them",
    access: requires("rooms:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    reads: { unlogged: "the board of a lesson" },
    params: idParam("lessonId"),
    status: 200,
    answer: fileBytes,
    answerType: "application/pdf",
    refusals: ["not-found", "refused-by-rule", "too-many", "storage-away", "database-away"],
    handle: async ({ actor, params: { lessonId } }) => {
      const lesson = await findLesson(db, actor, lessonId, "assist");
      const { sets } = await findSets(db, lessonId);
      if (sets.length === 0) throw new RefusalError("not-found", boardText("no-board"));
      if (writing.waiting >= MAX_WAITING)
        throw new RefusalError(new Refusal("too-many", boardText("pdf-busy")).after(BUSY_SECONDS));
      const read = slideReader(db, materials, lessonId);
      const body = await writing.run(() => writeBoardPdf(lesson.title, boardSheets(db, lessonId, read)));
      return { body, headers: { "content-disposition": 'attachment; filename="board.pdf"', "cache-control": "no-store" } };
    },
  });
}

/** Pictures of what the lesson has opened, and of nothing else: an item on the board may name any material. */
function slideReader(db: Db, materials: MaterialContext["materials"], lessonId: string): ReadSlide {
  const opened = new Map<string, ReturnType<typeof openedMaterial>>();
  return async (id, page) => {
    const asked = opened.get(id) ?? openedMaterial(db, lessonId, id);
    opened.set(id, asked);
    const material = await asked;
    if (!material || page > material.pages) return null;
    return await materials.read(material.node, id, `large-${page}.webp`).catch(() => {
      throw new RefusalError("storage-away");
    });
  };
}
