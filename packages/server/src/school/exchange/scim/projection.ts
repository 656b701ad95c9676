/** Leaves out of a resource what the request does not ask for: `attributes` and `excludedAttributes`, RFC 7644 section 3.9. */
import { attributeName, pathOf } from "./filter.ts";

/** Always returned (RFC 7643 section 3.1), and what says how to read the rest. */
const ALWAYS = ["schemas", "id"];

export type Projection = { readonly attributes?: string | undefined; readonly excludedAttributes?: string | undefined };

type Resource = Readonly<Record<string, unknown>>;

/** Where a request has both, `attributes` decides. */
export function projected(resource: Resource, { attributes, excludedAttributes }: Projection): Record<string, unknown> {
  if (attributes) return pick(resource, namesIn(attributes));
  if (excludedAttributes) return omit(resource, namesIn(excludedAttributes));
  return { ...resource };
}

/** Whether an answer has an attribute at all: what is expensive is read only then. */
export function hasAttribute({ attributes, excludedAttributes }: Projection, attribute: string): boolean {
  const isOf = (name: string) => pathOf(name).attribute === attribute;
  if (attributes) return namesIn(attributes).some(isOf);
  return !excludedAttributes || !namesIn(excludedAttributes).includes(attribute);
}

function namesIn(text: string): readonly string[] {
  return text
    .split(",")
    .map((name) => attributeName(name.trim()))
    .filter((name) => name !== "");
}

function pick(resource: Resource, names: readonly string[]): Record<string, unknown> {
  const kept = Object.entries(resource).flatMap(([name, value]): [string, unknown][] => {
    const subs = subsOf(names, name);
    if (ALWAYS.includes(name) || subs.includes(null)) return [[name, value]];
    return subs.length === 0 ? [] : [[name, mapParts(value, (part) => subs.includes(part))]];
  });
  return Object.fromEntries(kept);
}

function omit(resource: Resource, names: readonly string[]): Record<string, unknown> {
  const kept = Object.entries(resource).flatMap(([name, value]): [string, unknown][] => {
    const subs = subsOf(names, name);
    if (ALWAYS.includes(name) || subs.length === 0) return [[name, value]];
    return subs.includes(null) ? [] : [[name, mapParts(value, (part) => !subs.includes(part))]];
  });
  return Object.fromEntries(kept);
}

/** The sub-attributes that the names say of an attribute; null: the whole. */
function subsOf(names: readonly string[], attribute: string): readonly (string | null)[] {
  return names
    .map(pathOf)
    .filter((path) => path.attribute === attribute.toLowerCase())
    .map(({ sub }) => sub);
}

function mapParts(value: unknown, isKept: (part: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((one: unknown) => mapParts(one, isKept));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([part]) => isKept(part.toLowerCase())));
}
