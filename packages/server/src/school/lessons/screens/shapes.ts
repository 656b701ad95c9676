/** Defines what the API takes and returns about televisions. */
import { z } from "zod";
import { id, time } from "../../foundation/requests/fields.ts";

export const createdScreenShape = z
  .object({
    secret: z.string().describe("Only for the television: asks what became of the code, and opens `/watch#SECRET` afterwards."),
    code: z.string().describe("For people: eight letters."),
    expiresAt: time,
    intervalSeconds: z.int().describe("Ask no more often."),
  })
  .meta({ id: "CreatedScreen" });

export const requestedScreen = z.strictObject({ secret: z.string().min(1).max(100) });

export const screenShape = z
  .object({
    lessonId: id.nullable().describe("The lesson that a phone has chosen; null: none yet."),
  })
  .meta({ id: "Screen" });

export const admittedScreen = z.strictObject({
  code: z.string().max(40).describe("What the television shows."),
  lessonId: id,
  token: z.string().max(100).optional().describe("Of a guest, from joining the lesson."),
});

export const admittedScreenShape = z
  .object({ title: z.string().describe("Of the lesson."), until: time.describe("The television is out then at the latest.") })
  .meta({ id: "AdmittedScreen" });
