/**
 * Makes a course's name and members from the attributes of a Group: RFC 7643 section 4.2. A member has the role in the course that follows from the account's role,
 * unless the request names another (`members.role`, which this server adds to the standard).
 */
import { scimText } from "../../foundation/messages/scim-texts.ts";
import { externalId, text } from "../../foundation/requests/fields.ts";
import { memberRole } from "../../people/courses/shapes.ts";
import { conditionsIn, type Filter } from "./filter.ts";
import { type Element, matches } from "./matches.ts";
import type { AttributeChange } from "./patch.ts";
import { scimError } from "./scim-form.ts";
import { checkedValue, elementsOf, textOf } from "./values.ts";

export type MemberRole = ReturnType<typeof memberRole.parse>;
/** A member's role; null: that which follows from the account's. */
export type WantedMembers = ReadonlyMap<string, MemberRole | null>;
export type GroupBefore = {
  readonly name: string;
  readonly external_id: string | null;
  /** By their ids. */
  readonly members: ReadonlyMap<string, { readonly role: MemberRole; readonly name: string }>;
};
export type WantedGroup = { readonly name: string; readonly external_id: string | null; readonly members: WantedMembers };

/** As it is in the database. */
export type GroupMember = {
  readonly course_id: string;
  readonly user_id: string;
  readonly role: MemberRole;
  readonly name: string;
};

/** A year of a school. */
const MAX_MEMBERS = 10_000;
const courseName = text(200);
const READ_ONLY = ["id", "meta", "schemas"];

/** Comparisons of members with filters of one request: a tenth of a second of the process that answers everybody. */
const MAX_COMPARISONS = 200_000;

type Draft = {
  name: string;
  externalId: string | null;
  readonly members: Map<string, MemberRole | null>;
  /** Members that the request names, comparisons that it needs. */
  named: number;
  compared: number;
};

/** @throws RefusalError invalidValue, mutability, noTarget, tooMany */
export function wantedGroup(before: GroupBefore, changes: readonly AttributeChange[]): WantedGroup {
  const members = new Map([...before.members].map(([id, { role }]): [string, MemberRole | null] => [id, role]));
  const draft: Draft = { name: before.name, externalId: before.external_id, members, named: 0, compared: 0 };
  for (const change of changes) apply(draft, before, change);
  return { name: checkedValue("displayName", courseName, draft.name), external_id: draft.externalId, members };
}

function apply(draft: Draft, before: GroupBefore, change: AttributeChange): void {
  const { attribute, operation, isNamed } = change;
  const value = operation === "remove" ? null : change.value;
  if (READ_ONLY.includes(attribute)) {
    if (isNamed) throw scimError("mutability", scimText("read-only", { name: attribute }));
    return;
  }
  if (attribute === "displayname") {
    const name = textOf("displayName", value);
    if (name === null) throw scimError("invalidValue", scimText("needed", { name: "displayName" }));
    draft.name = name;
  } else if (attribute === "externalid") {
    const id = textOf("externalId", value);
    draft.externalId = id === null ? null : checkedValue("externalId", externalId, id);
  } else if (attribute === "members") applyMembers(draft, before, change);
}

function applyMembers(draft: Draft, before: GroupBefore, change: AttributeChange): void {
  const { members } = draft;
  const { operation, filter, sub, value } = change;
  if (filter) return applyToMatching(draft, before, change, filter);
  if (operation === "remove" && sub === null) {
    // Entra ID names whom it removes in a value, which the standard does not know: without that, nobody would be left.
    if (value === undefined || value === null) members.clear();
    for (const { id } of sentMembers(draft, value)) members.delete(id);
    return;
  }
  if (sub !== null) throw scimError("mutability", scimText("read-only", { name: `members.${sub}` }));
  const sent = sentMembers(draft, value);
  if (operation === "replace") {
    // Who stays keeps the role that a person may have given by hand.
    const stay = new Map(members);
    members.clear();
    for (const { id, role } of sent) members.set(id, role ?? stay.get(id) ?? null);
  } else for (const { id, role } of sent) members.set(id, role ?? members.get(id) ?? null);
}

/** `members[value eq "…"]` and `members[value eq "…"].role`. */
function applyToMatching(draft: Draft, before: GroupBefore, { operation, sub, value }: AttributeChange, filter: Filter): void {
  const { members } = draft;
  const found = matchingMembers(draft, before, filter);
  if (operation === "remove") {
    // Who is no member any more is removed already: directories repeat themselves.
    if (sub !== null) throw scimError("mutability", scimText("read-only", { name: `members.${sub}` }));
    for (const id of found) members.delete(id);
    return;
  }
  if (found.length === 0) throw scimError("noTarget", scimText("no-target", { path: "members[…]" }));
  if (sub !== "role") throw scimError("mutability", scimText("read-only", { name: `members.${sub ?? "value"}` }));
  const role = checkedValue("members.role", memberRole, value);
  for (const id of found) members.set(id, role);
}

/** A member by the id, which is what directories send, is looked up; @throws RefusalError tooMany */
function matchingMembers(draft: Draft, before: GroupBefore, filter: Filter): readonly string[] {
  const { members } = draft;
  if (filter.kind === "compare" && filter.attribute === "value" && filter.comparison === "eq") {
    const id = String(filter.value).toLowerCase();
    return members.has(id) ? [id] : [];
  }
  draft.compared += members.size * conditionsIn(filter);
  if (draft.compared > MAX_COMPARISONS) throw scimError("tooMany", scimText("too-many-comparisons"));
  return [...members.keys()].filter((id) => matches(filter, elementOf(id, before)));
}

function elementOf(id: string, { members }: GroupBefore): Element {
  const own = members.get(id);
  return { value: id, type: "User", ...(own ? { display: own.name, role: own.role } : {}) };
}

function sentMembers(draft: Draft, value: unknown): readonly { readonly id: string; readonly role: MemberRole | null }[] {
  const sent = elementsOf("members", value);
  draft.named += sent.length;
  if (draft.named > MAX_MEMBERS) throw scimError("tooMany", scimText("too-many-members", { max: MAX_MEMBERS }));
  return sent.map((fields) => {
    const id = textOf("members.value", fields.get("value"));
    if (id === null) throw scimError("invalidValue", scimText("needed", { name: "members.value" }));
    const role = fields.get("role");
    return { id, role: role === undefined || role === null ? null : checkedValue("members.role", memberRole, role) };
  });
}
