/** Defines what rooms and media workers need of teaching materials: what a board shows of one, and whether a lesson has opened it. */
import type { Transaction } from "kysely";
import type { PageText } from "../../../contracts/materials/material-messages.ts";
import { ADMINISTRATORS } from "../../foundation/requests/permissions.ts";
import type { Db, Tables } from "../../foundation/store/tables.ts";

export type Slides = {
  readonly title: string;
  readonly count: number;
  /** Of the first page's large picture, in pixels. */
  readonly width: number;
  readonly height: number;
};

/** Materials with pages to show: the others of a material that is being converted follow. */
const SHOWN = ["ready", "converting"] as const;

/**
 * The slides of a material that a person may show in a lesson's room: an own one, one that was put ready for the lesson, for an administrator any of the school.
 * Null: there is no such material, or it has no pages yet.
 */
export async function findSlides(
  trx: Transaction<Tables>,
  { lessonId, schoolId, personId }: { readonly lessonId: string; readonly schoolId: string; readonly personId: string },
  materialId: string,
): Promise<Slides | null> {
  const material = await trx
    .selectFrom("materials")
    .leftJoin("lesson_materials as ready", (join) =>
      join.onRef("ready.material_id", "=", "materials.id").on("ready.lesson_id", "=", lessonId),
    )
    .select(["title", "pages", "total", "width", "height", "owner_id", "ready.lesson_id as ready_in"])
    .where("id", "=", materialId)
    .where("school_id", "=", schoolId)
    .where("state", "in", SHOWN)
    .where("pages", ">", 0)
    .where("deleted_at", "is", null)
    .executeTakeFirst();
  if (!material || material.width === null || material.height === null) return null;
  if (material.ready_in === null && !(await isOwn(trx, personId, material.owner_id))) return null;
  return { title: material.title, count: material.total ?? material.pages, width: material.width, height: material.height };
}

async function isOwn(trx: Transaction<Tables>, personId: string, ownerId: string | null): Promise<boolean> {
  const user = await trx
    .selectFrom("participants")
    .innerJoin("users", "users.id", "participants.user_id")
    .select(["users.id", "users.role"])
    .where("participants.id", "=", personId)
    .executeTakeFirst();
  return user !== undefined && (user.id === ownerId || ADMINISTRATORS.includes(user.role));
}

/** Notes that a lesson shows a material: from now on, people in its room have the pictures. */
export async function openMaterial(trx: Transaction<Tables>, lessonId: string, materialId: string): Promise<void> {
  await trx
    .insertInto("lesson_materials")
    .values({ lesson_id: lessonId, material_id: materialId, opened_at: new Date() })
    .onConflict((conflict) =>
      conflict.columns(["lesson_id", "material_id"]).doUpdateSet(({ fn, ref }) => ({
        opened_at: fn.coalesce(ref("lesson_materials.opened_at"), ref("excluded.opened_at")),
      })),
    )
    .execute();
}

/** Notes that a lesson shows a material that another one has opened; nothing where that has not. */
export async function reopenMaterial(
  trx: Transaction<Tables>,
  { from, to }: { readonly from: string; readonly to: string },
  materialId: string,
): Promise<void> {
  if (await openedMaterial(trx, from, materialId)) await openMaterial(trx, to, materialId);
}

/** What a lesson's room has opened of a material; null: nothing. */
export async function openedMaterial(
  db: Db,
  lessonId: string,
  materialId: string,
): Promise<{ readonly pages: number; readonly node: string | null } | null> {
  const opened = await db
    .selectFrom("lesson_materials")
    .innerJoin("materials", "materials.id", "lesson_materials.material_id")
    .select(["materials.pages", "materials.node"])
    .where("lesson_materials.lesson_id", "=", lessonId)
    .where("lesson_materials.material_id", "=", materialId)
    .where("lesson_materials.opened_at", "is not", null)
    .where("materials.state", "in", SHOWN)
    .where("materials.deleted_at", "is", null)
    .executeTakeFirst();
  return opened ?? null;
}

/** The text of the pages that a lesson's room has opened, for screen readers; null: nothing was opened. */
export async function openedTexts(db: Db, lessonId: string, materialId: string): Promise<readonly PageText[] | null> {
  if (!(await openedMaterial(db, lessonId, materialId))) return null;
  return await db.selectFrom("material_pages").select(["n", "text"]).where("material_id", "=", materialId).orderBy("n").execute();
}
