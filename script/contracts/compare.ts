/**
 * Says what a newer version breaks for programs that were made for an older one. What is new never breaks them, but a field that must be sent now;
 * programs leave out what they do not know, also new values of what they are given (docs/versions.md).
 */
import type { Fact, Facts } from "./facts.ts";

export type Breaking = {
  /** What people name in the changes: `POST /api/v1/lessons`, `room chat`, `configuration http.port`, `metric lectern_x`. */
  readonly subject: string;
  readonly text: string;
};

export function findBreaking(old: Facts, now: Facts): readonly Breaking[] {
  const broken: Breaking[] = [];
  const add = (place: string, what: string) => broken.push({ subject: subjectOf(place), text: `${place}: ${what}` });
  for (const [place, before] of old) {
    const after = now.get(place);
    // Below what is gone, all is.
    if (!after) {
      if (hasParent(now, old, place)) add(place, "is gone");
    } else for (const what of isTaken(place) ? takesLess(before, after) : givesOther(before, after)) add(place, what);
  }
  for (const [place, { required }] of now)
    if (required && isTaken(place) && !old.has(place) && old.has(parentOf(place))) add(place, "must be sent now");
  return broken;
}

function takesLess(before: Fact, after: Fact): string[] {
  const lost = after.types.length === 0 ? [] : missing(before.types, after.types);
  return [
    ...(before.types.length === 0 && after.types.length > 0 ? [`took any value, and now ${after.types.join(", ")}`] : []),
    ...(lost.length > 0 ? [`takes no ${lost.join(", ")} any more`] : []),
    ...(after.required && !before.required ? ["must be sent now"] : []),
  ];
}

function givesOther(before: Fact, after: Fact): string[] {
  const isEnumeration = [...before.types, ...after.types].every((type) => type.startsWith('"') || type === "null");
  const added = before.types.length === 0 || isEnumeration ? [] : missing(after.types, before.types);
  const becameNull = isEnumeration && after.types.includes("null") && !before.types.includes("null") && before.types.length > 0;
  return [
    ...(added.length > 0 || becameNull ? [`may be ${becameNull ? "null" : added.join(", ")} now`] : []),
    ...(before.required && !after.required ? ["may be left out now"] : []),
  ];
}

/** Those of the first that the second has not. A whole number is a number; a value is of its type. */
function missing(some: readonly string[], others: readonly string[]): readonly string[] {
  return some.filter((type) => !others.includes(type) && !others.includes(widerOf(type)));
}

function widerOf(type: string): string {
  if (type.startsWith('"')) return "string";
  if (type === "integer" || /^-?\d/.test(type)) return "number";
  return type === "true" || type === "false" ? "boolean" : type;
}

function isTaken(place: string): boolean {
  return place.includes(" <");
}

function subjectOf(place: string): string {
  const at = place.search(/ (?:\d+>|<|[^ ]*\/[A-Z]+ >|passing >|>)/);
  if (place.startsWith("configuration <.")) return `configuration ${place.slice("configuration <.".length)}`;
  return at < 0 ? place : place.slice(0, at);
}

function parentOf(place: string): string {
  return place.replace(/(?:\.[^.[\]<>]*|\[\])$/, "");
}

function hasParent(now: Facts, old: Facts, place: string): boolean {
  const parent = parentOf(place) === place ? subjectOf(place) : parentOf(place);
  return parent === place || !old.has(parent) || now.has(parent);
}
