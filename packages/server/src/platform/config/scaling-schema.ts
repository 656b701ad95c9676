/** Defines the configuration of how many nodes a cluster wants: docs/scale.md. */
import { z } from "zod";

/** Roles whose nodes grow and shrink with the load. */
export const SCALED_ROLES = ["edge", "origin"] as const;
export type ScaledRole = (typeof SCALED_ROLES)[number];

const count = z.number().int().min(0).max(10_000);

const groupSchema = z
  .strictObject({
    role: z.enum(SCALED_ROLES),
    region: z.string().max(64).default(""),
    /** Never fewer, and never more. */
    min: count.default(1),
    max: count.default(100),
    /** Its part of the people whom the timetable expects, beside the other regions; null: as its `min` beside theirs. */
    share: z.number().min(0).nullable().default(null),
  })
  .refine(({ min, max }) => min <= max, { path: ["max"], error: "is less than min" });

export const scalingSchema = z
  .strictObject({
    /** So many are wanted that their lines and connections are filled to so many percent. */
    fillPercent: z.number().min(1).max(95).default(60),
    /** And so many more, for one that fails. */
    spare: count.default(1),
    /** Lessons that begin within so many minutes count. */
    leadMinutes: z.number().min(0).max(240).default(10),
    /** Fewer are wanted only after so many minutes in which no more were needed. */
    holdMinutes: z.number().min(0).max(1440).default(15),
    groups: z
      .array(groupSchema)
      .default([])
      .refine((groups) => new Set(groups.map(({ role, region }) => `${role} ${region}`)).size === groups.length, {
        error: "has two groups of one role and region",
      }),
  })
  .prefault({});

export type ScalingSettings = z.infer<typeof scalingSchema>;
export type ScalingGroup = ScalingSettings["groups"][number];
