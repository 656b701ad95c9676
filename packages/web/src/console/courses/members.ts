/** Provides the members of courses: their roles, and the calls that change them. */
import type { Member } from "@lectern/client";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { Option } from "../list/filters.tsx";

export type ShownCourse = { readonly id: string; readonly name: string; readonly schoolId: string };

/** Names the query of a course's members, before the course's id. */
export const MEMBERS_KEY = "course members";
const ROLES = ["teacher", "assistant", "student", "supervisor"] as const;

export function memberRole(text: string | undefined): Member["role"] | undefined {
  return ROLES.find((role) => role === text);
}

export function useMemberRoles(): readonly Option[] {
  const { t } = useTranslation();
  return ROLES.map((value) => ({ value, label: t(`roles.${value}`) }));
}

export function putMember(courseId: string, { userId, role }: Pick<Member, "userId" | "role">): Promise<Member> {
  const path = { courseId, userId };
  return unwrap(api().PUT("/api/v1/courses/{courseId}/members/{userId}", { params: { path }, body: { role } }));
}

export async function removeMember(courseId: string, { userId }: Pick<Member, "userId">): Promise<void> {
  const path = { courseId, userId };
  await unwrap(api().DELETE("/api/v1/courses/{courseId}/members/{userId}", { params: { path } }));
}
