/**
 * Serves the API routes for teaching materials. `upload-routes.ts` takes the files, `page-routes.ts` gives the pages, `lesson-routes.ts` uses them in
 * lessons.
 */
import { sql } from "kysely";
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { materialText } from "../../foundation/messages/material-texts.ts";
import { definedFields, id, idParam, search } from "../../foundation/requests/fields.ts";
import { containsPattern, pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { requires, STAFF, TEACHERS } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { schoolScope } from "../../foundation/schools/scope.ts";
import { checkVersion } from "../../foundation/store/change.ts";
import { MATERIAL_STATES, type Material } from "../../foundation/store/material-tables.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { lessonMaterialRoutes } from "./lesson-routes.ts";
import { findMaterial, findOwnMaterial, type MaterialContext, ownMaterials } from "./material.ts";
import { pageRoutes } from "./page-routes.ts";
import { changedMaterial, materialResponse, materialShape } from "./shapes.ts";
import { uploadRoutes } from "./upload-routes.ts";

const TAG = "Materials";

export function materialRoutes(context: RouteContext & MaterialContext): ApiRoute[] {
  return [
    listMaterialsRoute(context),
    ...uploadRoutes(context),
    getMaterialRoute(context),
    changeMaterialRoute(context),
    deleteMaterialRoute(context),
    retryMaterialRoute(context),
    ...pageRoutes(context),
    ...lessonMaterialRoutes(context),
  ];
}

function listMaterialsRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listMaterials",
    method: "GET",
    path: "/materials",
    tag: TAG,
    summary: "List the materials: a teacher's own, an administrator's all, the newest first",
    access: requires("lessons:read", ...TEACHERS),
    rights: ["++++----", "+000----"],
    query: z.strictObject({
      ...paging,
      schoolId: id.optional(),
      ownerId: id.optional().describe("Of one teacher."),
      courseId: id.optional().describe("Of the lessons of a course."),
      state: z.enum(MATERIAL_STATES).optional(),
      search: search.describe("Part of the title, of the file's name, or of the text of a page."),
    }),
    status: 200,
    answer: pageOf(materialShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query }) => {
      const school = schoolScope(actor, query.schoolId);
      let matching = ownMaterials(db, actor);
      if (query.cursor) matching = matching.where("materials.id", "<", query.cursor);
      if (school !== null) matching = matching.where("materials.school_id", "=", school);
      if (query.ownerId) matching = matching.where("materials.owner_id", "=", query.ownerId);
      if (query.courseId) {
        const ofCourse = db
          .selectFrom("lesson_materials")
          .innerJoin("lessons", "lessons.id", "lesson_materials.lesson_id")
          .select("lesson_materials.material_id")
          .where("lessons.course_id", "=", query.courseId);
        matching = matching.where("materials.id", "in", ofCourse);
      }
      if (query.state) matching = matching.where("materials.state", "=", query.state);
      if (query.search) {
        const pattern = containsPattern(query.search);
        const inPages = sql<boolean>`exists (select from material_pages where material_id = materials.id and text ilike ${pattern})`;
        matching = matching.where(({ or, eb }) =>
          or([eb("materials.title", "ilike", pattern), eb("materials.filename", "ilike", pattern), inPages]),
        );
      }
      const rows = await matching
        .orderBy("materials.id", "desc")
        .limit(query.limit + 1)
        .execute();
      return { body: toPage(rows, query.limit, materialResponse) };
    },
  });
}

function getMaterialRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "getMaterial",
    method: "GET",
    path: "/materials/:materialId",
    tag: TAG,
    summary: "Get a material, with how far its upload and its conversion are",
    access: requires("lessons:read", ...STAFF),
    // A teacher's own.
    rights: ["+++0+---", "+0000---"],
    params: idParam("materialId"),
    status: 200,
    answer: materialShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => ({ body: materialResponse(await findMaterial(db, actor, params.materialId)) }),
  });
}

function changeMaterialRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "changeMaterial",
    method: "PATCH",
    path: "/materials/:materialId",
    tag: TAG,
    summary: "Change the title of a material",
    access: requires("lessons:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("materialId"),
    body: changedMaterial,
    status: 200,
    answer: materialShape,
    changes: true,
    refusals: ["not-found", "precondition-failed", "conflict", "database-away"],
    handle: ({ actor, params, body, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findOwnMaterial(change.trx, actor, params.materialId);
        checkVersion(before, ifMatch);
        const after = await updateRow(change, "materials", before, definedFields({ title: body.title }));
        await change.audit({ action: "material.change", schoolId: before.school_id, ...targetOf(before), before, after });
        return { body: materialResponse(after) };
      }),
  });
}

function deleteMaterialRoute({ changes, materialsChanged }: RouteContext & MaterialContext): ApiRoute {
  return route({
    id: "deleteMaterial",
    method: "DELETE",
    path: "/materials/:materialId",
    tag: TAG,
    summary: "Delete a material with its files for good; lessons do not have it any more",
    access: requires("lessons:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("materialId"),
    status: 204,
    answer: null,
    changes: true,
    refusals: ["not-found", "precondition-failed", "conflict", "database-away"],
    handle: ({ actor, params, ifMatch }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findOwnMaterial(change.trx, actor, params.materialId);
        checkVersion(before, ifMatch);
        await updateRow(change, "materials", before, { deleted_at: new Date() });
        await change.trx.deleteFrom("lesson_materials").where("material_id", "=", before.id).execute();
        await change.audit({ action: "material.delete", schoolId: before.school_id, ...targetOf(before), before });
        change.afterCommit(materialsChanged);
        return { body: null };
      }),
  });
}

function retryMaterialRoute({ changes, materialsChanged }: RouteContext & MaterialContext): ApiRoute {
  return route({
    id: "retryMaterial",
    method: "POST",
    path: "/materials/:materialId/retry",
    tag: TAG,
    summary: "Convert a material again that failed",
    access: requires("lessons:write", ...TEACHERS),
    rights: ["+++0----", "+000----"],
    params: idParam("materialId"),
    status: 202,
    answer: materialShape,
    refusals: ["not-found", "conflict", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findOwnMaterial(change.trx, actor, params.materialId);
        if (before.state !== "failed") throw new RefusalError("conflict", materialText("cannot-retry"));
        if (before.problem === "upload-lost") throw new RefusalError("conflict", materialText("upload-again"));
        const waiting = { state: "waiting", problem: null, pages: 0, total: null, tries: 0, waiting_since: new Date() } as const;
        const after = await updateRow(change, "materials", before, waiting);
        await change.audit({ action: "material.retry", schoolId: before.school_id, ...targetOf(before) });
        change.afterCommit(materialsChanged);
        return { body: materialResponse(after) };
      }),
  });
}

function targetOf({ id: targetId }: Material) {
  return { targetKind: "material", targetId };
}
