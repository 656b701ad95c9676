/** Defines the field in which people say why they ask for an act that a second person approves. */
import { z } from "zod";

/** Empty: no reason is given. Where the act needs no approval it is not kept. */
export const reason = z
  .string()
  .trim()
  .max(500)
  .default("")
  .describe("Why, for the person who decides, where the school has one approve this.");
