/** Derives from a request what was looked at: by whom, of which school, and at whom or what. */
import type { Actor } from "../../../access/actor.ts";
import type { Reading } from "../../../access/reading.ts";
import type { ApiRoute } from "../../../access/route.ts";

export type Look = {
  readonly actor: Actor;
  readonly reading: Reading;
  /** The operation of the API. */
  readonly operation: string;
  /** Null: it concerns no school; undefined: that of the target, which is to be looked up. */
  readonly schoolId: string | null | undefined;
  readonly targetKind: string;
  readonly targetId: string;
  /** How many people, entries or the like the answer has; 0 for what has no list. */
  readonly rows: number;
};

type Target = Pick<Look, "targetKind" | "targetId">;
type Request = { readonly actor: Actor; readonly params: unknown; readonly query: unknown };

/** By the parameters that name them. */
const FILTERS = ["userId", "lessonId", "courseId"];

/** Nothing for pupils and people who are not signed in, and for what people read of themselves. */
export function looksOf({ id: operation, reads, method }: ApiRoute, request: Request, body: unknown): Look[] {
  const { actor } = request;
  if (actor.role === null || actor.role === "student") return [];
  const target = targetOf(request.params, request.query);
  const look = { actor, operation, rows: itemsOf(body)?.length ?? 0 };
  const looks: Look[] = [];
  if (typeof reads === "string" && !(isOwn(actor, target) && reads !== "archive"))
    for (const schoolId of schoolsOf(request, body, target)) {
      const at = target ?? { targetKind: "school", targetId: schoolId ?? "" };
      looks.push({ ...look, reading: reads, schoolId, ...at });
    }
  if (actor.schoolId === null && method === "GET") looks.push(...lookIntoSchool(look, request, body, target));
  return looks;
}

/** Operators who list what all schools have look into none. */
function lookIntoSchool(
  look: Pick<Look, "actor" | "operation" | "rows">,
  { params, query }: Request,
  body: unknown,
  target: Target | null,
): Look[] {
  const schoolId = textIn(query, "schoolId") ?? textIn(params, "schoolId") ?? textIn(body, "schoolId");
  if (schoolId !== null) return [{ ...look, reading: "school", schoolId, targetKind: "school", targetId: schoolId }];
  return target ? [{ ...look, reading: "school", schoolId: undefined, ...target }] : [];
}

function schoolsOf({ actor, query }: Request, body: unknown, target: Target | null): readonly (string | null | undefined)[] {
  const named = actor.schoolId ?? textIn(query, "schoolId") ?? textIn(body, "schoolId");
  if (named !== null) return [named];
  if (target) return [undefined];
  const ofItems = new Set(itemsOf(body)?.map((item) => textIn(item, "schoolId")));
  return ofItems.size > 0 ? [...ofItems] : [null];
}

/** The first parameter of the path; of lists, the filter that names somebody or something. */
function targetOf(params: unknown, query: unknown): Target | null {
  const [name] = Object.keys(params ?? {});
  if (name?.endsWith("Id"))
    return name === "schoolId" ? null : { targetKind: name.slice(0, -2), targetId: textIn(params, name) ?? "" };
  for (const filter of FILTERS) {
    const targetId = textIn(query, filter);
    if (targetId !== null) return { targetKind: filter.slice(0, -2), targetId };
  }
  return null;
}

function isOwn(actor: Actor, target: Target | null): boolean {
  return target?.targetKind === "user" && target.targetId === actor.id;
}

function itemsOf(body: unknown): readonly unknown[] | null {
  // A directory's lists are named otherwise (RFC 7644 section 3.4.2).
  const items: unknown =
    typeof body === "object" && body !== null ? (Reflect.get(body, "items") ?? Reflect.get(body, "Resources")) : null;
  return Array.isArray(items) ? items : null;
}

function textIn(value: unknown, name: string): string | null {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : null;
  return typeof found === "string" ? found : null;
}
