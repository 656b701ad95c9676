/** Serves the API routes for the providers of single sign-on: administrators configure those of their school. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { json } from "../../../platform/store/store.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { definedFields, idParam } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, forPeople, requires } from "../../foundation/requests/permissions.ts";
import { type Resource, resource } from "../../foundation/resource/resource.ts";
import { requireProvider } from "../../foundation/schools/enabled-provider.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Provider } from "../../foundation/store/tables.ts";
import { changedProvider, newProvider, providerShape } from "./shapes.ts";
import type { SignOnContext } from "./sign-on-context.ts";

const TAG = "Single sign-on";
const WRITE = requires("people:write", ...ADMINISTRATORS);

type Providers = Resource<"providers", typeof providerShape>;

export function providerRoutes(context: SignOnContext): ApiRoute[] {
  const { signIn, storedSecrets } = context;
  const providers = resource(context, {
    table: "providers",
    path: "/providers/:providerId",
    tag: TAG,
    kind: "provider",
    read: requires("schools:read", ...ADMINISTRATORS),
    write: WRITE,
    owner: "school",
    missing: schoolText("no-provider"),
    shape: providerShape,
    present:
      ({ origin }) =>
      (provider) =>
        providerResponse(provider, origin),
    committed: () => signIn.clearCache(),
  });
  const writing = [
    providers.create("createProvider", {
      summary: "Add a provider of single sign-on",
      body: newProvider,
      isRepeatable: false,
      row: (body, { id }) => ({
        name: body.name,
        issuer: body.issuer,
        client_id: body.clientId,
        client_secret: storedSecrets.encrypt("providers", id, body.clientSecret),
        scopes: body.scopes,
        role_claim: body.roleClaim,
        role_map: json(body.roles),
        default_role: body.defaultRole,
        course_claim: body.courseClaim,
        enabled: body.enabled,
      }),
    }),
    providers.change("changeProvider", {
      summary: "Change a provider; disabling it ends the sessions that it opened",
      body: changedProvider,
      refusals: ["conflict"],
      columns: (body, { id }) =>
        definedFields({
          name: body.name,
          issuer: body.issuer,
          client_id: body.clientId,
          client_secret: body.clientSecret && storedSecrets.encrypt("providers", id, body.clientSecret),
          scopes: body.scopes,
          role_claim: body.roleClaim,
          role_map: body.roles && json(body.roles),
          default_role: body.defaultRole,
          course_claim: body.courseClaim,
          enabled: body.enabled,
        }),
      also: async (change, after) => {
        if (!after.enabled) await endProvider(change, after);
      },
    }),
    providers.delete("deleteProvider", {
      summary: "Delete a provider; the sessions that it opened end, accounts stay",
      refusals: ["conflict"],
      isConditional: false,
      also: endProvider,
    }),
    testProviderRoute(context, providers),
  ];
  // A provider can sign in anybody of the school, so a key with a few scopes would gain all of them by making one.
  const ofPeople = writing.map((one) => forPeople(one, schoolText("people-only-providers")));
  const summary = "List a school's providers of single sign-on, without their secrets";
  return [providers.list("listProviders", { summary }), ...ofPeople];
}

function testProviderRoute({ db, providers: discovery }: SignOnContext, providers: Providers): ApiRoute {
  return route({
    id: "testProvider",
    method: "POST",
    path: "/providers/:providerId/test",
    tag: TAG,
    summary: "Check that the server reaches a provider and understands its description",
    access: WRITE,
    params: idParam("providerId"),
    status: 200,
    answer: z.object({ issuer: z.string(), authorizationEndpoint: z.string() }).meta({ id: "ProviderTest" }),
    refusals: ["not-found", "provider-away", "database-away"],
    handle: async ({ actor, params }) => {
      const provider = await providers.find(db, actor, params.providerId);
      const { issuer, authorization_endpoint } = (await discovery.discover(provider)).serverMetadata();
      return { body: { issuer, authorizationEndpoint: authorization_endpoint ?? "" } };
    },
  });
}

/** Ends the provider's sessions. @throws RefusalError conflict, where nobody of the school could sign in any more */
async function endProvider(change: Change, provider: Provider): Promise<void> {
  await change.trx.deleteFrom("sessions").where("provider_id", "=", provider.id).execute();
  await requireProvider(change, provider.school_id, schoolText("last-provider"), { unlessPasswords: true });
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
