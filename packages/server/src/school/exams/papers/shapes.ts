/** Defines what the API takes and returns about papers. */
import { z } from "zod";
import { id, text, time, version } from "../../foundation/requests/fields.ts";
import type { ExamPaper } from "../../foundation/store/exam-tables.ts";
import { paperContent } from "./content.ts";

const courseId = id.nullish().describe("The course whose teachers use and change it. Default: all teachers of the school.");

export const newPaper = z.strictObject({
  schoolId: id.optional(),
  courseId,
  title: text(200),
  content: paperContent.optional().describe("Default: a paper without sections."),
});
export const changedPaper = z.strictObject({ courseId, title: text(200).optional(), content: paperContent.optional() });

const summary = {
  id,
  schoolId: id,
  courseId: id.nullable(),
  title: z.string(),
  questions: z.int().describe("Of all sections."),
  points: z.number().describe("That a candidate can reach."),
  createdAt: time,
  version,
};
export const paperSummaryShape = z.object(summary).meta({ id: "ExamPaperSummary" });
export const paperShape = z.object({ ...summary, content: paperContent }).meta({ id: "ExamPaper" });

export function paperSummary(paper: Omit<ExamPaper, "content">) {
  return {
    id: paper.id,
    schoolId: paper.school_id,
    courseId: paper.course_id,
    title: paper.title,
    questions: paper.questions,
    points: paper.points,
    createdAt: paper.created_at,
    version: paper.version,
  };
}

export function paperResponse(paper: ExamPaper): z.input<typeof paperShape> {
  return { ...paperSummary(paper), content: structuredClone(paper.content) as z.input<typeof paperContent> };
}
