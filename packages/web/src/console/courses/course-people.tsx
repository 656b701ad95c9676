/** Shows the people of a course: added by a search or from a list, moved to another course, removed. */

import type { Member } from "@lectern/client";
import { Button } from "@lectern/ui";
import { KEY_ICON, UPLOAD_ICON } from "@lectern/ui/icons";
import { useState } from "react";
import { useLocation } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { type InvitedSelection, InvitePeople } from "../invitations/invite-people.tsx";
import type { BulkAction } from "../list/bulk-actions.tsx";
import type { Field } from "../list/fields-form.tsx";
import { SearchFilter, SelectFilter, useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolPath, useSchoolScope } from "../school/school-context.ts";
import { AddPeople } from "./add-people.tsx";
import { MEMBERS_KEY, memberRole, putMember, removeMember, type ShownCourse, useMemberRoles } from "./members.ts";
import { MovePeople } from "./move-people.tsx";

export function CoursePeople({ course, title }: { readonly course: ShownCourse; readonly title: string }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const place = useSchoolScope();
  const roles = useMemberRoles();
  const search = useUrlFilter("search");
  const role = useUrlFilter("role");
  const [moving, setMoving] = useState<readonly Member[]>([]);
  const [inviting, setInviting] = useState<InvitedSelection | null>(null);
  const invited = { schoolId: course.schoolId, courseId: course.id };
  const query = nonEmpty({ search: search[0], role: memberRole(role[0]) });
  const path = { courseId: course.id };
  const fields = (member: Member): readonly Field[] => [
    { name: "role", label: t("course.roleHere"), required: true, value: member.role, options: roles },
  ];
  return (
    <>
      <ListPage
        title={title}
        hint={t("course.peopleHint")}
        queryKey={[MEMBERS_KEY, course.id, query]}
        path={`/courses/${course.id}/members`}
        query={query}
        load={(cursor) =>
          unwrap(
            api().GET("/api/v1/courses/{courseId}/members", { params: { path, query: { ...query, ...nonEmpty({ cursor }) } } }),
          )
        }
        keyOf={({ userId }) => userId}
        nameOf={({ name }) => name}
        filters={
          <>
            <SearchFilter filter={search} />
            <SelectFilter label={t("course.roleHere")} options={roles} filter={role} />
          </>
        }
        headActions={
          <Button icon={KEY_ICON} onClick={() => setInviting(invited)}>
            {t("invitations.open")}
          </Button>
        }
        menu={[
          {
            label: t("imports.open"),
            icon: UPLOAD_ICON,
            run: () => navigate(schoolPath(place, `/people/import?course=${course.id}`)),
          },
        ]}
        columns={[
          { label: t("fields.personName"), show: ({ name }) => name },
          { label: t("fields.login"), show: ({ login }) => login },
          { label: t("course.roleHere"), show: (member) => t(`roles.${member.role}`) },
        ]}
        adding={(onClose) => <AddPeople course={course} onClose={onClose} />}
        addLabel={t("course.addPeople")}
        edit={{
          fields,
          save: async (member, values) => {
            const changed = { ...member, role: memberRole(values["role"]) ?? member.role };
            await putMember(course.id, changed);
            return changed;
          },
        }}
        actions={useActions(course, setMoving, (members) =>
          setInviting({ ...invited, userIds: members.map(({ userId }) => userId) }),
        )}
        emptyText={t("course.nobody")}
        noMatchText={t("course.noPersonMatches")}
      />
      {inviting ? <InvitePeople selection={inviting} onClose={() => setInviting(null)} /> : null}
      {moving.length > 0 ? <MovePeople course={course} members={moving} onClose={() => setMoving([])} /> : null}
    </>
  );
}

type OnMembers = (members: readonly Member[]) => void;

function useActions(course: ShownCourse, onMove: OnMembers, onInvite: OnMembers): readonly BulkAction<Member>[] {
  const { t } = useTranslation();
  return [
    { label: t("invitations.open"), open: onInvite },
    { label: t("course.move"), open: onMove },
    {
      label: t("course.remove"),
      doneMessage: (count) => t("course.removed", { count }),
      run: (member) => removeMember(course.id, member),
      undo: (member) => putMember(course.id, member),
    },
  ];
}
