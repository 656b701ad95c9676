/** Provides Zod schemas of teaching materials in requests and answers. */
import { z } from "zod";
import { MATERIAL_KINDS, MATERIAL_NOTICES, MATERIAL_PROBLEMS } from "../../../contracts/materials/material-messages.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { id, text, time, version } from "../../foundation/requests/fields.ts";
import { MATERIAL_STATES, type Material } from "../../foundation/store/material-tables.ts";

const MAX_TITLE = 200;
const MAX_NAME = 255;

const title = text(MAX_TITLE);
export const newMaterial = z.strictObject({
  schoolId: id.optional(),
  title: title.optional().describe("Default: the name of the file, without its ending."),
  filename: text(MAX_NAME).describe("The name on the person's machine. What the file is, its content says."),
  size: z.int().min(1, fieldText.key("empty-file")).describe("Of the file, bytes."),
});
export const changedMaterial = z.strictObject({ title: title.optional() });

export const uploadShape = z
  .object({ offset: z.int().describe("Bytes that have arrived."), size: z.int() })
  .meta({ id: "MaterialUpload" });

export const materialShape = z
  .object({
    id,
    schoolId: id,
    ownerId: id.nullable(),
    title: z.string(),
    filename: z.string(),
    size: z.int().describe("Of the uploaded file, bytes."),
    uploaded: z.int().describe("Bytes that have arrived."),
    kind: z.enum(MATERIAL_KINDS).nullable().describe("Null until the file has been looked at."),
    state: z.enum(MATERIAL_STATES).describe("uploading, waiting, converting, ready or failed."),
    problem: z.enum(MATERIAL_PROBLEMS).nullable().describe("Why it failed: docs/errors.md, Problems of materials."),
    notices: z.array(z.enum(MATERIAL_NOTICES)).describe("What the pages lack of the file."),
    pages: z.int().describe("Pages that are done."),
    total: z.int().nullable().describe("Pages that there will be; null until that is known."),
    width: z.int().nullable().describe("Of the first page's large picture, pixels."),
    height: z.int().nullable(),
    createdAt: time,
    version,
  })
  .meta({ id: "Material" });

export const pageShape = z
  .object({
    n: z.int(),
    text: z.string().describe("For search and screen readers."),
    notes: z.string().describe("The speaker's notes."),
    width: z.int(),
    height: z.int(),
  })
  .meta({ id: "MaterialPage" });

export const lessonMaterialShape = z
  .object({
    material: materialShape,
    openedAt: time.nullable().describe("When it was first shown in the lesson; from then on people in its room have the pictures."),
  })
  .meta({ id: "LessonMaterial" });

export function materialResponse(material: Material) {
  const { id: materialId, title: shown, filename, kind, state, problem, notices, pages, total, width, height } = material;
  return {
    id: materialId,
    schoolId: material.school_id,
    ownerId: material.owner_id,
    title: shown,
    filename,
    size: Number(material.size),
    uploaded: Number(material.uploaded),
    kind,
    state,
    problem,
    notices: [...notices],
    pages,
    total,
    width,
    height,
    createdAt: material.created_at,
    version: material.version,
  };
}
