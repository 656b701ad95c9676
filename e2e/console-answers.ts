/** What the API says to every page of the console, by the role of who uses it: the person and their school. */
import type { components, operations } from "../packages/client/src/schema.ts";
import { newId } from "../packages/server/src/platform/id.ts";
import type { Answers } from "./served-answers.ts";

type Schemas = components["schemas"];
type Role = Schemas["User"]["role"];
type Me = operations["getMe"]["responses"][200]["content"]["application/json"];

const CREATED_AT = "2026-09-01T00:00:00.000Z";
const CHANGED = { createdAt: CREATED_AT, updatedAt: CREATED_AT, version: 1 };

export const SCHOOL: Schemas["School"] = {
  id: newId(),
  slug: "first",
  name: "First school",
  timeZone: "Asia/Shanghai",
  guests: true,
  adminNetworks: [],
  keepDays: 0,
  keepBytes: 0,
  quotaBytes: 0,
  passwordSignIn: true,
  secondFactor: false,
  idleMinutes: 0,
  keepAuditDays: 0,
  keepNamesDays: 0,
  viewDetails: "names",
  lessonRanking: true,
  guestConsent: "",
  accent: null,
  logo: null,
  ladder: null,
  ladderStart: null,
  deletingSince: null,
  archivedAt: null,
  createdAt: CREATED_AT,
  version: 1,
};

/** Somebody with this role, whose name has it. */
function me(role: Role): Me {
  const schoolId = role === "operator" ? null : SCHOOL.id;
  const user: Schemas["User"] = {
    id: newId(),
    schoolId,
    login: role,
    name: `Wang ${role}`,
    email: null,
    role,
    externalId: null,
    hasPassword: true,
    disabledAt: null,
    ...CHANGED,
  };
  return { kind: "user", name: user.name, role, schoolId, user, needsSecondFactor: false };
}

/** One page of a list, which is all of it. */
export function listOf<Item>(items: Item[]): { items: Item[]; nextCursor: null } {
  return { items, nextCursor: null };
}

/** What every page of the console asks. */
export function consoleAnswers(role: Role) {
  return {
    getMe: me(role),
    getBrand: { school: SCHOOL.name, accent: null, logo: null },
    listSchools: listOf([SCHOOL]),
  } satisfies Answers;
}
