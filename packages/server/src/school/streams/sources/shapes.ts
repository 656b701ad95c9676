/** Defines what the API takes and returns about sources. */
import { z } from "zod";
import { shownAddress } from "../../../platform/shown-url.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { id, text, time, version } from "../../foundation/requests/fields.ts";
import type { Source } from "../../foundation/store/stream-tables.ts";
import { type JobStates, jobStateResponse, jobStateShape } from "../jobs/job-state.ts";
import { sourceAddress } from "./addresses.ts";

const MAX_ADDRESSES = 5;
/** Names of lessons' streams begin so; one of these would look as if it were a lesson's. */
const LESSON_NAME = /^lesson-/i;

const start = z
  .enum(["demand", "always"])
  .describe("demand: it is pulled while somebody watches, records or forwards it. always: as long as it is enabled.");
const addresses = z
  .array(sourceAddress)
  .min(1)
  .max(MAX_ADDRESSES)
  .describe(
    "The preferred one first: RTMP(S), HTTP(S) with FLV or HLS, SRT, RTSP; for operators also UDP, SRT that listens, and files.",
  );

export const sourceShape = z
  .object({
    id,
    schoolId: id.nullable().describe("Null: the operator's."),
    title: z.string(),
    lessonId: id.nullable().describe("Its stream is the lesson's, and it is pulled only while the lesson may be published."),
    app: z.string(),
    name: z.string().describe("What the channel is published as."),
    addresses: z
      .array(z.string())
      .nullable()
      .describe("With *** for each secret; sent back so, a secret stays as it is. Null for readers who may not change the source."),
    start,
    enabled: z.boolean(),
    state: jobStateShape.nullable().describe("Null: no node has it, because it is not wanted now, or was made a moment ago."),
    createdAt: time,
    version,
  })
  .meta({ id: "Source" });

export const newSource = z
  .strictObject({
    schoolId: id.optional().describe("Without it, an operator's source belongs to no school."),
    title: text(200),
    lessonId: id.optional().describe("A lesson has at most one source."),
    app: z.string().max(64).default("live").describe("One of the server's applications."),
    name: z
      .string()
      .regex(/^[A-Za-z0-9_-]{1,128}$/, fieldText.key("stream-name"))
      .refine((value) => !LESSON_NAME.test(value), fieldText.key("lesson-name"))
      .optional()
      .describe("Unique among all sources. The source of a lesson has none."),
    addresses,
    start: start.default("demand"),
    enabled: z.boolean().default(true),
  })
  .refine(({ lessonId, name }) => (lessonId === undefined) !== (name === undefined), { error: fieldText.key("one-stream") });

/** What it is published as stays: create another source instead. */
export const changedSource = z.strictObject({
  title: text(200).optional(),
  addresses: addresses.optional(),
  start: start.optional(),
  enabled: z.boolean().optional(),
});

/** With the stream of its lesson; null where it has no lesson. */
export type SourceWithStream = Source & { readonly stream_app: string | null; readonly stream_name: string | null };

/** @param stored its addresses; null where the reader may not change it, or this server cannot decrypt them */
export function sourceResponse(source: SourceWithStream, stored: readonly string[] | null, mayChange: boolean, states: JobStates) {
  return {
    id: source.id,
    schoolId: source.school_id,
    title: source.title,
    lessonId: source.lesson_id,
    app: source.app ?? source.stream_app ?? "",
    name: source.name ?? source.stream_name ?? "",
    addresses: mayChange && stored ? stored.map(shownAddress) : null,
    start: source.start,
    enabled: source.enabled,
    state: jobStateResponse(states(source.id), mayChange),
    createdAt: source.created_at,
    version: source.version,
  };
}
