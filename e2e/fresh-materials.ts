/** Provides materials for tests of who may do what: one that is ready and used in a lesson, one that failed, and one that is being uploaded. */
import { json } from "../packages/server/src/platform/store/store.ts";
import type { Database } from "../packages/server/src/school/foundation/store/tables.ts";

type Ids = Readonly<Record<"materialId" | "failedMaterialId" | "openMaterialId" | "lessonId", string>>;

export async function freshMaterials(db: Database, school_id: string, owner_id: string, ids: Ids): Promise<void> {
  // A person may have only so many open uploads.
  await db.deleteFrom("materials").where("school_id", "=", school_id).where("state", "=", "uploading").execute();
  const row = { school_id, owner_id, title: "Slides", filename: "slides.pdf", size: 4, notices: json([]), node: "n" };
  await db
    .insertInto("materials")
    .values([
      { ...row, id: ids.materialId, state: "ready", kind: "pdf", uploaded: 4, pages: 1, total: 1, width: 1600, height: 900 },
      { ...row, id: ids.failedMaterialId, state: "failed", problem: "damaged", uploaded: 4 },
      { ...row, id: ids.openMaterialId, state: "uploading" },
    ])
    .execute();
  const page = { n: 1, text: "One", notes: "For the teacher", width: 1600, height: 900 };
  await db
    .insertInto("material_pages")
    .values({ ...page, material_id: ids.materialId })
    .execute();
  await db.insertInto("lesson_materials").values({ lesson_id: ids.lessonId, material_id: ids.materialId }).execute();
}
