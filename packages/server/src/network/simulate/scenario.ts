/** Defines the scenario file of `lectern simulate`: the fleet, the arrivals of viewers, and the failures. */
import { z } from "zod";
import { ROLES } from "../../platform/config/schema.ts";

const place = z.strictObject({ region: z.string().default(""), carrier: z.string().default(""), share: z.number().positive() });
const positive = z.number().positive();
const count = z.number().int().positive();
const seconds = z.number().min(0);

export const scenarioSchema = z.strictObject({
  title: z.string(),
  /** The same number gives the same run. */
  seed: z.number().int().default(1),
  seconds: positive,
  /** Nodes with the role control, each of which dispatches independently. */
  dispatchers: count.default(2),
  costs: z
    .strictObject({
      otherCarrier: z.number().min(0).default(60),
      otherRegion: z.number().min(0).default(20),
      pairs: z.array(z.strictObject({ from: z.string(), to: z.string(), cost: z.number().min(0) })).default([]),
    })
    .prefault({}),
  fleet: z
    .array(
      z.strictObject({
        /** Named NAME-1, NAME-2, … */
        name: z.string().regex(/^[A-Za-z0-9-]{1,40}$/),
        count,
        /** So many run at the beginning, and an autoscaler starts and stops the others (`scaling`); none: all run. */
        min: z.number().int().min(0).optional(),
        region: z.string().default(""),
        carriers: z.array(z.string()).default([]),
        roles: z.array(z.enum(ROLES)).default(["edge"]),
        capacityMbps: positive.default(1000),
        maxConnections: count.default(20_000),
      }),
    )
    .min(1),
  /** The autoscaler of edges that have a `min`. */
  scaling: z
    .strictObject({
      /** As in the configuration, without `groups`. */
      settings: z.partialRecord(z.enum(["fillPercent", "spare", "leadMinutes", "holdMinutes"]), z.number()).default({}),
      /** Until a node that was asked for serves viewers. */
      startSeconds: seconds.default(90),
      /** Until a node that is drained ends. */
      drainSeconds: seconds.default(30),
    })
    .optional(),
  /** Paths by which an edge fetches a stream. */
  paths: z.union([z.literal(1), z.literal(2)]).default(1),
  arrivals: z
    .array(
      z.strictObject({
        /** Seconds from the beginning. */
        at: seconds.default(0),
        /** Viewers arrive evenly within so many seconds. */
        over: positive,
        viewers: count,
        /** Streams that the viewers are spread over; 1: all watch the same one. */
        streams: count.default(1),
        name: z.string().default("lesson"),
        /** Whether the timetable knew of them. */
        planned: z.boolean().default(true),
        mbps: positive.default(1.5),
        /** Each viewer watches for this long; none: to the end. */
        staySeconds: positive.optional(),
        from: z.array(place).min(1),
      }),
    )
    .min(1),
  events: z
    .array(
      z.strictObject({
        at: seconds,
        /** Nodes that are lost at that moment: a share of all edges, or those of a region, or by the beginning of their names. */
        lose: z
          .strictObject({
            share: z.number().min(0).max(1).default(1),
            region: z.string().optional(),
            name: z.string().optional(),
          })
          .optional(),
        /** Lines that are cut: viewers of one carrier or region do not reach nodes of the other, and dispatch does not know it. */
        cut: z.strictObject({ from: z.string().min(1), to: z.string().min(1) }).optional(),
        /** Seconds until the nodes or lines work again; none: never. */
        backAfter: positive.optional(),
      }),
    )
    .default([]),
});

export type Scenario = z.infer<typeof scenarioSchema>;
