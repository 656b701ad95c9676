/** Tells the server of pages which pages may frame the page of a stream, by the policies that the supervisor keeps. */
import { EMBEDDED_BY_NONE, type Embedding, embeddingOf } from "../../access/embedding.ts";
import type { KnownPolicies } from "../../access/policies/policy-snapshot.ts";
import { PolicyStore } from "../../access/policies/policy-store.ts";
import { isSchoolStream, type StreamPolicy } from "../../access/policies/stream-policy.ts";
import { Refusal } from "../../platform/refusal.ts";

export type EmbeddingSources = {
  readonly known: () => Promise<KnownPolicies | null>;
  readonly streamPolicy: (app: string, name: string) => Promise<StreamPolicy | null>;
};

/** Policies that changed are in force after so long. */
const FRESH_MS = 1000;

export function streamEmbedding({ known, streamPolicy }: EmbeddingSources): (app: string, name: string) => Promise<Embedding> {
  let latest: { readonly policies: PolicyStore; readonly at: number } | null = null;
  const policiesNow = async (): Promise<PolicyStore> => {
    if (latest && performance.now() - latest.at < FRESH_MS) return latest.policies;
    const policies = new PolicyStore();
    const all = await known();
    if (all) policies.replace(all.snapshot);
    latest = { policies, at: performance.now() };
    return policies;
  };
  return async (app, name) => {
    const policies = await policiesNow();
    const lesson = isSchoolStream(name) ? await streamPolicy(app, name).catch(() => undefined) : null;
    // Without the database it is not known what the lesson belongs to.
    if (lesson === undefined) return EMBEDDED_BY_NONE;
    const rules = policies.rulesOf("play", lesson ?? { stream: `${app}/${name}` });
    return rules instanceof Refusal ? EMBEDDED_BY_NONE : embeddingOf(rules);
  };
}
