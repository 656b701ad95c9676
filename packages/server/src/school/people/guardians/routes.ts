/** Serves the API routes for the guardians of students: whom the school tells of absences and check-ins. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { id, idParam, time } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { assertQuota } from "../../foundation/resource/limit.ts";
import type { Guardian } from "../../foundation/store/guardian-tables.ts";
import { email, personName } from "../accounts/shapes.ts";
import { findUser } from "../accounts/user.ts";

const TAG = "People";
/** Of one student. */
const LIMIT = { max: 8, refusal: schoolText("too-many-guardians") };

const newGuardian = z.strictObject({
  name: personName,
  email,
  absences: z.boolean().default(true).describe("Told by mail of lessons that the child missed."),
  checkIns: z.boolean().default(true).describe("Told by mail when the child has checked in."),
});
const guardianShape = z
  .object({ id, childId: id, name: z.string(), email: z.string(), absences: z.boolean(), checkIns: z.boolean(), createdAt: time })
  .meta({ id: "Guardian" });

export function guardianRoutes(context: RouteContext): ApiRoute[] {
  return [listGuardiansRoute(context), addGuardianRoute(context), removeGuardianRoute(context)];
}

function listGuardiansRoute({ db }: RouteContext): ApiRoute {
  return route({
    id: "listGuardians",
    method: "GET",
    path: "/users/:userId/guardians",
    tag: TAG,
    summary: "List the guardians of a student",
    access: requires("people:read", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    reads: "person",
    params: idParam("userId"),
    status: 200,
    answer: z.object({ items: z.array(guardianShape) }),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const child = await findUser(db, actor, params.userId);
      const rows = await db.selectFrom("guardians").selectAll().where("child_id", "=", child.id).orderBy("id").execute();
      return { body: { items: rows.map(guardianResponse) } };
    },
  });
}

function addGuardianRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "addGuardian",
    method: "POST",
    path: "/users/:userId/guardians",
    tag: TAG,
    summary: "Add a guardian of a student, who is told of absences and check-ins",
    access: requires("people:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("userId"),
    body: newGuardian,
    status: 201,
    answer: guardianShape,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ actor, params, body }) => {
      return await changes.transact({ actor }, async (change) => {
        const child = await findUser(change.trx, actor, params.userId);
        if (child.school_id === null || child.role !== "student") throw new RefusalError("conflict", schoolText("students-only"));
        await assertQuota(change.trx, "guardians", { student: child.id }, LIMIT);
        const { name, absences, checkIns: check_ins } = body;
        const email = body.email.toLowerCase();
        // Under the lock of the quota. Encrypted addresses differ where they are the same, so the table's constraint does not see it.
        const known = await change.trx.selectFrom("guardians").select("email").where("child_id", "=", child.id).execute();
        if (known.some((guardian) => guardian.email === email)) throw new RefusalError("conflict", schoolText("guardian-known"));
        const guardian = await change.trx
          .insertInto("guardians")
          .values({
            id: newId(),
            school_id: child.school_id,
            child_id: child.id,
            name,
            email,
            absences,
            check_ins,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        const target = { schoolId: child.school_id, targetKind: "user", targetId: child.id };
        await change.audit({ action: "guardian.add", ...target, after: guardian });
        return { body: guardianResponse(guardian) };
      });
    },
  });
}

function removeGuardianRoute({ changes }: RouteContext): ApiRoute {
  return route({
    id: "removeGuardian",
    method: "DELETE",
    path: "/users/:userId/guardians/:guardianId",
    tag: TAG,
    summary: "Remove a guardian of a student",
    access: requires("people:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: z.strictObject({ userId: id, guardianId: id }),
    status: 204,
    answer: null,
    refusals: ["not-found", "database-away"],
    handle: ({ actor, params }) =>
      changes.transact({ actor }, async (change) => {
        const child = await findUser(change.trx, actor, params.userId);
        const removed = await change.trx
          .deleteFrom("guardians")
          .where("id", "=", params.guardianId)
          .where("child_id", "=", child.id)
          .returningAll()
          .executeTakeFirst();
        if (!removed) throw new RefusalError("not-found", schoolText("no-guardian"));
        const target = { schoolId: child.school_id, targetKind: "user", targetId: child.id };
        await change.audit({ action: "guardian.remove", ...target, before: removed });
        return { body: null };
      }),
  });
}

function guardianResponse({ id: guardianId, child_id: childId, name, email: address, absences, check_ins, created_at }: Guardian) {
  return { id: guardianId, childId, name, email: address, absences, checkIns: check_ins, createdAt: created_at };
}
