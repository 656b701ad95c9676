/** API routes for the providers of single sign-on: administrators configure those of their school. */
import { z } from "zod";
import type { Actor } from "../../../access/actor.ts";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { newId } from "../../../platform/id.ts";
import { json } from "../../../platform/store/store.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { definedFields, id, idParam } from "../../foundation/requests/fields.ts";
import { pageOf, paging, toPage } from "../../foundation/requests/paging.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import { requireProvider } from "../../foundation/schools/enabled-provider.ts";
import { actsFor, schoolScope, targetSchool } from "../../foundation/schools/scope.ts";
import { type Change, checkVersion } from "../../foundation/store/change.ts";
import type { Db, Provider } from "../../foundation/store/tables.ts";
import { deleteRow, updateRow } from "../../foundation/store/update-row.ts";
import { changedProvider, newProvider, providerShape } from "./shapes.ts";
import type { SignOnContext } from "./sign-on-context.ts";

const TAG = "Single sign-on";

export function providerRoutes(context: SignOnContext): ApiRoute[] {
  return [
    listProvidersRoute(context),
    createProviderRoute(context),
    changeProviderRoute(context),
    deleteProviderRoute(context),
    testProviderRoute(context),
  ];
}

function listProvidersRoute({ db }: SignOnContext): ApiRoute {
  return route({
    id: "listProviders",
    method: "GET",
    path: "/providers",
    tag: TAG,
    summary: "List a school's providers of single sign-on, without their secrets",
    access: requires("schools:read", ...ADMINISTRATORS),
    query: z.strictObject({ ...paging, schoolId: id.optional() }),
    status: 200,
    answer: pageOf(providerShape),
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, origin, query: { limit, cursor = "", schoolId } }) => {
      const school = schoolScope(actor, schoolId);
      let matching = db
        .selectFrom("providers")
        .selectAll()
        .where("id", ">", cursor)
        .orderBy("id")
        .limit(limit + 1);
      if (school !== null) matching = matching.where("school_id", "=", school);
      return { body: toPage(await matching.execute(), limit, (provider) => providerResponse(provider, origin)) };
    },
  });
}

function createProviderRoute({ changes, storedSecrets }: SignOnContext): ApiRoute {
  return route({
    id: "createProvider",
    method: "POST",
    path: "/providers",
    tag: TAG,
    summary: "Add a provider of single sign-on",
    access: requires("people:write", ...ADMINISTRATORS),
    body: newProvider,
    status: 201,
    answer: providerShape,
    refusals: ["not-found", "database-away"],
    handle: async ({ actor, body, origin }) => {
      checkPerson(actor);
      return await changes.transact({ actor }, async (change) => {
        const school = await targetSchool(change.trx, actor, body.schoolId);
        const providerId = newId();
        const clientSecret = storedSecrets.encrypt("providers", providerId, body.clientSecret);
        const provider = await change.trx
          .insertInto("providers")
          .values({
            id: providerId,
            school_id: school.id,
            name: body.name,
            issuer: body.issuer,
            client_id: body.clientId,
            client_secret: clientSecret,
            scopes: body.scopes,
            role_claim: body.roleClaim,
            role_map: json(body.roles),
            default_role: body.defaultRole,
            course_claim: body.courseClaim,
            enabled: body.enabled,
          })
          .returningAll()
          .executeTakeFirstOrThrow();
        const target = { schoolId: school.id, targetKind: "provider", targetId: provider.id };
        await change.audit({ action: "provider.create", ...target, after: provider });
        return { body: providerResponse(provider, origin) };
      });
    },
  });
}

function changeProviderRoute({ changes, signIn, storedSecrets }: SignOnContext): ApiRoute {
  return route({
    id: "changeProvider",
    method: "PATCH",
    path: "/providers/:providerId",
    tag: TAG,
    summary: "Change a provider; disabling it ends the sessions that it opened",
    access: requires("people:write", ...ADMINISTRATORS),
    params: idParam("providerId"),
    body: changedProvider,
    status: 200,
    answer: providerShape,
    changes: true,
    refusals: ["not-found", "conflict", "precondition-failed", "database-away"],
    handle: async ({ actor, params, body, ifMatch, origin }) => {
      checkPerson(actor);
      return await changes.transact({ actor }, async (change) => {
        const before = await findProvider(change.trx, actor, params.providerId);
        checkVersion(before, ifMatch);
        const clientSecret = body.clientSecret && storedSecrets.encrypt("providers", before.id, body.clientSecret);
        const columns = definedFields({
          name: body.name,
          issuer: body.issuer,
          client_id: body.clientId,
          client_secret: clientSecret,
          scopes: body.scopes,
          role_claim: body.roleClaim,
          role_map: body.roles && json(body.roles),
          default_role: body.defaultRole,
          course_claim: body.courseClaim,
          enabled: body.enabled,
        });
        const after = await updateRow(change, "providers", before, columns);
        if (!after.enabled) await endProvider(change, after);
        const target = { schoolId: before.school_id, targetKind: "provider", targetId: before.id };
        await change.audit({ action: "provider.change", ...target, before, after });
        change.afterCommit(() => signIn.clearCache());
        return { body: providerResponse(after, origin) };
      });
    },
  });
}

function deleteProviderRoute({ changes, signIn }: SignOnContext): ApiRoute {
  return route({
    id: "deleteProvider",
    method: "DELETE",
    path: "/providers/:providerId",
    tag: TAG,
    summary: "Delete a provider; the sessions that it opened end, accounts stay",
    access: requires("people:write", ...ADMINISTRATORS),
    params: idParam("providerId"),
    status: 204,
    answer: null,
    refusals: ["not-found", "conflict", "database-away"],
    handle: async ({ actor, params }) => {
      checkPerson(actor);
      return await changes.transact({ actor }, async (change) => {
        const before = await findProvider(change.trx, actor, params.providerId);
        await deleteRow(change, "providers", before);
        await endProvider(change, before);
        const target = { schoolId: before.school_id, targetKind: "provider", targetId: before.id };
        await change.audit({ action: "provider.delete", ...target, before });
        change.afterCommit(() => signIn.clearCache());
        return { body: null };
      });
    },
  });
}

function testProviderRoute({ db, providers }: SignOnContext): ApiRoute {
  return route({
    id: "testProvider",
    method: "POST",
    path: "/providers/:providerId/test",
    tag: TAG,
    summary: "Check that the server reaches a provider and understands its description",
    access: requires("people:write", ...ADMINISTRATORS),
    params: idParam("providerId"),
    status: 200,
    answer: z.object({ issuer: z.string(), authorizationEndpoint: z.string() }).meta({ id: "ProviderTest" }),
    refusals: ["not-found", "provider-away", "database-away"],
    handle: async ({ actor, params }) => {
      checkPerson(actor);
      const provider = await findProvider(db, actor, params.providerId);
      const { issuer, authorization_endpoint } = (await providers.discover(provider)).serverMetadata();
      return { body: { issuer, authorizationEndpoint: authorization_endpoint ?? "" } };
    },
  });
}

/** Ends the provider's sessions. @throws RefusalError conflict, where nobody of the school could sign in any more */
async function endProvider(change: Change, provider: Provider): Promise<void> {
  await change.trx.deleteFrom("sessions").where("provider_id", "=", provider.id).execute();
  await requireProvider(change, provider.school_id, schoolText("last-provider"), { unlessPasswords: true });
}

/** A provider can sign in anybody of the school, so a key with a few scopes would gain all of them by making one. */
function checkPerson({ kind }: Actor): void {
  if (kind === "key") throw new RefusalError("refused-by-rule", schoolText("people-only-providers"));
}

async function findProvider(db: Db, actor: Actor, providerId: string): Promise<Provider> {
  const provider = await db.selectFrom("providers").selectAll().where("id", "=", providerId).executeTakeFirst();
  if (!provider || !actsFor(actor, provider.school_id)) throw new RefusalError("not-found", schoolText("no-provider"));
  return provider;
}

/** Where the provider sends the browser back to. Each provider has an own address, which tells their responses apart (RFC 9700, section 4.4). */
export function redirectUriOf(providerId: string, origin: string): string {
  return `${origin}/sign-on/${providerId}/callback`;
}

function providerResponse(provider: Provider, origin: string) {
  return {
    id: provider.id,
    schoolId: provider.school_id,
    name: provider.name,
    issuer: provider.issuer,
    clientId: provider.client_id,
    hasSecret: provider.client_secret !== "",
    scopes: provider.scopes,
    roleClaim: provider.role_claim,
    roles: { ...provider.role_map },
    defaultRole: provider.default_role,
    courseClaim: provider.course_claim,
    enabled: provider.enabled,
    redirectUri: redirectUriOf(provider.id, origin),
    createdAt: provider.created_at,
    version: provider.version,
  };
}
