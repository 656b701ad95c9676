/** Defines what rotations of secrets have in common. */
import { z } from "zod";

const DAY = 24 * 3600;

export const overlapSeconds = z
  .int()
  .min(0)
  .max(30 * DAY)
  .default(DAY)
  .describe("How long the old secret works beside the new one. Default: one day; at most 30 days.");
