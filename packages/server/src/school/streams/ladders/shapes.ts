/** Defines what the API takes and returns about ladders. */
import { z } from "zod";
import { type CustomRung, customRungSchema, LADDERS } from "../../../platform/config/schema.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { id, text, time, version } from "../../foundation/requests/fields.ts";
import type { Ladder } from "../../foundation/store/stream-tables.ts";
import { PRESETS } from "./presets.ts";

const MAX_RUNGS = 8;
const { height, videoKbps, audioKbps } = customRungSchema.shape;

const rungShape = z
  .object({
    name: z.string().describe("As in addresses: NAME@RUNG."),
    height: z.int().nullable().describe("The shorter side of the picture in pixels; null: sound alone."),
    videoKbps: z.int().nullable().describe("At most; null: sound alone."),
    audioKbps: z.int().nullable().describe("Null: the source's sound as it is."),
  })
  .meta({ id: "Rung" });

export const ladderShape = z
  .object({ id, schoolId: id, name: z.string(), rungs: z.array(rungShape), createdAt: time, version })
  .meta({ id: "Ladder" });

export const presetShape = z
  .object({
    id: z.enum(LADDERS),
    rungs: z.array(rungShape).describe("For a source that is larger than each of them. A rung is never larger than its source."),
  })
  .meta({ id: "LadderPreset" });

/** A rung of the configuration, with texts in the reader's language. Sound alone is taken as it is shown, without bits of a picture. */
const rung = z
  .strictObject({
    name: z.string().regex(/^(?!(?:aac|opus|rtc)$)[a-z0-9]{1,16}$/, fieldText.key("rung-name")),
    height,
    videoKbps: videoKbps.nullable(),
    audioKbps,
  })
  .transform(({ videoKbps: kbps, ...rest }): CustomRung => ({ ...rest, videoKbps: kbps ?? DEFAULT_VIDEO_KBPS }));
const DEFAULT_VIDEO_KBPS = videoKbps.parse(undefined);
const rungs = z
  .array(rung)
  .min(1)
  .max(MAX_RUNGS)
  .refine((all) => new Set(all.map(({ name }) => name)).size === all.length, fieldText.key("rung-names"));

export const newLadder = z.strictObject({ schoolId: id.optional(), name: text(100), rungs });
export const changedLadder = z.strictObject({ name: text(100).optional(), rungs: rungs.optional() });

export function ladderResponse(ladder: Ladder) {
  return {
    id: ladder.id,
    schoolId: ladder.school_id,
    name: ladder.name,
    rungs: ladder.rungs.map((one) => ({ ...one, videoKbps: one.height === null ? null : one.videoKbps })),
    createdAt: ladder.created_at,
    version: ladder.version,
  };
}

export function presetResponses() {
  return LADDERS.map((name) => ({ id: name, rungs: [...PRESETS[name]] }));
}
