/** Defines what the API takes and returns about groups of candidates. */
import { z } from "zod";
import { id, text, time, version } from "../../foundation/requests/fields.ts";

const MAX_CANDIDATES = 5000;
const MAX_SUPERVISORS = 100;

const fields = {
  name: text(100),
  courseId: id.nullish().describe("The members of this course are its candidates, unless another group lists them. Default: none."),
  candidateIds: z.array(id).max(MAX_CANDIDATES).describe("People who are its candidates. Default: none."),
  supervisorIds: z
    .array(id)
    .max(MAX_SUPERVISORS)
    .describe("People of the school's staff, or supervisors, who see its candidates. Default: none."),
};

export const newGroup = z.strictObject({
  name: fields.name,
  courseId: fields.courseId,
  candidateIds: fields.candidateIds.default([]),
  supervisorIds: fields.supervisorIds.default([]),
});
export const changedGroup = z.strictObject(fields).partial();

export const groupShape = z
  .object({
    id,
    name: z.string(),
    courseId: id.nullable(),
    candidateIds: z.array(id),
    supervisorIds: z.array(id),
    attempts: z.int().describe("Of candidates who have entered and are in this group."),
    createdAt: time,
    version,
  })
  .meta({ id: "ExamGroup" });
