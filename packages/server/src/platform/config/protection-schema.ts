/** The schema of `protection`: measures against addresses that abuse the service. */
import { z } from "zod";

export const protectionSchema = z
  .strictObject({
    /** watch: measures are told of, and not taken. off: nothing is counted. */
    mode: z.enum(["enforce", "watch", "off"]).default("enforce"),
    /** Addresses and networks against which none is taken. */
    allow: z.array(z.string()).default([]),
  })
  .prefault({});
