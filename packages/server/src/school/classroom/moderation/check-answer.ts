/** Defines what a school's own check answers about a text or a picture. */
import { z } from "zod";

/** Answers may have more fields than these. mask: with the text that others see. hold: a teacher decides. */
export const checkAnswer = z
  .object({
    action: z.enum(["pass", "mask", "hold", "refuse"]),
    text: z.string().trim().min(1).max(2000).optional(),
    reason: z.string().max(200).optional(),
  })
  .refine(({ action, text }) => action !== "mask" || text !== undefined);
export type Checked = z.output<typeof checkAnswer>;
