/** Defines what the API takes and returns about what the server does without. */
import { z } from "zod";
import { type AutomaticDegradation, PRESSURES } from "../../../contracts/degradation/degradation.ts";
import { SHEDDABLE, SHEDDABLE_NAMES, type Sheddable, type SheddableEntry } from "../../../contracts/degradation/sheddable.ts";
import { protectionText } from "../../foundation/messages/protection-texts.ts";
import { id, instant, text, time } from "../../foundation/requests/fields.ts";
import type { DegradationRow } from "../../foundation/store/protection-tables.ts";

const MAX_REASON = 200;

const what = z.enum(SHEDDABLE.map((entry) => entry.what));
const finest = z.enum(["lesson", "school", "cluster"]).describe("What it can be turned off for at the finest.");
const words = z.object({ en: z.string(), zh: z.string() });

export const degradationShape = z
  .object({
    id,
    what,
    schoolId: id.nullable(),
    lessonId: id.nullable().describe("Null with `schoolId`: for everybody."),
    reason: z.string(),
    until: time.nullable().describe("Null: until somebody ends it."),
    createdBy: z.string().describe("Who turned it off."),
    createdAt: time,
  })
  .meta({ id: "Degradation" });

export const degradationsShape = z
  .object({
    sheddable: z
      .array(z.object({ what, finest, words, effect: words.describe("What becomes of it."), saves: words }))
      .describe("What the server can do without, in the order in which it does so by itself."),
    switches: z.array(degradationShape).describe("What operators have turned off."),
    nodes: z
      .array(
        z.object({
          node: z.string(),
          what: z.array(what),
          pressure: z
            .enum(PRESSURES)
            .nullable()
            .describe("What decided the last step up; null where the node does without nothing."),
          since: time.nullable().describe("Of the last step; null: there was none since its start."),
        }),
      )
      .describe("What nodes do without by themselves: the one that answers, and others that do without something."),
  })
  .meta({ id: "Degradations" });

export const newDegradation = z
  .strictObject({
    what,
    schoolId: id.optional().describe("For this school alone."),
    lessonId: id.optional().describe("For this lesson alone."),
    reason: text(MAX_REASON).describe("Why, for other operators and the audit log."),
    until: instant
      .refine((value) => Date.parse(value) > Date.now(), protectionText.key("in-past"))
      .nullable()
      .default(null)
      .describe("Null: until somebody ends it."),
  })
  .refine(({ schoolId, lessonId }) => schoolId === undefined || lessonId === undefined, protectionText.key("school-or-lesson"))
  .refine(({ what: named, lessonId }) => lessonId === undefined || finestOf(named) === "lesson", {
    path: ["lessonId"],
    error: protectionText.key("not-of-lesson"),
  })
  .refine(({ what: named, schoolId }) => schoolId === undefined || finestOf(named) !== "cluster", {
    path: ["schoolId"],
    error: protectionText.key("not-of-school"),
  });

function finestOf(named: Sheddable): SheddableEntry["finest"] | undefined {
  return SHEDDABLE.find((entry) => entry.what === named)?.finest;
}

export function degradationResponse(row: DegradationRow): z.input<typeof degradationShape> {
  const { school_id, lesson_id, created_by, created_at, ...rest } = row;
  return { ...rest, schoolId: school_id, lessonId: lesson_id, createdBy: created_by, createdAt: created_at };
}

export function nodeResponse(node: string, { level, pressure, since }: AutomaticDegradation) {
  const shed: Sheddable[] = SHEDDABLE_NAMES.slice(0, level);
  return { node, what: shed, pressure, since: since === 0 ? null : new Date(since) };
}
