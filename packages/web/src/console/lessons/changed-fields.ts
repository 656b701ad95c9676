/** Provides the fields of a request that differ from what the form began with: a change of many lessons names nothing else. */

/** Values are JSON. */
export function changedFields<Body extends object>(before: Body, after: Body): Partial<Body> {
  const changes: Partial<Body> = { ...after };
  for (const key in after) if (JSON.stringify(before[key]) === JSON.stringify(after[key])) delete changes[key];
  return changes;
}
