/** API routes for learning platforms: administrators register those of their school. A registration has no secret. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { ltiText } from "../../foundation/messages/lti-texts.ts";
import { definedFields, id, idParam } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import { conflictAs } from "../../foundation/requests/route-context.ts";
import { actsFor, schoolScope, targetSchool } from "../../foundation/schools/scope.ts";
import { checkVersion } from "../../foundation/store/change.ts";
import type { LtiPlatform } from "../../foundation/store/lti-tables.ts";
import type { Db } from "../../foundation/store/tables.ts";
import { deleteRow, updateRow } from "../../foundation/store/update-row.ts";
import type { LtiContext } from "./lti-context.ts";
import { changedPlatform, newPlatform, platformShape } from "./shapes.ts";

const TAG = "Learning platforms (LTI)";
const taken = conflictAs(ltiText("platform-taken"));

export function platformRoutes(context: LtiContext): ApiRoute[] {
  return [
    listPlatformsRoute(context),
    createPlatformRoute(context),
    changePlatformRoute(context),
    deletePlatformRoute(context),
    testPlatformRoute(context),
  ];
}

function listPlatformsRoute({ db }: LtiContext): ApiRoute {
  return route({
    id: "listLtiPlatforms",
    method: "GET",
    path: "/lti/platforms",
    tag: TAG,
    summary: "List a school's learning platforms",
    access: requires("schools:read", ...ADMINISTRATORS),
    query: z.strictObject({ ...paging, schoolId: id.optional() }),
    status: 200,
    answer: pageOf(platformShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, query: { limit, cursor = "", schoolId } }) => {
      const school = schoolScope(actor, schoolId);
      let matching = db
        .selectFrom("lti_platforms")
        .selectAll()
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1);
      if (school !== null) matching = matching.where("school_id", "=", school);
      return { body: toPage(await matching.execute(), limit, platformResponse) };
    },
  });
}

function createPlatformRoute({ changes }: LtiContext): ApiRoute {
  return route({
    id: "createLtiPlatform",
    method: "POST",
    path: "/lti/platforms",
    tag: TAG,
    summary: "Register a learning platform",
    access: requires("people:write", ...ADMINISTRATORS),
    body: newPlatform,
    status: 201,
    answer: platformShape,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ actor, body }) => {
      checkPerson(actor);
      const created = changes.transact({ actor }, async (change) => {
        const school = await targetSchool(change.trx, actor, body.schoolId);
        const platform = await change.trx
          .insertInto("lti_platforms")
          .values({
            id: newId(),
            school_id: school.id,
            name: body.name,
            issuer: body.issuer,
            client_id: body.clientId,
            login_url: body.loginUrl,
            grant_url: body.tokenUrl,
            keys_url: body.keysUrl,
            deployment_ids: json(body.deploymentIds),
            origins: json(body.origins),
            grades: body.grades,
            enabled: body.enabled,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        const target = { schoolId: school.id, targetKind: "lti-platform", targetId: platform.id };
        await change.audit({ action: "lti-platform.create", ...target, after: platform });
        return { body: platformResponse(platform) };
      });
      return await created.catch(taken);
    },
  });
}

function changePlatformRoute({ changes, signIn }: LtiContext): ApiRoute {
  return route({
    id: "changeLtiPlatform",
    method: "PATCH",
    path: "/lti/platforms/:platformId",
    tag: TAG,
    summary: "Change a learning platform; disabling it ends the sessions that it opened",
    access: requires("people:write", ...ADMINISTRATORS),
    params: idParam("platformId"),
    body: changedPlatform,
    status: 200,
    answer: platformShape,
    changes: true,
    refusals: ["not-found", "precondition-failed", "database-away"],
    handle: async ({ actor, params, body, ifMatch }) => {
      checkPerson(actor);
      return await changes.transact({ actor }, async (change) => {
        const before = await findPlatform(change.trx, actor, params.platformId);
        checkVersion(before, ifMatch);
        const columns = definedFields({
          name: body.name,
          login_url: body.loginUrl,
          grant_url: body.tokenUrl,
          keys_url: body.keysUrl,
          deployment_ids: body.deploymentIds && json(body.deploymentIds),
          origins: body.origins && json(body.origins),
          grades: body.grades,
          enabled: body.enabled,
        });
        const after = await updateRow(change, "lti_platforms", before, columns);
        if (!after.enabled) await endSessions(change.trx, after);
        const target = { schoolId: before.school_id, targetKind: "lti-platform", targetId: before.id };
        await change.audit({ action: "lti-platform.change", ...target, before, after });
        change.afterCommit(() => signIn.clearCache());
        return { body: platformResponse(after) };
      });
    },
  });
}

function deletePlatformRoute({ changes, signIn }: LtiContext): ApiRoute {
  return route({
    id: "deleteLtiPlatform",
    method: "DELETE",
    path: "/lti/platforms/:platformId",
    tag: TAG,
    summary: "Delete a learning platform; the sessions that it opened end, accounts, courses and lessons stay",
    access: requires("people:write", ...ADMINISTRATORS),
    params: idParam("platformId"),
    status: 204,
    answer: null,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, params }) => {
      checkPerson(actor);
      return await changes.transact({ actor }, async (change) => {
        const before = await findPlatform(change.trx, actor, params.platformId);
        await deleteRow(change, "lti_platforms", before);
        await endSessions(change.trx, before);
        const target = { schoolId: before.school_id, targetKind: "lti-platform", targetId: before.id };
        await change.audit({ action: "lti-platform.delete", ...target, before });
        change.afterCommit(() => signIn.clearCache());
        return { body: null };
      });
    },
  });
}

function testPlatformRoute({ db, signatures }: LtiContext): ApiRoute {
  return route({
    id: "testLtiPlatform",
    method: "POST",
    path: "/lti/platforms/:platformId/test",
    tag: TAG,
    summary: "Check that the server reaches the platform's keys",
    access: requires("people:write", ...ADMINISTRATORS),
    params: idParam("platformId"),
    status: 200,
    answer: z.object({ keys: z.int().describe("How many keys the platform has.") }).meta({ id: "LtiPlatformTest" }),
    refusals: ["not-found", "provider-away", "database-away"],
    handle: async ({ actor, params }) => {
      checkPerson(actor);
      return { body: { keys: await signatures.countKeys(await findPlatform(db, actor, params.platformId)) } };
    },
  });
}

async function endSessions(db: Db, platform: LtiPlatform): Promise<void> {
  await db.deleteFrom("sessions").where("provider_id", "=", platform.id).execute();
}

/** A platform can sign in teachers and students, so a key with a few scopes would gain theirs by registering one. */
function checkPerson({ kind }: Actor): void {
  if (kind === "key") throw new RefusalError("refused-by-rule", ltiText("people-only-platforms"));
}

async function findPlatform(db: Db, actor: Actor, platformId: string): Promise<LtiPlatform> {
  const platform = await db.selectFrom("lti_platforms").selectAll().where("id", "=", platformId).executeTakeFirst();
  if (!platform || !actsFor(actor, platform.school_id)) throw new RefusalError("not-found", ltiText("no-platform"));
  return platform;
}

function platformResponse(platform: LtiPlatform) {
  return {
    id: platform.id,
    schoolId: platform.school_id,
    name: platform.name,
    issuer: platform.issuer,
    clientId: platform.client_id,
    deploymentIds: [...platform.deployment_ids],
    loginUrl: platform.login_url,
    tokenUrl: platform.grant_url,
    keysUrl: platform.keys_url,
    origins: [...platform.origins],
    grades: platform.grades,
    enabled: platform.enabled,
    createdAt: platform.created_at,
    version: platform.version,
  };
}
