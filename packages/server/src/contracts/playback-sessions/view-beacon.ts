/**
 * Defines what a player tells of itself: at most one beacon in ten seconds while somebody watches, and one at the end. Version 1. Names are those of
 * CMCD version 2 (CTA-5004-B) where it has the value; the rest has a full name, and values are words. Counts and durations without a word about it
 * are those since the beacon before (`sn - 1`): so they can be added up by any process, whichever of them a beacon reaches.
 */
import { z } from "zod";

const milliseconds = z.int().min(0).max(86_400_000);
const count = z.int().min(0).max(1_000_000);
/** Two days: longer recordings are rare, and what is beyond is not counted. */
const MAX_MINUTE = 2879;
const word = z
  .string()
  .max(40)
  .regex(/^[\w.-]+$/);

/** Why a picture stood still, as far as the player can tell. */
export const STALL_CAUSES = ["starved", "decoding", "seeking", "reconnecting", "switching"] as const;
export const ENGINES = ["flv", "ws", "hls", "native", "whep"] as const;
export const DEVICES = ["phone", "tablet", "desktop", "tv", "unknown"] as const;
export const NETWORKS = ["wifi", "ethernet", "cellular", "unknown"] as const;

export const viewBeacon = z.strictObject({
  v: z.literal(1),
  sid: z
    .string()
    .regex(/^[\w-]{16,64}$/)
    .describe("The session: random, the player's own."),
  sn: z.int().min(0).max(100_000).describe("The number of this beacon in the session, from 0."),
  ts: z.int().min(0).describe("When it was sent, milliseconds since 1970 by the viewer's clock."),
  cid: z
    .string()
    .max(140)
    .regex(/^(?:[\w-]+\/[\w-]+|vod\/[\w-]+)$/)
    .describe("The stream as APP/NAME without its rung, or vod/ID."),
  st: z.enum(["l", "v"]).describe("l: live, v: replay."),
  sf: z.enum(ENGINES).describe("The engine that plays."),
  sta: z.enum(["starting", "playing", "rebuffering", "paused", "ended", "failed"]),
  link: z.string().max(600).optional().describe("The query of the signed link that is watched with: it says who watches."),
  trace: z
    .string()
    .regex(/^[0-9a-f]{32}$/)
    .describe("The trace id of the session (W3C Trace Context)."),
  edge: z
    .string()
    .max(260)
    .regex(/^[\w.:[\]-]*$/)
    .describe("Host and port that the media come from."),
  intervalMs: milliseconds.describe("How long ago the beacon before was sent, or the session began."),
  msd: milliseconds
    .optional()
    .describe("Media start delay: from the request to play to the first picture, once it is known, in one beacon."),
  watchedMs: milliseconds.describe("How long a picture moved."),
  heardMs: milliseconds.describe("How long sound was on."),
  stalls: count.describe("Stalls that began."),
  bsd: milliseconds.describe("Buffer starvation: how long the picture stood still where it should have moved."),
  stallList: z
    .array(z.strictObject({ at: z.int().min(0), ms: milliseconds, cause: z.enum(STALL_CAUSES) }))
    .max(20)
    .describe("Stalls that ended: when they began by the viewer's clock, and their length."),
  frames: count.describe("Frames that were decoded."),
  played: z
    .array(z.strictObject({ minute: z.int().min(0).max(MAX_MINUTE), ms: z.int().min(0).max(60_000) }))
    .max(20)
    .optional()
    .describe("Of a recording: which of its minutes were played, and how much of each."),
  droppedFrames: count.describe("Frames that were decoded and dropped."),
  bytes: z.int().min(0).max(1e10).describe("Media received."),
  switches: count.describe("Changes of quality."),
  reconnects: count,
  ec: z.array(word).max(10).describe("Codes of problems, in their order."),
  bl: milliseconds.describe("Buffer length now."),
  br: z.int().min(0).max(1_000_000).nullable().describe("Bitrate of what plays, kbit/s."),
  mtp: z.int().min(0).max(100_000_000).nullable().describe("Measured throughput of the line while it was busy, kbit/s."),
  ltc: milliseconds.nullable().describe("Live latency: how old the picture is, where it is known."),
  pr: z.number().min(0).max(16).describe("Playback rate."),
  rung: word.nullable().describe("Label of the rung that plays; null where there is one only."),
  longTaskMs: milliseconds.describe("How long the page's thread was held by tasks of over 50 ms."),
  end: z.enum(["left", "ended", "failed", "changed"]).optional().describe("The last beacon of the session, and why."),
  device: z.strictObject({
    class: z.enum(DEVICES),
    os: word.optional(),
    browser: word.optional(),
    cores: z.int().min(0).max(1024).optional(),
  }),
  network: z.strictObject({
    type: z.enum(NETWORKS),
    downlinkKbps: z.int().min(0).max(100_000_000).optional(),
    rttMs: z.int().min(0).max(100_000).optional(),
  }),
});

export type ViewBeacon = z.infer<typeof viewBeacon>;
