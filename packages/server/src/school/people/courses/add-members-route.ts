/** Serves the API route that adds a pasted list of people to a course. */
import { z } from "zod";
import { ROLES, type Role } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { type Text, textIn } from "../../../platform/messages/message.ts";
import { memberText } from "../../foundation/messages/member-texts.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { checkMayManage } from "../accounts/account-rights.ts";
import { courseEventData, findCourse } from "./course.ts";
import { type NamedPerson, namedPeople } from "./named-people.ts";
import { memberRole, memberShape } from "./shapes.ts";

type MemberRole = z.output<typeof memberRole>;

const MAX_PEOPLE = 2000;
/** The roles of accounts that may have a role in a course. */
export const MAY_BE: Readonly<Record<MemberRole, readonly Role[]>> = {
  teacher: ["administrator", "teacher"],
  assistant: ["administrator", "teacher", "assistant"],
  student: ROLES,
  supervisor: ROLES,
};
/** An account's role in a course, where the list does not say another. */
export const DEFAULT_MEMBER_ROLE: Readonly<Record<Role, MemberRole>> = {
  operator: "teacher",
  administrator: "teacher",
  teacher: "teacher",
  assistant: "assistant",
  student: "student",
  supervisor: "supervisor",
};

export function addMembersRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "addMembers",
    method: "POST",
    path: "/courses/:courseId/members",
    tag: "Courses",
    summary: "Add people to a course by their usernames, mail addresses or names; those who are members stay as they are",
    access: requires("people:write", ...ADMINISTRATORS),
    // The list names nobody of the school.
    rights: ["++------", "+0------"],
    params: idParam("courseId"),
    body: z.strictObject({
      people: z
        .array(z.string().trim().min(1).max(500))
        .min(1)
        .max(MAX_PEOPLE)
        .describe("Each a username, a mail address or a name. Tabs separate several of one person."),
      role: memberRole.optional().describe("In the course. Default: as the account's role."),
    }),
    status: 200,
    answer: z
      .object({
        added: z.array(memberShape),
        present: z.int().describe("People of the list who were members before."),
        refused: z.array(z.object({ entry: z.string(), message: z.string() })).describe("Entries that added nobody, and why."),
      })
      .meta({ id: "AddedMembers" }),
    refusals: ["not-found", "bad-request", "refused-by-rule", "database-away"],
    handle: ({ actor, params, body, language }) =>
      changes.transact({ actor }, async (change) => {
        const { trx } = change;
        const course = await findCourse(trx, actor, params.courseId);
        const members = new Map<string, { readonly person: NamedPerson; readonly role: MemberRole }>();
        const refused: { readonly entry: string; readonly message: string }[] = [];
        const refuse = (entry: string, why: Text) => refused.push({ entry, message: textIn(language, why) });
        for (const named of await namedPeople(trx, course.school_id, body.people)) {
          if ("why" in named) {
            refuse(named.entry, named.why);
            continue;
          }
          const { entry, person } = named;
          const role = body.role ?? DEFAULT_MEMBER_ROLE[person.role];
          if (person.disabled_at !== null) refuse(entry, memberText("suspended"));
          else if (!MAY_BE[role].includes(person.role)) refuse(entry, schoolText("member-role"));
          else members.set(person.id, { person, role });
        }
        checkMayManage(actor, ...new Set([...members.values()].map(({ role }) => role)));
        const rows = [...members].map(([userId, { role }]) => ({ course_id: course.id, user_id: userId, role }));
        const inserted = rows.length === 0 ? [] : await insertMembers(trx, rows);
        if (inserted.length > 0) {
          await change.audit({
            action: "course.members",
            schoolId: course.school_id,
            targetKind: "course",
            targetId: course.id,
            after: { removed: 0, added: inserted.length },
          });
          await change.emit("course.changed", course.school_id, courseEventData(course));
        }
        const added = inserted.flatMap((userId) => {
          const member = members.get(userId);
          return member ? [{ userId, login: member.person.login, name: member.person.name, role: member.role }] : [];
        });
        return { body: { added, present: members.size - added.length, refused } };
      }),
  });
}

/** The ids of those who were not members. */
async function insertMembers(
  trx: Parameters<typeof namedPeople>[0],
  rows: readonly { readonly course_id: string; readonly user_id: string; readonly role: MemberRole }[],
): Promise<readonly string[]> {
  const inserted = await trx
    .insertInto("course_members")
    .values(rows)
    .onConflict((conflict) => conflict.doNothing())
    .returning("user_id")
    .execute();
  return inserted.map(({ user_id: userId }) => userId);
}
