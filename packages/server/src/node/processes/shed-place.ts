/** Finds the lesson and the school of a stream that a worker knows, for what is shed there. */
import type { StreamPolicyCache } from "../../access/policies/stream-policy-cache.ts";
import type { ShedPlace } from "../../contracts/degradation/degradation.ts";

export function shedPlaceOf(policies: Pick<StreamPolicyCache, "peek">, app: string, name: string): ShedPlace {
  const policy = policies.peek(app, name);
  return { schoolId: policy?.schoolId, lessonId: policy?.lessonId };
}
