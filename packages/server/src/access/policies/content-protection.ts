/** Tells from the rules of policies whether a stream's or recording's files are encrypted, and whether players show a watermark. */
import { Refusal } from "../../platform/refusal.ts";
import type { EffectiveRule } from "./access-policy.ts";

export type Encryption = {
  /** So many segments have one key. */
  readonly segmentsPerKey: number;
};

/**
 * How files are encrypted: as the nearest rule says. Null: they are not. A rule in dry-run encrypts nothing.
 * @param rules those of watching that hold, the farthest first. A refusal: they are not known, and undefined is returned
 */
export function encryptionOf(rules: readonly EffectiveRule[] | Refusal): Encryption | null | undefined {
  if (rules instanceof Refusal) return undefined;
  for (let i = rules.length - 1; i >= 0; i--) {
    const rule = rules[i]?.rule;
    if (rule?.kind === "encryption" && rule.mode === "enforce") return rule;
  }
  return null;
}

/** Whether players show who watches. A refusal: the rules are not known, and undefined is returned. */
export function isMarkedBy(rules: readonly EffectiveRule[] | Refusal): boolean | undefined {
  if (rules instanceof Refusal) return undefined;
  return rules.some(({ rule }) => rule.kind === "watermark" && rule.mode === "enforce");
}
