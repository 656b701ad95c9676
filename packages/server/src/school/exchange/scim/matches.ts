/** Evaluates a filter on one value of a multi-valued attribute, for the paths of PATCH: RFC 7644 section 3.5.2. */
import type { Comparison, Filter, FilterValue } from "./filter.ts";

/** By names in small letters; what is missing has no value. */
export type Element = Readonly<Record<string, string | boolean>>;

/** Texts are compared without case. */
export function matches(filter: Filter, element: Element): boolean {
  switch (filter.kind) {
    case "and":
      return filter.of.every((one) => matches(one, element));
    case "or":
      return filter.of.some((one) => matches(one, element));
    case "not":
      return !matches(filter.of, element);
    case "element":
      return false;
    case "present":
      return element[filter.attribute] !== undefined;
    case "compare":
      return compares(element[filter.attribute], filter.comparison, filter.value);
  }
}

function compares(own: string | boolean | undefined, comparison: Comparison, value: FilterValue): boolean {
  const a = String(own ?? "").toLowerCase();
  const b = String(value ?? "").toLowerCase();
  const isEqual = own === undefined || value === null ? own === undefined && value === null : a === b;
  if (comparison === "eq") return isEqual;
  if (comparison === "ne") return !isEqual;
  if (own === undefined || value === null) return false;
  if (comparison === "co") return a.includes(b);
  if (comparison === "sw") return a.startsWith(b);
  if (comparison === "ew") return a.endsWith(b);
  if (comparison === "gt") return a > b;
  if (comparison === "ge") return a >= b;
  return comparison === "lt" ? a < b : a <= b;
}
