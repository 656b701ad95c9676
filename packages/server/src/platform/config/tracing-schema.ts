/** Defines the schema of `tracing`: where spans are sent, and of how many traces. */
import { z } from "zod";

export const tracingSchema = z
  .strictObject({
    /** A collector that takes OTLP by HTTP, http://collector:4318, without `/v1/traces`; empty: nothing is traced. */
    endpoint: z.union([z.literal(""), z.url({ protocol: /^https?$/, error: "is not an http or https address" })]).default(""),
    /** The share of traces that are recorded, 0 to 1. Publishers are recorded always. */
    sample: z.number().min(0).max(1).default(0.01),
    /** Sent to the collector with each request, such as a key. */
    headers: z.record(z.string().regex(/^[A-Za-z0-9-]+$/, "is not a name of a header"), z.string()).default({}),
  })
  .prefault({});
