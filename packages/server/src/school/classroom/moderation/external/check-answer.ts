/** What a school's own check answers about a text or a picture. */
import { z } from "zod";

export const CHECK_KINDS = ["text", "picture"] as const;
export type CheckKind = (typeof CHECK_KINDS)[number];

/** mask: with the text of the answer instead. hold: a teacher decides. */
const CHECK_ANSWERS = ["pass", "mask", "hold", "refuse"] as const;
export type CheckAnswer = (typeof CHECK_ANSWERS)[number];

/** Answers may have more fields than these. */
export const checkAnswer = z
  .object({
    action: z.enum(CHECK_ANSWERS),
    text: z.string().trim().min(1).max(2000).optional(),
    reason: z.string().max(200).optional(),
  })
  .refine(({ action, text }) => action !== "mask" || text !== undefined);
export type Checked = z.output<typeof checkAnswer>;
