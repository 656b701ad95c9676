/** Defines what the API takes and returns about recordings. */

import { z } from "zod";
import { reason } from "../../foundation/approvals/reason.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { id, text, time, version } from "../../foundation/requests/fields.ts";
import type { Recording } from "../../foundation/store/tables.ts";
import { watermarkShape } from "../joining-shapes.ts";

export const recordingShape = z
  .object({
    id,
    schoolId: id.nullable(),
    lessonId: id.nullable(),
    app: z.string(),
    name: z.string(),
    title: z.string(),
    startedAt: time,
    seconds: z.number(),
    bytes: z.number(),
    whole: z.boolean().describe("False while the recording is being written; what is there can be watched."),
    published: z.boolean().describe("Whether students see it."),
    outsideApproved: z.boolean().describe("Whether guests may watch it too, where the school has a second person approve that."),
    chapters: z.array(z.object({ seconds: z.number(), title: z.string() })),
    deletedAt: time.nullable().describe("When the recording was moved to the bin."),
    createdAt: time,
    updatedAt: time,
    version,
  })
  .meta({ id: "Recording" });
export const changedRecording = z.strictObject({
  title: text(200).optional(),
  published: z.boolean().optional(),
  chapters: z
    .array(z.strictObject({ seconds: z.number().min(0), title: text(200) }))
    .max(500)
    .optional(),
  reason,
});
export const newClip = z
  .strictObject({
    from: z.number().min(0).describe("Seconds."),
    to: z.number().positive().describe("Seconds."),
    title: text(200).optional().describe("Default: the title of the source."),
  })
  .refine(({ from, to }) => to > from, { path: ["to"], error: fieldText.key("to-before-from") });
export const recordingLinks = z
  .object({
    play: z.object({ hls: z.string(), flv: z.string(), mp4: z.string() }),
    expiresAt: time,
    recording: recordingShape,
    watermark: watermarkShape,
    place: z.number().nullable().describe("Playback position in seconds; null for guests, and before the first playback."),
  })
  .meta({ id: "RecordingLinks" });

export function recordingResponse(row: Recording) {
  return {
    id: row.id,
    schoolId: row.school_id,
    lessonId: row.lesson_id,
    app: row.app,
    name: row.name,
    title: row.title,
    startedAt: row.started_at,
    seconds: row.seconds,
    bytes: Number(row.bytes),
    whole: row.whole,
    published: row.published,
    outsideApproved: row.outside_approved,
    chapters: [...row.chapters],
    deletedAt: row.deleted_at,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    version: row.version,
  };
}
