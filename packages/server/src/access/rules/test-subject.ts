/** Builds the subjects that tests of access rules decide on. */
import { Refusal } from "../../platform/refusal.ts";
import { hashSecret } from "../../platform/secrets.ts";
import type { AddressKnowledge, ClientFacts } from "../credentials/client-facts.ts";
import { credentialsOf } from "../credentials/credentials.ts";
import type { LinkKey } from "../links/link-scheme.ts";
import type { Policy } from "../policies/access-policy.ts";
import { PolicyStore } from "../policies/policy-store.ts";
import type { StreamPolicy } from "../policies/stream-policy.ts";
import type { AccessRule, AccessSubject } from "./rule.ts";

export const SECRET = "a-long-secret";
export const NOW = 1_700_000_000_000;

/** A viewer without credentials at a server that is open to everyone. */
export function subject(over: Partial<AccessSubject> = {}, query: Record<string, string> | URLSearchParams = {}): AccessSubject {
  return {
    purpose: "play",
    protocol: "hls",
    app: "live",
    name: "math",
    client: client(),
    credentials: credentialsOf(new URLSearchParams(query)),
    lesson: null,
    recording: null,
    rules: [],
    linkKeys: new Map(),
    addresses: nothingKnown,
    onDryRun: () => {},
    settings: { publish: { allow: "any", keys: {} }, play: { allow: "any" }, linkSecrets: [SECRET] },
    now: NOW,
    ...over,
  };
}

/** A client that names no page and no program. */
export function client(over: Partial<ClientFacts> = {}): ClientFacts {
  return { ip: "10.0.0.1", referer: null, userAgent: null, host: "lectern.test", ...over };
}

/** No list is there, and no place is known. */
export const nothingKnown: AddressKnowledge = { locationOf: () => null, ready: async () => {}, isListed: () => null };

/** Policies that are known: there are none, or these. */
export function policyStore(policies: readonly Policy[] = [], linkKeys: readonly LinkKey[] = []): PolicyStore {
  const store = new PolicyStore();
  store.replace({ policies, linkKeys, addressLists: [], channels: [], exemptions: [] });
  return store;
}

/** An open lesson whose publish key is `push`. */
export function lesson(over: Partial<StreamPolicy> = {}): StreamPolicy {
  const name = "lesson-abcdefghijklmnop";
  const owner = { app: "live", name, lessonId: "l", schoolId: "s", keyHash: hashSecret("push") };
  return { ...owner, open: true, state: "live", publisherLeftAt: null, record: false, mayRecord: true, removed: [], ...over };
}

/** The decision as text: `skip`, `pass`, `allow` or the code of the refusal. */
export function decisionOf(rule: AccessRule, on: AccessSubject): string {
  if (!rule.applies(on)) return "skip";
  const decision = rule.decide(on);
  return decision instanceof Refusal ? decision.code : decision;
}
