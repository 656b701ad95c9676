/**
 * Refuses clients of an address that is refused for abuse. Those with a valid link or publish key are let through, and those with a clearance, which
 * are not under the measure. An admitted viewer stays.
 */
import { Refusal } from "../../platform/refusal.ts";
import { linkVerdict } from "./link-verdict.ts";
import type { AccessRule, AccessSubject } from "./rule.ts";

/** In seconds: a measure lasts for minutes. */
const AGAIN_AFTER = 60;

export const blockedAddress: AccessRule = {
  name: "held-address",
  applies: ({ purpose, client, addresses }) => purpose !== "stay" && addresses.countermeasureOf?.(client) === "refuse",
  decide: (subject) => {
    if (isProven(subject)) return "pass";
    // The page of a player earns a clearance; an encoder cannot.
    return subject.purpose === "publish" ? new Refusal("too-many").after(AGAIN_AFTER) : new Refusal("challenge-required");
  },
};

/** Rules before this one have refused each wrong key. */
function isProven(subject: AccessSubject): boolean {
  const { purpose, lesson, settings } = subject;
  if (purpose === "publish") return lesson !== null || settings.publish.allow === "keys";
  return linkVerdict(subject) === "valid";
}
