/** Defines what the API takes and returns about policies. */
import { z } from "zod";
import {
  BACK_END_FACTS,
  type EffectiveRule,
  POLICY_LEVELS,
  type PolicyRule,
  type PolicyTarget,
} from "../../../access/policies/access-policy.ts";
import { policyText } from "../../foundation/messages/policy-texts.ts";
import { id, time, version } from "../../foundation/requests/fields.ts";
import type { PolicyRow } from "../../foundation/store/policy-tables.ts";
import { type InputRule, shownRule } from "./back-end-secrets.ts";
import {
  backEndFacts,
  backEndSecret,
  backEndUrl,
  carriers,
  clock,
  days,
  domains,
  linkKeys,
  networks,
  patterns,
  places,
  timeZone,
} from "./rule-fields.ts";

const MAX_RULES = 100;
/** Every media worker has all policies in its memory. */
const MAX_BYTES = 128 * 1024;
const MAX_WINDOWS = 100;
const MAX_TARGET_ID = 200;
const MAX_SEGMENTS_PER_KEY = 1000;

const ACTIONS = ["play", "publish"] as const;
const COMBINE = ["add", "replace"] as const;
const MODES = ["enforce", "dry-run"] as const;
const EITHER = ["allow", "refuse"] as const;
const WATERMARK_TEXTS = ["name", "id", "both"] as const;
const METHODS = ["POST", "GET", "HEAD"] as const;
/** A viewer waits for all of them. */
const MAX_BACK_ENDS = 10;
const MAX_CACHE_SECONDS = 3600;
const MAX_TIMEOUT_MS = 10_000;
const OVER = ["refuse-newest", "end-oldest"] as const;
const MAX_VIEWERS = 10_000_000;
/** Supervisors compare all connections of one viewer with each other. */
const MAX_PER_VIEWER = 1000;

const base = {
  for: z.enum(ACTIONS).describe("play: watching, live, shifted in time, and recordings."),
  combine: z
    .enum(COMBINE)
    .default("add")
    .describe("replace: rules of this kind and action of farther policies do not count, unless they are locked."),
  mode: z.enum(MODES).default("enforce").describe("dry-run: what it would refuse is counted, and let in."),
  locked: z.boolean().default(false).describe("No nearer policy can replace it."),
};
const either = z.enum(EITHER).default("allow");

const rule = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("addresses"), ...base, allow: networks, deny: networks }),
  z.strictObject({ kind: z.literal("referers"), ...base, allow: domains, deny: domains, empty: either }),
  z.strictObject({ kind: z.literal("user-agents"), ...base, allow: patterns, deny: patterns, empty: either }),
  z.strictObject({ kind: z.literal("regions"), ...base, allow: places, deny: places, unknown: either }),
  z.strictObject({ kind: z.literal("carriers"), ...base, allow: carriers, deny: carriers, unknown: either }),
  z.strictObject({
    kind: z.literal("times"),
    ...base,
    timeZone,
    windows: z
      .array(z.strictObject({ days, from: clock, to: clock }))
      .min(1)
      .max(MAX_WINDOWS),
  }),
  z.strictObject({ kind: z.literal("links"), ...base, boundAddress: z.boolean().default(false), keys: linkKeys }),
  z.strictObject({
    kind: z.literal("viewers"),
    ...base,
    for: z.literal("play"),
    most: z
      .int()
      .min(1)
      .max(MAX_VIEWERS)
      .nullable()
      .default(null)
      .describe("Of all viewers of a stream or recording; null: any number."),
    perViewer: z
      .int()
      .min(1)
      .max(MAX_PER_VIEWER)
      .nullable()
      .default(null)
      .describe("Connections of one person, or of one link that names nobody, to a stream or recording; null: any number."),
    over: z
      .enum(OVER)
      .default("refuse-newest")
      .describe("Whether one connection more than `perViewer` is refused, or ends the one that began first."),
  }),
  z.strictObject({
    kind: z.literal("encryption"),
    ...base,
    for: z.literal("play"),
    segmentsPerKey: z.int().min(1).max(MAX_SEGMENTS_PER_KEY).default(5).describe("So many HLS segments have one key."),
  }),
  z.strictObject({
    kind: z.literal("watermark"),
    ...base,
    for: z.literal("play"),
    shows: z.enum(WATERMARK_TEXTS).default("both").describe("name: of the person; id: a short number that the school can look up."),
    opacity: z.number().min(0.05).max(1).default(0.4),
  }),
  z.strictObject({
    kind: z.literal("back-end"),
    ...base,
    url: backEndUrl.describe("http or https. Those who may read the policy see it."),
    method: z.enum(METHODS).default("POST"),
    sends: backEndFacts.describe("What the question names. Requests that would send the same share an answer."),
    cacheSeconds: z.int().min(0).max(MAX_CACHE_SECONDS).default(60).describe("How long an answer that allows holds."),
    refusedCacheSeconds: z.int().min(0).max(MAX_CACHE_SECONDS).default(10).describe("How long an answer that refuses holds."),
    timeoutMs: z.int().min(100).max(MAX_TIMEOUT_MS).default(2000),
    onFailure: z.enum(["refuse", "allow"]).default("refuse").describe("What a time-out, no connection or a 5xx means."),
    secret: backEndSecret.optional().describe("Signs each question (`Lectern-Signature`). In no answer; see `signed`."),
    signed: z
      .boolean()
      .optional()
      .describe(
        "Without `secret`: true keeps the one that the policy had for this address, false goes without one. Default: as before.",
      ),
  }),
]) satisfies z.ZodType<InputRule>;

const rules = z
  .array(rule)
  .max(MAX_RULES)
  .refine((all) => all.filter(({ kind }) => kind === "back-end").length <= MAX_BACK_ENDS, policyText.key("back-end-rules"))
  .refine((all) => rulesBytes(all) <= MAX_BYTES, policyText.key("large"));

const level = z.enum(POLICY_LEVELS);
const targetId = z
  .string()
  .max(MAX_TARGET_ID)
  .default("")
  .describe(
    "The id of the school, course, lesson or recording; APP/NAME of a stream that belongs to no lesson; empty for the installation.",
  );

export const newPolicy = z.strictObject({ target: z.strictObject({ level, id: targetId }), rules });
export const changedPolicy = z.strictObject({ rules });
export const effectiveQuery = z.strictObject({ level, id: targetId });

export const targetShape = z.object({ level, id: z.string() }).meta({ id: "PolicyTarget" });

const shown = { for: z.enum(ACTIONS), combine: z.enum(COMBINE), mode: z.enum(MODES), locked: z.boolean() };
const texts = z.array(z.string());
const listed = { ...shown, allow: texts, deny: texts };
const ruleShape = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("addresses"), ...listed }),
    z.object({ kind: z.literal("referers"), ...listed, empty: z.enum(EITHER) }),
    z.object({ kind: z.literal("user-agents"), ...listed, empty: z.enum(EITHER) }),
    z.object({ kind: z.literal("regions"), ...listed, unknown: z.enum(EITHER) }),
    z.object({ kind: z.literal("carriers"), ...listed, unknown: z.enum(EITHER) }),
    z.object({
      kind: z.literal("times"),
      ...shown,
      timeZone: z.string(),
      windows: z.array(z.object({ days: z.array(z.int()), from: z.string(), to: z.string() })),
    }),
    z.object({ kind: z.literal("links"), ...shown, boundAddress: z.boolean(), keys: texts }),
    z.object({
      kind: z.literal("viewers"),
      ...shown,
      most: z.int().nullable(),
      perViewer: z.int().nullable(),
      over: z.enum(OVER),
    }),
    z.object({ kind: z.literal("encryption"), ...shown, segmentsPerKey: z.int() }),
    z.object({ kind: z.literal("watermark"), ...shown, shows: z.enum(WATERMARK_TEXTS), opacity: z.number() }),
    z.object({
      kind: z.literal("back-end"),
      ...shown,
      url: z.string(),
      method: z.enum(METHODS),
      sends: z.array(z.enum(BACK_END_FACTS)),
      cacheSeconds: z.int(),
      refusedCacheSeconds: z.int(),
      timeoutMs: z.int(),
      onFailure: z.enum(["refuse", "allow"]),
      signed: z.boolean().describe("Whether there is a secret."),
    }),
  ])
  .meta({ id: "PolicyRule" });

export const policyShape = z
  .object({
    id,
    schoolId: id.nullable().describe("Null: the operator's."),
    target: targetShape,
    rules: z.array(ruleShape),
    createdAt: time,
    version,
  })
  .meta({ id: "Policy" });

export const effectiveShape = z
  .object({
    targets: z.array(targetShape).describe("Whose policies hold together, from the farthest to the nearest."),
    rules: z.array(
      z.object({
        rule: ruleShape,
        source: targetShape,
        replacedBy: targetShape.nullable().describe("The policy that replaces the rule; null: the rule holds."),
      }),
    ),
  })
  .meta({ id: "EffectivePolicy" });

export function policyResponse(row: PolicyRow) {
  return {
    id: row.id,
    schoolId: row.school_id,
    target: { level: row.level, id: row.target_id },
    rules: row.rules.map(ruleResponse),
    createdAt: row.created_at,
    version: row.version,
  };
}

/** A copy that may be written to, as the types of answers want it. */
function ruleResponse(one: PolicyRule): z.input<typeof ruleShape> {
  return structuredClone(shownRule(one)) as z.input<typeof ruleShape>;
}

export type ShownRule = EffectiveRule & { readonly replacedBy: PolicyTarget | null };

export function shownRuleResponse({ rule: one, source, replacedBy }: ShownRule) {
  return { rule: ruleResponse(one), source, replacedBy };
}

export function rulesBytes(all: readonly InputRule[]): number {
  return Buffer.byteLength(JSON.stringify(all));
}
