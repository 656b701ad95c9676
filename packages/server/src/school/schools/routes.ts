/** Schools: the tenants of an installation, strictly apart. */

import { z } from "zod";
import type { Actor } from "../../access/actor.ts";
import { type ApiRoute, route } from "../../access/route.ts";
import { RefusalError } from "../../platform/api/server.ts";
import { newId } from "../../platform/id.ts";
import { json } from "../../platform/store/store.ts";
import { usedBytes } from "../recordings/space-service.ts";
import { changedSchool, idParam, newSchool, pageOf, paging, schoolShape, spaceShape } from "../requests/fields.ts";
import {
  ADMINISTRATORS,
  actsFor,
  type Desk,
  definedFields,
  EVERY_ROLE,
  requires,
  STAFF,
  takenAs,
  toPage,
} from "../requests/route-context.ts";
import { checkVersion } from "../store/change.ts";
import type { School } from "../store/tables.ts";

const TAG = "Schools";
const taken = takenAs("Another school has this short name.");

export function schoolRoutes({ db, changes, signIn, streams, space }: Desk): ApiRoute[] {
  const schoolOf = async (actor: Actor, id: string): Promise<School> => {
    const school = await db.selectFrom("schools").selectAll().where("id", "=", id).executeTakeFirst();
    if (!school || !actsFor(actor, school.id)) throw new RefusalError("not-found", "There is no such school.");
    return school;
  };
  return [
    route({
      id: "listSchools",
      method: "GET",
      path: "/schools",
      tag: TAG,
      summary: "Schools: all for an operator, else one's own",
      access: requires("schools:read", ...EVERY_ROLE),
      query: z.strictObject(paging),
      status: 200,
      answer: pageOf(schoolShape),
      refusals: ["database-away"],
      handle: async ({ actor, query: { limit, cursor = "" } }) => {
        let all = db
          .selectFrom("schools")
          .selectAll()
          .where("id", ">", cursor)
          .orderBy("id")
          .limit(limit + 1);
        if (actor.schoolId !== null) all = all.where("id", "=", actor.schoolId);
        return { body: toPage(await all.execute(), limit, schoolResponse) };
      },
    }),
    route({
      id: "createSchool",
      method: "POST",
      path: "/schools",
      tag: TAG,
      summary: "Make a school",
      access: requires("schools:write", "operator"),
      body: newSchool,
      status: 201,
      answer: schoolShape,
      creates: true,
      refusals: ["conflict", "database-away"],
      handle: async ({ body, ...asker }) => {
        // A key of one school has no business here, whatever its role.
        const row = {
          id: newId(),
          slug: body.slug,
          name: body.name,
          time_zone: body.timeZone,
          guests: body.guests,
          admin_networks: json(body.adminNetworks),
        };
        return await changes
          .transact(asker, async (change) => {
            const school = await change.trx.insertInto("schools").values(row).returningAll().executeTakeFirstOrThrow();
            await change.audit({
              action: "school.create",
              schoolId: school.id,
              targetKind: "school",
              targetId: school.id,
              after: school,
            });
            return { body: schoolResponse(school) };
          })
          .catch(taken);
      },
    }),
    route({
      id: "getSchool",
      method: "GET",
      path: "/schools/:schoolId",
      tag: TAG,
      summary: "One school",
      access: requires("schools:read", ...EVERY_ROLE),
      params: idParam("schoolId"),
      status: 200,
      answer: schoolShape,
      refusals: ["not-found", "database-away"],
      handle: async ({ actor, params }) => {
        const school = await schoolOf(actor, params.schoolId);
        return { body: schoolResponse(school) };
      },
    }),
    route({
      id: "changeSchool",
      method: "PATCH",
      path: "/schools/:schoolId",
      tag: TAG,
      summary: "Change a school",
      access: requires("schools:write", ...ADMINISTRATORS),
      params: idParam("schoolId"),
      body: changedSchool,
      status: 200,
      answer: schoolShape,
      changes: true,
      refusals: ["not-found", "conflict", "precondition-failed", "database-away"],
      handle: async ({ actor, params, body, ifMatch }) => {
        if (!actsFor(actor, params.schoolId)) throw new RefusalError("not-found", "There is no such school.");
        if (actor.role !== "operator" && body.archived !== undefined)
          throw new RefusalError("refused-by-rule", "Only an operator puts a school away.");
        if (actor.role !== "operator" && body.quotaBytes !== undefined)
          throw new RefusalError("refused-by-rule", "Only an operator says how much space a school has.");
        return await changes
          .transact({ actor }, async (change) => {
            const all = change.trx.selectFrom("schools").selectAll().where("id", "=", params.schoolId);
            const before = await all.forUpdate().executeTakeFirst();
            if (!before) throw new RefusalError("not-found", "There is no such school.");
            checkVersion(before, ifMatch);
            const after = await change.trx
              .updateTable("schools")
              .set((row) => ({ ...columnsOf(body), version: row("version", "+", 1) }))
              .where("id", "=", before.id)
              .returningAll()
              .executeTakeFirstOrThrow();
            await change.audit({
              action: "school.change",
              schoolId: before.id,
              targetKind: "school",
              targetId: before.id,
              before,
              after,
            });
            const lessons = await change.trx
              .selectFrom("lessons")
              .select(["stream_app", "stream_name"])
              .where("school_id", "=", before.id)
              .where("state", "!=", "ended")
              .execute();
            change.afterCommit(() => {
              signIn.clearCache();
              space.check(before.id);
              if (body.archived !== undefined)
                for (const { stream_app, stream_name } of lessons) streams.ruleChanged(stream_app, stream_name);
            });
            return { body: schoolResponse(after) };
          })
          .catch(taken);
      },
    }),
    route({
      id: "getSpace",
      method: "GET",
      path: "/schools/:schoolId/space",
      tag: TAG,
      summary: "How much a school's recordings take",
      access: requires("schools:read", ...STAFF),
      params: idParam("schoolId"),
      status: 200,
      answer: spaceShape,
      refusals: ["not-found", "database-away"],
      handle: async ({ actor, params }) => {
        const school = await schoolOf(actor, params.schoolId);
        return { body: { bytes: await usedBytes(db, school.id), quotaBytes: Number(school.quota_bytes) } };
      },
    }),
  ];
}

function columnsOf(body: z.output<typeof changedSchool>) {
  return definedFields({
    slug: body.slug,
    name: body.name,
    time_zone: body.timeZone,
    guests: body.guests,
    admin_networks: body.adminNetworks && json(body.adminNetworks),
    keep_days: body.keepDays,
    keep_bytes: body.keepBytes,
    quota_bytes: body.quotaBytes,
    archived_at: body.archived === undefined ? undefined : body.archived ? new Date() : null,
  });
}

function schoolResponse(school: School) {
  return {
    id: school.id,
    slug: school.slug,
    name: school.name,
    timeZone: school.time_zone,
    guests: school.guests,
    adminNetworks: [...school.admin_networks],
    keepDays: school.keep_days,
    keepBytes: Number(school.keep_bytes),
    quotaBytes: Number(school.quota_bytes),
    archivedAt: school.archived_at,
    createdAt: school.created_at,
    version: school.version,
  };
}
