/** Defines the configuration of recordings: docs/recording.md. */
import { z } from "zod";

const positiveInt = z.number().int().positive();

export const recordingSchema = z
  .strictObject({
    /** Which streams are recorded besides those of lessons that say so. */
    auto: z.enum(["none", "pushed", "pulled", "all"]).default("none"),
    /** A recording goes on in another file after so long, or so many bytes, at the next key frame. */
    maxSegmentSeconds: z.number().positive().max(86_400).default(1800),
    maxSegmentBytes: positiveInt.default(1073741824),
    /** Memory for media that wait for a slow disk, of all workers together; auto: a sixteenth of the machine's, at most 512 MiB. */
    backlogBytes: z.union([z.literal("auto"), positiveInt]).default("auto"),
    /** Recordings go into the bin after so many days; 0: never. */
    retainDays: z.number().min(0).default(0),
  })
  .prefault({});
