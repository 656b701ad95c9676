/** Reads which files of answers are stored, and presents them without their bytes. */
import { z } from "zod";
import { time } from "../foundation/requests/fields.ts";
import type { ExamFile } from "../foundation/store/exam-tables.ts";
import type { Db } from "../foundation/store/tables.ts";

export const answerFile = z
  .object({
    id: z.string().describe("As the answer names it; it counts within the attempt."),
    question: z.string(),
    type: z.string().describe("By its content: image/jpeg, image/png, image/webp, audio/webm or audio/mp4."),
    size: z.int().describe("Bytes."),
    width: z.int().nullable().describe("Of a photo, in pixels."),
    height: z.int().nullable(),
    seconds: z.number().nullable().describe("Of recorded sound."),
    takenAt: time.describe("By the device."),
    storedAt: time,
    isLate: z.boolean().describe("It came after the end."),
  })
  .meta({ id: "ExamAnswerFile" });
type AnswerFile = z.input<typeof answerFile>;

/** Those that are stored, in the order in which they were taken. @param question only of this one */
export async function storedFiles(
  db: Db,
  attemptIds: readonly string[],
  question: string | null = null,
): Promise<readonly ExamFile[]> {
  if (attemptIds.length === 0) return [];
  return await db
    .selectFrom("exam_files")
    .selectAll()
    .where("attempt_id", "in", attemptIds)
    .where("stored_at", "is not", null)
    .$if(question !== null, (all) => all.where("question", "=", question ?? ""))
    .orderBy("attempt_id")
    .orderBy("taken_at")
    .orderBy("id")
    .execute();
}

/** Those that an answer names, in its order. What is not here has not arrived. @param value of the answer */
export function namedFiles(files: readonly ExamFile[], value: unknown): AnswerFile[] {
  const names = typeof value === "object" && value !== null && "uploads" in value ? value.uploads : null;
  if (!Array.isArray(names)) return [];
  return names.flatMap((name) => {
    const file = files.find(({ id }) => id === name);
    return file ? presentFile(file) : [];
  });
}

export function presentFile(file: ExamFile): AnswerFile[] {
  const { id, question, size, type, width, height, seconds, taken_at, stored_at, is_late } = file;
  if (type === null || stored_at === null) return [];
  return [{ id, question, type, size, width, height, seconds, takenAt: taken_at, storedAt: stored_at, isLate: is_late }];
}
