/**
 * Serves the API routes for the pages of teaching materials: text and speaker's notes, and the pictures. People in a lesson get the pictures at the
 * doors of media workers.
 */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { PAGE_WIDTHS, type PageSize } from "../../../contracts/materials/material-messages.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { materialText } from "../../foundation/messages/material-texts.ts";
import { fileBytes, id } from "../../foundation/requests/fields.ts";
import { requires, STAFF } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { findMaterial, type MaterialContext } from "./material.ts";
import { pageShape } from "./shapes.ts";

const TAG = "Materials";
const MAX_PAGE = 999;
const pageParams = z.strictObject({ materialId: id, n: z.coerce.number().int().min(1).max(MAX_PAGE) });
const sizes = Object.keys(PAGE_WIDTHS) as [PageSize, ...PageSize[]];

export function pageRoutes(context: RouteContext & MaterialContext): ApiRoute[] {
  return [getPageRoute(context), getImageRoute(context)];
}

function getPageRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "getMaterialPage",
    method: "GET",
    path: "/materials/:materialId/pages/:n",
    tag: TAG,
    summary: "Get the text and the speaker's notes of a page",
    access: requires("lessons:read", ...STAFF),
    // The material is used in the lesson that the assistant assists in.
    rights: ["+++0+---", "+0000---"],
    params: pageParams,
    status: 200,
    answer: pageShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      await findMaterial(db, actor, params.materialId);
      return { body: await findPage(db, params.materialId, params.n) };
    },
  });
}

function getImageRoute({ db, materials }: RouteContext & MaterialContext): ApiRoute {
  return route({
    id: "getMaterialPicture",
    method: "GET",
    path: "/materials/:materialId/pages/:n/picture",
    tag: TAG,
    summary: "Get the picture of a page as WebP: 1600 pixels wide, or 480",
    access: requires("lessons:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    params: pageParams,
    query: z.strictObject({ size: z.enum(sizes).default("large") }),
    status: 200,
    answer: fileBytes,
    answerType: "image/webp",
    refusals: ["not-found", "storage-away", "database-away"],
    handle: async ({ actor, params, query }) => {
      const material = await findMaterial(db, actor, params.materialId);
      await findPage(db, material.id, params.n);
      const bytes = await materials.read(material.node, material.id, `${query.size}-${params.n}.webp`).catch(() => {
        throw new RefusalError("storage-away");
      });
      if (!bytes) throw new RefusalError("not-found", materialText("no-page"));
      return { body: bytes, headers: { "cache-control": "private, max-age=86400, immutable" } };
    },
  });
}

/** @throws RefusalError not-found */
async function findPage(db: Db, materialId: string, n: number) {
  const page = await db
    .selectFrom("material_pages")
    .select(["n", "text", "notes", "width", "height"])
    .where("material_id", "=", materialId)
    .where("n", "=", n)
    .executeTakeFirst();
  if (!page) throw new RefusalError("not-found", materialText("no-page"));
  return page;
}
