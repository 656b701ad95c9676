/** Serves the API routes for the materials of a lesson: put ready before it, and shown in it. One material may be in many lessons. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { materialText } from "../../foundation/messages/material-texts.ts";
import { id, idParam } from "../../foundation/requests/fields.ts";
import { requires, STAFF, TEACHERS } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { findLesson } from "../lesson-rights.ts";
import { findMaterial } from "./material.ts";
import { lessonMaterialShape, materialResponse } from "./shapes.ts";
import { openMaterial } from "./slides.ts";

const TAG = "Materials";
const MAX_OF_LESSON = 100;
const both = z.strictObject({ lessonId: id, materialId: id });

export function lessonMaterialRoutes(context: RouteContext): ApiRoute[] {
  return [listLessonMaterialsRoute(context), putLessonMaterialRoute(context), removeLessonMaterialRoute(context)];
}

function listLessonMaterialsRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listLessonMaterials",
    method: "GET",
    path: "/lessons/:lessonId/materials",
    tag: TAG,
    summary: "List the materials of a lesson, in the order in which they were added",
    access: requires("lessons:read", ...STAFF),
    rights: ["+++0+---", "+0000---"],
    params: idParam("lessonId"),
    status: 200,
    answer: z.object({ items: z.array(lessonMaterialShape) }),
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: async ({ actor, params }) => {
      const lesson = await findLesson(db, actor, params.lessonId, "assist");
      const rows = await ofLesson(db, lesson.id).orderBy("lesson_materials.created_at").orderBy("materials.id").execute();
      return { body: { items: rows.map((row) => ({ material: materialResponse(row), openedAt: row.opened_at })) } };
    },
  });
}

function putLessonMaterialRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "putLessonMaterial",
    method: "PUT",
    path: "/lessons/:lessonId/materials/:materialId",
    tag: TAG,
    summary: "Add a material to a lesson; with `opened`, people in its room have the pictures from now on",
    access: requires("lessons:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: both,
    body: z.strictObject({ opened: z.boolean().default(false) }),
    status: 200,
    answer: lessonMaterialShape,
    refusals: ["not-found", "refused-by-rule", "conflict", "database-away"],
    handle: ({ actor, params, body }) =>
      changes.transact({ actor }, async (change) => {
        const { trx } = change;
        const lesson = await findLesson(trx, actor, params.lessonId, "teach");
        const material = await findMaterial(trx, actor, params.materialId);
        // An operator has materials of every school.
        if (material.school_id !== lesson.school_id) throw new RefusalError("not-found", materialText("no-material"));
        if (body.opened && material.pages === 0) throw new RefusalError("conflict", materialText("not-ready"));
        const { count } = await trx
          .selectFrom("lesson_materials")
          .select((row) => row.fn.countAll<number>().as("count"))
          .where("lesson_id", "=", lesson.id)
          .where("material_id", "!=", material.id)
          .executeTakeFirstOrThrow();
        if (Number(count) >= MAX_OF_LESSON)
          throw new RefusalError("conflict", materialText("too-many-in-lesson", { max: MAX_OF_LESSON }));
        await trx
          .insertInto("lesson_materials")
          .values({ lesson_id: lesson.id, material_id: material.id })
          .onConflict((conflict) => conflict.doNothing())
          .execute();
        if (body.opened) await openMaterial(trx, lesson.id, material.id);
        await change.audit({
          action: body.opened ? "material.open" : "material.add",
          schoolId: lesson.school_id,
          targetKind: "lesson",
          targetId: lesson.id,
          after: { material: material.id },
        });
        const row = await ofLesson(trx, lesson.id).where("materials.id", "=", material.id).executeTakeFirstOrThrow();
        return { body: { material: materialResponse(row), openedAt: row.opened_at } };
      }),
  });
}

function removeLessonMaterialRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "removeLessonMaterial",
    method: "DELETE",
    path: "/lessons/:lessonId/materials/:materialId",
    tag: TAG,
    summary:
      "Remove a material from a lesson; the material stays, and people in the lesson's room do not get its pictures any more",
    access: requires("lessons:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: both,
    status: 204,
    answer: null,
    refusals: ["not-found", "refused-by-rule", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const lesson = await findLesson(change.trx, actor, params.lessonId, "teach");
        const removed = await change.trx
          .deleteFrom("lesson_materials")
          .where("lesson_id", "=", lesson.id)
          .where("material_id", "=", params.materialId)
          .returning("material_id")
          .executeTakeFirst();
        if (!removed) throw new RefusalError("not-found", materialText("no-material"));
        await change.audit({
          action: "material.remove",
          schoolId: lesson.school_id,
          targetKind: "lesson",
          targetId: lesson.id,
          before: { material: params.materialId },
        });
        return { body: null };
      }),
  });
}

function ofLesson(db: Db, lessonId: string) {
  return db
    .selectFrom("lesson_materials")
    .innerJoin("materials", "materials.id", "lesson_materials.material_id")
    .selectAll("materials")
    .select("lesson_materials.opened_at")
    .where("lesson_materials.lesson_id", "=", lessonId)
    .where("materials.deleted_at", "is", null);
}
