/** Serves the API routes for schools, which are the tenants of an installation, and for the space of their recordings. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { LEAST_AUDIT_DAYS } from "../../../platform/config/audit-schema.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { schoolText } from "../messages/school-texts.ts";
import { definedFields, idParam } from "../requests/fields.ts";
import { pageOf, paging, toPage } from "../requests/paging.ts";
import { ADMINISTRATORS, EVERY_ROLE, requires, STAFF } from "../requests/permissions.ts";
import { conflictAs, type RouteContext } from "../requests/route-context.ts";
import { checkVersion } from "../store/change.ts";
import type { Db, School } from "../store/tables.ts";
import { updateRow } from "../store/update-row.ts";
import { checkAccessSettings } from "./access-settings.ts";
import { requireProvider } from "./enabled-provider.ts";
import { checkLadder, ladderColumns, type PolicyControl, resendPolicies } from "./ladder-choice.ts";
import { logoAddress } from "./logo-address.ts";
import { usedBytes } from "./quota.ts";
import { actsFor, noSuchSchool } from "./scope.ts";
import { type ChangedSchool, changedSchool, newSchool, schoolShape, storageUsageShape } from "./shapes.ts";

const TAG = "Schools";
const taken = conflictAs(schoolText("slug-taken"));

export type SchoolContext = RouteContext & {
  readonly signIn: { readonly clearCache: () => void };
  readonly space: { readonly check: (schoolId: string) => void };
  readonly streams: PolicyControl;
};

export function schoolRoutes(context: SchoolContext): ApiRoute[] {
  return [
    listSchoolsRoute(context),
    createSchoolRoute(context),
    getSchoolRoute(context),
    changeSchoolRoute(context),
    getStorageUsageRoute(context),
  ];
}

/** @throws RefusalError not-found, also where the actor belongs to another school */
async function findSchool(db: Db, actor: Actor, schoolId: string): Promise<School> {
  const school = await db.selectFrom("schools").selectAll().where("id", "=", schoolId).executeTakeFirst();
  if (!school || !actsFor(actor, school.id)) throw noSuchSchool();
  return school;
}

function listSchoolsRoute({ db }: SchoolContext): ApiRoute {
  return route({
    id: "listSchools",
    method: "GET",
    path: "/schools",
    tag: TAG,
    summary: "List schools: all for operators, else the own school",
    access: requires("schools:read", ...EVERY_ROLE),
    rights: ["+++++++-", null],
    query: z.strictObject(paging),
    status: 200,
    answer: pageOf(schoolShape),
    refusals: ["database-away"],
    handle: async ({ actor, query: { limit, cursor = "" } }) => {
      let matching = db
        .selectFrom("schools")
        .selectAll()
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1);
      if (actor.schoolId !== null) matching = matching.where("id", "=", actor.schoolId);
      return { body: toPage(await matching.execute(), limit, (school) => schoolResponse(school, actor)) };
    },
  });
}

function createSchoolRoute({ changes }: SchoolContext): ApiRoute {
  return route({
    id: "createSchool",
    method: "POST",
    path: "/schools",
    tag: TAG,
    summary: "Create a school",
    access: requires("schools:write", "operator"),
    rights: ["+-------", null],
    body: newSchool,
    status: 201,
    answer: schoolShape,
    creates: true,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ body, ...requester }) => {
      const row = {
        id: newId(),
        slug: body.slug,
        name: body.name,
        time_zone: body.timeZone,
        guests: body.guests,
        admin_networks: json(body.adminNetworks),
        ...ladderColumns(body),
      };
      return await changes
        .transact(requester, async (change) => {
          await checkLadder(change.trx, row.id, body.ladder);
          const school = await change.trx.insertInto("schools").values(row).returningAll().executeTakeFirstOrThrow();
          await change.audit({
            action: "school.create",
            schoolId: school.id,
            targetKind: "school",
            targetId: school.id,
            after: school,
          });
          return { body: schoolResponse(school, requester.actor) };
        })
        .catch(taken);
    },
  });
}

function getSchoolRoute({ db }: SchoolContext): ApiRoute {
  return route({
    id: "getSchool",
    method: "GET",
    path: "/schools/:schoolId",
    tag: TAG,
    summary: "Get a school",
    access: requires("schools:read", ...EVERY_ROLE),
    rights: ["+++++++-", "+000000-"],
    params: idParam("schoolId"),
    status: 200,
    answer: schoolShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const school = await findSchool(db, actor, params.schoolId);
      return { body: schoolResponse(school, actor) };
    },
  });
}

function changeSchoolRoute({ changes, signIn, streams, space }: SchoolContext): ApiRoute {
  return route({
    id: "changeSchool",
    method: "PATCH",
    path: "/schools/:schoolId",
    tag: TAG,
    summary: "Change a school",
    access: requires("schools:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("schoolId"),
    body: changedSchool,
    status: 200,
    answer: schoolShape,
    changes: true,
    refusals: ["not-found", "conflict", "precondition-failed", "database-away"],
    handle: async ({ actor, params, body, ifMatch }) => {
      if (!actsFor(actor, params.schoolId)) throw noSuchSchool();
      if (actor.role !== "operator" && body.archived !== undefined)
        throw new RefusalError("refused-by-rule", schoolText("operators-archive"));
      if (actor.role !== "operator" && body.quotaBytes !== undefined)
        throw new RefusalError("refused-by-rule", schoolText("operators-set-quota"));
      checkAccessSettings(actor, body);
      return await changes
        .transact({ actor }, async (change) => {
          const before = await findSchool(change.trx, actor, params.schoolId);
          checkVersion(before, ifMatch);
          if (body.passwordSignIn === false) await requireProvider(change, before.id, schoolText("provider-first"));
          await checkLadder(change.trx, before.id, body.ladder);
          const after = await updateRow(change, "schools", before, columnsOf(body));
          await resendPolicies(change, streams, { schoolId: before.id }, before, after);
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
          return { body: schoolResponse(after, actor) };
        })
        .catch(taken);
    },
  });
}

function getStorageUsageRoute({ db }: SchoolContext): ApiRoute {
  return route({
    id: "getSpace",
    method: "GET",
    path: "/schools/:schoolId/space",
    tag: TAG,
    summary: "Get how much space a school's recordings take",
    access: requires("schools:read", ...STAFF),
    rights: ["+++++---", "+0000---"],
    params: idParam("schoolId"),
    status: 200,
    answer: storageUsageShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      const school = await findSchool(db, actor, params.schoolId);
      return { body: { bytes: await usedBytes(db, school.id), quotaBytes: Number(school.quota_bytes) } };
    },
  });
}

function columnsOf(body: ChangedSchool) {
  return definedFields({
    slug: body.slug,
    name: body.name,
    time_zone: body.timeZone,
    guests: body.guests,
    admin_networks: body.adminNetworks && json(body.adminNetworks),
    keep_days: body.keepDays,
    keep_bytes: body.keepBytes,
    quota_bytes: body.quotaBytes,
    idle_minutes: body.idleMinutes,
    password_sign_in: body.passwordSignIn,
    second_factor: body.secondFactor,
    scim_administrators: body.scimAdministrators,
    guest_consent: body.guestConsent,
    lesson_ranking: body.lessonRanking,
    end_after_minutes: body.endAfterMinutes,
    keep_audit_days: body.keepAuditDays,
    keep_names_days: body.keepNamesDays,
    view_details: body.viewDetails,
    accent: body.accent,
    ...ladderColumns(body),
    archived_at: body.archived === undefined ? undefined : body.archived ? new Date() : null,
  });
}

/** @param reader who gets the answer: only administrators see where they may sign in from, and what the school pays for */
function schoolResponse(school: School, reader: Pick<Actor, "role">) {
  return {
    id: school.id,
    slug: school.slug,
    name: school.name,
    timeZone: school.time_zone,
    guests: school.guests,
    ...(reader.role !== null && ADMINISTRATORS.includes(reader.role) ? administratorFields(school) : {}),
    guestConsent: school.guest_consent,
    accent: school.accent,
    logo: logoAddress(school),
    ladder: school.ladder,
    ladderStart: school.ladder_start,
    deletingSince: school.deleting_since,
    archivedAt: school.archived_at,
    createdAt: school.created_at,
    version: school.version,
  };
}

function administratorFields(school: School) {
  return {
    adminNetworks: [...school.admin_networks],
    keepDays: school.keep_days,
    keepBytes: Number(school.keep_bytes),
    quotaBytes: Number(school.quota_bytes),
    passwordSignIn: school.password_sign_in,
    secondFactor: school.second_factor,
    scimAdministrators: school.scim_administrators,
    idleMinutes: school.idle_minutes,
    // As the log is kept, also where the setting is from before there was a least.
    keepAuditDays: school.keep_audit_days && Math.max(school.keep_audit_days, LEAST_AUDIT_DAYS),
    keepNamesDays: school.keep_names_days,
    viewDetails: school.view_details,
    lessonRanking: school.lesson_ranking,
    endAfterMinutes: school.end_after_minutes,
  };
}
