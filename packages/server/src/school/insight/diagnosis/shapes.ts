/** Defines what the API returns of a verdict and its evidence. */
import { z } from "zod";
import type { Language } from "../../../platform/messages/language.ts";
import { id, time } from "../../foundation/requests/fields.ts";
import { MEASURED_KINDS } from "../../foundation/store/alarm-tables.ts";
import { faultLocationText, reasonText } from "./diagnosis-texts.ts";
import { CERTAINTIES, FAULT_LOCATIONS, REASON_CODES, type Verdict } from "./verdict.ts";

export const verdictShape = z
  .object({
    place: z.enum(FAULT_LOCATIONS).describe("Where the trouble comes from; `none`: there was none."),
    certainty: z.enum(CERTAINTIES),
    also: z
      .object({
        place: z.enum(FAULT_LOCATIONS),
        share: z.number().describe("Of what the viewer has lost, 0 to 1."),
        summary: z.string(),
      })
      .nullable()
      .describe("A second place that explains more than a fifth of the trouble; null: none does."),
    summary: z.string().describe("In words, in the language of the request."),
    advice: z.string().describe("What to do."),
    reasons: z
      .array(
        z.object({
          code: z.enum(REASON_CODES),
          of: z
            .string()
            .nullable()
            .describe("What it was measured of: null for the viewer, else a node, a line as FROM>TO, or `uplink`."),
          figures: z.record(z.string(), z.number()).describe("Shares are 0 to 1, durations milliseconds."),
          text: z.string(),
        }),
      )
      .readonly()
      .describe("The strongest first."),
  })
  .meta({ id: "DiagnosisVerdict" });

const othersShape = z.object({ viewers: z.int(), affected: z.int() });

export const diagnosisShape = z
  .object({
    viewId: z.string(),
    lessonId: id.nullable(),
    name: z.string().nullable().describe("Null where the school keeps no names with views."),
    cid: z.string().describe("APP/NAME, or vod/ID."),
    edge: z.string().describe("The node that the viewer watches at."),
    origin: z.string().describe("The node that takes the stream in, as far as it is known; the edge itself where nothing else is."),
    reports: z
      .array(z.object({ number: z.string(), at: time }))
      .readonly()
      .describe("The viewer's reports of problems."),
    from: time.describe("When the trouble began."),
    to: time,
    verdict: verdictShape,
    sameEdge: othersShape.describe("Other viewers at the same node at that time."),
    elsewhere: othersShape.describe("Other viewers at other nodes."),
    moments: z
      .array(
        z.object({
          at: z.int().describe("When it was told, milliseconds since 1970."),
          intervalMs: z.int(),
          bufferMs: z.int(),
          stallMs: z.int(),
          frames: z.int(),
          droppedFrames: z.int(),
          longTaskMs: z.int(),
        }),
      )
      .readonly()
      .describe("What the player told."),
    tracks: z
      .array(
        z.object({
          kind: z.enum(MEASURED_KINDS),
          subject: z.string(),
          metric: z.string(),
          points: z.array(z.object({ at: z.int(), value: z.number() })).readonly(),
        }),
      )
      .readonly()
      .describe("What was measured along the way, on the same time axis."),
  })
  .meta({ id: "Why" });

export const lessonDiagnosisShape = z
  .object({
    lessonId: id,
    at: time.nullable().describe("The moment that is explained; null: nobody had trouble, and none was given."),
    viewers: z.int().describe("Sessions at that time that were looked at."),
    affected: z.int().describe("Those that had trouble."),
    verdict: verdictShape,
    places: z.record(z.string(), z.int()).describe("How many sessions had trouble, by its place."),
    views: z
      .array(
        z.object({
          viewId: z.string(),
          name: z.string().nullable(),
          node: z.string(),
          stallMs: z.int(),
          place: z.enum(FAULT_LOCATIONS),
          certainty: z.enum(CERTAINTIES),
        }),
      )
      .readonly(),
  })
  .meta({ id: "LessonDiagnosis" });

export function verdictResponse(language: Language, { place, certainty, reasons, also }: Verdict) {
  return {
    place,
    certainty,
    also: also && { ...also, summary: faultLocationText(language, also.place).summary },
    ...faultLocationText(language, place),
    reasons: reasons.map((reason) => ({ ...reason, text: reasonText(language, reason) })),
  };
}
