/** Defines what the API takes and returns about forwards. */
import { z } from "zod";
import { id, text, time, version } from "../../foundation/requests/fields.ts";
import type { Forward } from "../../foundation/store/stream-tables.ts";
import { type JobStates, jobStateResponse, jobStateShape } from "../jobs/job-state.ts";
import { forwardAddress, shownForward } from "../sources/addresses.ts";

export const forwardShape = z
  .object({
    id,
    lessonId: id,
    title: z.string(),
    url: z
      .string()
      .nullable()
      .describe("With *** for the key; sent back so, the key stays as it is. Null: this server cannot decrypt it; set it again."),
    enabled: z.boolean(),
    state: jobStateShape.nullable().describe("Null: no node has it, because it is not wanted now, or was made a moment ago."),
    createdAt: time,
    version,
  })
  .meta({ id: "Forward" });

const url = forwardAddress.describe("RTMP, RTMPS or SRT, with the key.");

export const newForward = z.strictObject({ title: text(200), url, enabled: z.boolean().default(true) });
export const changedForward = z.strictObject({
  title: text(200).optional(),
  url: url.optional(),
  enabled: z.boolean().optional(),
});

/** @param stored its address; null where this server cannot decrypt it */
export function forwardResponse(forward: Forward, stored: string | null, states: JobStates) {
  return {
    id: forward.id,
    lessonId: forward.lesson_id,
    title: forward.title,
    url: stored === null ? null : shownForward(stored),
    enabled: forward.enabled,
    // Who reads a forward may change it.
    state: jobStateResponse(states(forward.id), true),
    createdAt: forward.created_at,
    version: forward.version,
  };
}
