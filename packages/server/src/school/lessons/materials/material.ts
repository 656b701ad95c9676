/** Finds teaching materials, and decides who may have them: teachers their own, administrators all of their school's, staff those of a lesson they assist in. */
import type { SelectQueryBuilder } from "kysely";
import type { Actor } from "../../../access/actor.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { materialText } from "../../foundation/messages/material-texts.ts";
import { ADMINISTRATORS } from "../../foundation/requests/permissions.ts";
import { actsFor } from "../../foundation/schools/scope.ts";
import type { Material } from "../../foundation/store/material-tables.ts";
import type { Db, Tables } from "../../foundation/store/tables.ts";
import { hasLessonRight, visibleLessons } from "../lesson-rights.ts";
import type { MaterialStore } from "./material-store.ts";

export type MaterialContext = {
  readonly materials: MaterialStore;
  /** Something waits for conversion, or for its files to be deleted. */
  readonly materialsChanged: () => void;
};

/** Those that the actor has. */
export function ownMaterials(db: Db, actor: Actor): SelectQueryBuilder<Tables, "materials", Material> {
  const all = db.selectFrom("materials").selectAll("materials").where("materials.deleted_at", "is", null);
  if (actor.schoolId === null) return actor.role === "operator" ? all : all.where("materials.id", "is", null);
  const ofSchool = all.where("materials.school_id", "=", actor.schoolId);
  return isAdministrator(actor) ? ofSchool : ofSchool.where("materials.owner_id", "=", actor.id ?? "");
}

/** A material that the actor may change. @throws RefusalError not-found */
export async function findOwnMaterial(db: Db, actor: Actor, id: string): Promise<Material> {
  const material = await ownMaterials(db, actor).where("materials.id", "=", id).executeTakeFirst();
  if (!material) throw new RefusalError("not-found", materialText("no-material"));
  return material;
}

/** A material that the actor may look at. @throws RefusalError not-found */
export async function findMaterial(db: Db, actor: Actor, id: string): Promise<Material> {
  const material = await db
    .selectFrom("materials")
    .selectAll()
    .where("id", "=", id)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  if (material && actsFor(actor, material.school_id)) {
    if (isAdministrator(actor) || (actor.kind === "user" && material.owner_id === actor.id)) return material;
    if (await assistsWith(db, actor, id)) return material;
  }
  throw new RefusalError("not-found", materialText("no-material"));
}

function isAdministrator({ role }: Actor): boolean {
  return role !== null && ADMINISTRATORS.includes(role);
}

/** Whether the actor is staff of a lesson in which the material is used. */
async function assistsWith(db: Db, actor: Actor, materialId: string): Promise<boolean> {
  const lessons = await visibleLessons(db, actor)
    .innerJoin("lesson_materials", "lesson_materials.lesson_id", "lessons.id")
    .where("lesson_materials.material_id", "=", materialId)
    .execute();
  for (const lesson of lessons) if (await hasLessonRight(db, actor, lesson, "assist")) return true;
  return false;
}
