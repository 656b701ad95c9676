/** Finds the lesson and the school of a stream that a worker knows, for what is shed there. */
import type { StreamPolicyCache } from "../../access/policies/stream-policy-cache.ts";
import type { ShedScope } from "../../contracts/degradation/degradation.ts";

export function shedScopeOf(policies: Pick<StreamPolicyCache, "peek">, app: string, name: string): ShedScope {
  const policy = policies.peek(app, name);
  return { schoolId: policy?.schoolId, lessonId: policy?.lessonId };
}
