/** Defines the schema of `load`: whether load tests of this server may begin, and how large one may be (docs/load.md). */
import { z } from "zod";

const positiveInt = z.number().int().positive();

export const loadTestsSchema = z
  .strictObject({
    /** Who knows it may begin load tests. Empty: nobody may. */
    secret: z
      .string()
      .regex(/^(|.{16,})$/, "is shorter than 16 characters")
      .default(""),
    /** People of one test. */
    maxPeople: positiveInt.default(1000),
    /** Lessons and examinations of one test. */
    maxLessons: positiveInt.default(100),
    /** A test that was not ended ends by itself after so long. */
    maxMinutes: positiveInt.max(1440).default(120),
    /** Of the recordings of one test: after this, nothing more is recorded. */
    maxBytes: positiveInt.default(10737418240),
  })
  .prefault({});

export type LoadTestSettings = z.infer<typeof loadTestsSchema>;
