/** Filters of a list in the parameters of the page's address, so that a filtered list can be shared. */

/** The address with a filter set; an empty value removes it. */
export function withFilter(parameters: URLSearchParams, name: string, value: string): URLSearchParams {
  const next = new URLSearchParams(parameters);
  if (value) next.set(name, value);
  else next.delete(name);
  return next;
}

/** The fields that are neither empty nor undefined. */
export function nonEmpty<T extends Readonly<Record<string, string | true | undefined>>>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
