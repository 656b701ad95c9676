/** Builds the subjects that tests of access rules decide on. */
import { Refusal } from "../../platform/refusal.ts";
import { hashSecret } from "../../platform/secrets.ts";
import { credentialsOf } from "../credentials/credentials.ts";
import type { StreamPolicy } from "../policies/stream-policy.ts";
import type { AccessRule, AccessSubject } from "./rule.ts";

export const SECRET = "a-long-secret";
export const NOW = 1_700_000_000_000;

/** A viewer without credentials at a server that is open to everyone. */
export function subject(over: Partial<AccessSubject> = {}, query: Record<string, string> | URLSearchParams = {}): AccessSubject {
  return {
    purpose: "play",
    app: "live",
    name: "math",
    ip: "10.0.0.1",
    credentials: credentialsOf(new URLSearchParams(query)),
    lesson: null,
    recording: null,
    settings: { publish: { allow: "any", keys: {} }, play: { allow: "any" }, linkSecrets: [SECRET] },
    now: NOW,
    ...over,
  };
}

/** An open lesson whose publish key is `push`. */
export function lesson(over: Partial<StreamPolicy> = {}): StreamPolicy {
  const name = "lesson-abcdefghijklmnop";
  const owner = { app: "live", name, lessonId: "l", schoolId: "s", keyHash: hashSecret("push") };
  return { ...owner, open: true, record: false, mayRecord: true, removed: [], ...over };
}

/** The decision as text: `skip`, `pass`, `allow` or the code of the refusal. */
export function decisionOf(rule: AccessRule, on: AccessSubject): string {
  if (!rule.applies(on)) return "skip";
  const decision = rule.decide(on);
  return decision instanceof Refusal ? decision.code : decision;
}
