/** Defines what the API takes and returns about courses and their members. */
import { z } from "zod";
import { externalId, id, text, time, version } from "../../foundation/requests/fields.ts";
import { ladderChoiceFields, ladderFields } from "../../foundation/schools/ladder-choice.ts";

export const memberRole = z.enum(["teacher", "assistant", "student", "supervisor"]);

export const courseShape = z
  .object({
    id,
    schoolId: id,
    name: z.string(),
    description: z.string(),
    externalId: z.string().nullable(),
    ...ladderFields,
    createdAt: time,
    updatedAt: time,
    version,
  })
  .meta({ id: "Course" });
export const newCourse = z.strictObject({
  schoolId: id.optional(),
  name: text(200),
  description: z.string().max(10_000).default(""),
  externalId: externalId.optional(),
  ...ladderChoiceFields,
});
export const changedCourse = z.strictObject({
  name: text(200).optional(),
  description: z.string().max(10_000).optional(),
  externalId: externalId.nullable().optional(),
  ...ladderChoiceFields,
});
export const memberShape = z.object({ userId: id, login: z.string(), name: z.string(), role: memberRole }).meta({ id: "Member" });
export const newMember = z.strictObject({ role: memberRole });
