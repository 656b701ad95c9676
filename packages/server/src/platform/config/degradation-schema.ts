/** Defines the configuration of what nodes do without by themselves under pressure: docs/operations.md. */
import { z } from "zod";

export const degradationSchema = z
  .strictObject({
    /** Whether nodes do without something by themselves. What operators turn off is off in any case. */
    automatic: z.boolean().default(true),
    /** A node is pressed where timers of one of its processes are later than so many milliseconds; 0: never by this. */
    loopDelayMs: z.number().int().min(0).max(60_000).default(80),
    /** Where a group of actions in a room takes longer to be stored, milliseconds; 0: never by this. */
    storeMs: z.number().int().min(0).max(60_000).default(400),
    /** Where the processors are busier than so many percent; 0: never by this. */
    processorPercent: z.number().min(0).max(100).default(97),
    /** Where more of the memory is used than so many percent; 0: never by this. */
    memoryPercent: z.number().min(0).max(100).default(95),
  })
  .prefault({});
