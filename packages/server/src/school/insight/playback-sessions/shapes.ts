/** Defines what the API returns of how lessons were seen. */
import { z } from "zod";
import { id, time } from "../../foundation/requests/fields.ts";
import type { ViewSessionRow } from "../../foundation/store/view-tables.ts";
import { DIMENSIONS } from "./experience.ts";

const share = z.number().min(0).max(1).nullable();
const whole = z.int().min(0);

const figures = {
  sessions: whole.describe("Sessions that began."),
  watchedMs: whole,
  stalls: whole,
  stallMs: whole,
  stallRatio: share.describe("Time stalled of the time that a picture should have moved; null: nobody watched."),
  droppedShare: share.describe("Frames that were decoded and dropped, of all."),
  reconnects: whole,
  errors: whole,
};

export const experienceShape = z
  .object({
    ...figures,
    viewers: whole.describe("Who watch now."),
    complaints: whole.describe("Reports of problems."),
    lessons: whole.describe("Lessons that somebody watched."),
    firstFrameMs: z.object({ p50: z.number().nullable(), p95: z.number().nullable() }),
    minutes: z
      .array(
        z.object({
          at: time,
          watching: z.number().describe("Viewers at a time, mean of the minute."),
          firstFrameMs: z.number().nullable(),
          ...figures,
        }),
      )
      .readonly(),
    by: z.object(
      Object.fromEntries(
        DIMENSIONS.map((dimension) => [dimension, z.array(z.object({ name: z.string(), ...figures })).readonly()]),
      ) as Record<(typeof DIMENSIONS)[number], z.ZodReadonly<z.ZodArray<z.ZodObject<{ name: z.ZodString } & typeof figures>>>>,
    ),
  })
  .meta({ id: "Experience" });

const momentShape = z
  .object({
    at: z.int().describe("When it was told, milliseconds since 1970."),
    intervalMs: whole,
    watchedMs: whole,
    stallMs: whole,
    decodingMs: whole.describe("Of stalls that ended: for so long the picture stood still although it had arrived."),
    bufferMs: whole,
    throughputKbps: whole.nullable(),
    bitrateKbps: whole.nullable(),
    latencyMs: whole.nullable(),
    frames: whole,
    droppedFrames: whole,
    longTaskMs: whole,
    reconnects: whole,
    sta: z.string().describe("What the player was doing."),
    errors: z.array(z.string()).readonly(),
  })
  .meta({ id: "ViewMoment" });

const session = {
  id: z.string().describe("The player's own session id."),
  cid: z.string().describe("APP/NAME, or vod/ID."),
  lessonId: id.nullable(),
  participantId: id.nullable().describe("Null where the school keeps no names with views."),
  name: z.string().nullable(),
  trace: z.string(),
  node: z.string(),
  edge: z.string(),
  engine: z.string(),
  device: z.string(),
  os: z.string(),
  browser: z.string(),
  line: z.string(),
  network: z.string().describe("/24 or /48 of the address; empty where the school keeps none."),
  carrier: z.string(),
  region: z.string(),
  startedAt: time,
  lastAt: time,
  endedAt: time.nullable(),
  endReason: z.string().nullable(),
  firstFrameMs: whole.nullable(),
  watchedMs: whole,
  heardMs: whole,
  stalls: whole,
  stallMs: whole,
  frames: whole,
  droppedFrames: whole,
  bytes: whole,
  switches: whole,
  reconnects: whole,
  errors: whole,
  complaint: z.string().nullable().describe("The number of the viewer's report of a problem."),
};

export const viewShape = z.object(session).meta({ id: "View" });
export const viewWithMoments = z.object({ ...session, moments: z.array(momentShape).readonly() }).meta({ id: "ViewWithMoments" });

export type NamedSession = Omit<ViewSessionRow, "moments"> & { readonly name: string | null };

export function viewResponse(row: NamedSession) {
  return {
    id: row.id,
    cid: row.cid,
    lessonId: row.lesson_id,
    participantId: row.participant_id,
    name: row.name,
    trace: row.trace,
    node: row.node,
    edge: row.edge,
    engine: row.engine,
    device: row.device,
    os: row.os,
    browser: row.browser,
    line: row.line,
    network: row.network,
    carrier: row.carrier,
    region: row.region,
    startedAt: row.started_at,
    lastAt: row.last_at,
    endedAt: row.ended_at,
    endReason: row.end_reason,
    firstFrameMs: row.first_frame_ms,
    watchedMs: row.watched_ms,
    heardMs: row.heard_ms,
    stalls: row.stalls,
    stallMs: row.stall_ms,
    frames: row.frames,
    droppedFrames: row.dropped_frames,
    bytes: row.bytes,
    switches: row.switches,
    reconnects: row.reconnects,
    errors: row.errors,
    complaint: row.complaint,
  };
}
