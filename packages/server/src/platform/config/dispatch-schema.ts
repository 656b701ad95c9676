/** Defines the schema of `dispatch`: which node people are sent to. */
import { z } from "zod";

export const dispatchSchema = z
  .strictObject({
    /** Networks of which one knows better than the tables of addresses do, a campus or a company: the first that fits. */
    networks: z
      .array(
        z.strictObject({
          cidr: z.array(z.union([z.cidrv4(), z.cidrv6(), z.ipv4(), z.ipv6()])).min(1),
          region: z.string().max(64).default(""),
          carrier: z.string().max(64).default(""),
        }),
      )
      .default([]),
    /** Provinces and countries, as the tables name them, by the region of nodes that is near: { north: ["北京", "河北"], overseas: ["美国"] } */
    regions: z.record(z.string().max(64), z.array(z.string().min(1))).default({}),
    /** Words in the tables' names of carriers, by the carrier: { telecom: ["电信"] } */
    carriers: z.record(z.string().max(64), z.array(z.string().min(1))).default({}),
    /** Milliseconds by which a way is worse: to a node of another carrier, in another region; and between two of them, either way. */
    costs: z
      .strictObject({
        otherCarrier: z.number().min(0).default(60),
        otherRegion: z.number().min(0).default(20),
        pairs: z.array(z.strictObject({ from: z.string(), to: z.string(), cost: z.number().min(0) })).default([]),
      })
      .prefault({}),
    /** RTMP clients that follow a redirect at connect: the beginnings of what they call themselves (flashVer). */
    redirects: z.array(z.string().min(1)).default([]),
    /** What a viewer is reckoned to need. */
    viewerMbps: z.number().positive().default(2),
  })
  .prefault({});
