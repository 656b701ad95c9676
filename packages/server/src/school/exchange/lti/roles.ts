/** Defines what a role in a course of the platform is here (LTI Core 1.3, appendix A.2.3). No launch makes an administrator or an operator. */
import type { CourseMemberTable } from "../../foundation/store/people-tables.ts";

export type LaunchRole = CourseMemberTable["role"];

const CONTEXT_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership#";
const SUB_ROLE = "http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#";
const OWN_ROLES: Readonly<Record<string, LaunchRole>> = {
  Instructor: "teacher",
  Learner: "student",
  Mentor: "supervisor",
};
const ASSISTANTS = ["TeachingAssistant", "TeachingAssistantSection", "TeachingAssistantGroup", "TeachingAssistantOffering"];

/**
 * The role of the launch's person in the course; null where the platform names none that is known. Roles of the institution and the system do not
 * count: an administrator of the platform is none here. A teaching assistant is one although platforms call them instructors as well.
 */
export function courseRole(roles: readonly string[]): LaunchRole | null {
  const subRoles = roles.filter((role) => role.startsWith(SUB_ROLE)).map((role) => role.slice(SUB_ROLE.length));
  if (subRoles.some((role) => ASSISTANTS.includes(role))) return "assistant";
  // The short names are deprecated, and still sent.
  const names = roles.map((role) => (role.startsWith(CONTEXT_ROLE) ? role.slice(CONTEXT_ROLE.length) : role));
  const known = names.flatMap((name) => (Object.hasOwn(OWN_ROLES, name) ? [OWN_ROLES[name]] : []));
  return (["teacher", "student", "supervisor"] as const).find((role) => known.includes(role)) ?? null;
}

/** Accounts have one role in the whole school: the strongest that a launch has shown. A launch never takes one away. */
const STRENGTH: readonly string[] = ["supervisor", "student", "assistant", "teacher"];

/** Whether an account with a role is to get the role of a launch. */
export function isStronger(launched: LaunchRole, role: string): boolean {
  const known = STRENGTH.indexOf(role);
  return known >= 0 && STRENGTH.indexOf(launched) > known;
}
