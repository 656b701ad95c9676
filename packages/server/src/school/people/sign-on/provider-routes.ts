/** Serves the API routes for the providers of single sign-on: administrators configure those of their school. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { RefusalError } from "../../../platform/api/server.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { schoolText } from "../../foundation/messages/school-texts.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, forPeople, requires } from "../../foundation/requests/permissions.ts";
import { type Resource, resource } from "../../foundation/resource/resource.ts";
import { requireProvider } from "../../foundation/schools/enabled-provider.ts";
import type { Change } from "../../foundation/store/change.ts";
import type { Provider } from "../../foundation/store/tables.ts";
import { reasonOf } from "./protocol/protocol.ts";
import { changedColumns, newRow, providerResponse } from "./provider-row.ts";
import { changedProvider, identityProviderShape, newProvider, providerShape, samlMetadata } from "./provider-shapes.ts";
import { readMetadata } from "./saml/identity-provider.ts";
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
      rights: ["++------", "+0------"],
      body: newProvider,
      isRepeatable: false,
      row: (body, creation) => newRow(body, creation, storedSecrets),
    }),
    providers.change("changeProvider", {
      summary: "Change a provider; disabling it ends the sessions that it opened",
      rights: ["++------", "+0------"],
      body: changedProvider,
      refusals: ["conflict"],
      columns: (body, before) => changedColumns(body, before, storedSecrets),
      also: async (change, after) => {
        if (!after.enabled) await endProvider(change, after);
      },
    }),
    providers.delete("deleteProvider", {
      summary: "Delete a provider; the sessions that it opened end, accounts stay",
      rights: ["++------", "+0------"],
      refusals: ["conflict"],
      isConditional: false,
      also: endProvider,
    }),
    testProviderRoute(context, providers),
    readMetadataRoute(context),
  ];
  // A provider can sign in anybody of the school, so a key with a few scopes would gain all of them by making one.
  const ofPeople = writing.map((one) => forPeople(one, schoolText("people-only-providers")));
  const summary = "List a school's providers of single sign-on, without their secrets";
  const list = {
    ...providers.list("listProviders", { summary, rights: ["++------", "+0------"] }),
    reads: { unlogged: "names of claims, and of no person" },
  };
  return [list, ...ofPeople];
}

function testProviderRoute({ db, providers: client }: SignOnContext, providers: Providers): ApiRoute {
  return route({
    id: "testProvider",
    method: "POST",
    path: "/providers/:providerId/test",
    tag: TAG,
    summary: "Check that the server reaches a provider and understands its description",
    access: WRITE,
    rights: ["00------", null],
    params: idParam("providerId"),
    status: 200,
    answer: z.object({ issuer: z.string(), authorizationEndpoint: z.string() }).meta({ id: "ProviderTest" }),
    refusals: ["not-found", "provider-away", "database-away"],
    handle: async ({ actor, params }) => {
      const provider = await providers.find(db, actor, params.providerId);
      return { body: await client.describe(provider) };
    },
  });
}

function readMetadataRoute({ providers: client }: SignOnContext): ApiRoute {
  return route({
    id: "readSamlMetadata",
    method: "POST",
    path: "/providers/saml-metadata",
    tag: TAG,
    summary: "Read the metadata of an identity provider of SAML, as a document or at its address, to add it as a provider",
    access: WRITE,
    rights: ["++------", null],
    body: samlMetadata,
    status: 200,
    answer: identityProviderShape,
    refusals: ["provider-away"],
    handle: async ({ body: { metadata = "", metadataUrl } }) => {
      const read = metadataUrl === undefined ? readMetadata(metadata).catch(refuseMetadata) : client.samlMetadata(metadataUrl);
      const { certificates, ...found } = await read;
      return { body: { ...found, certificates: [...certificates] } };
    },
  });
}

/** @throws RefusalError bad-request, with the reason: the document is the administrator's own */
function refuseMetadata(error: unknown): never {
  const reason = reasonOf(error);
  throw new RefusalError("bad-request", null, [{ path: "metadata", message: fieldText("saml-metadata", { reason }) }]);
}

/** Ends the provider's sessions. @throws RefusalError conflict, where nobody of the school could sign in any more */
async function endProvider(change: Change, provider: Provider): Promise<void> {
  await change.trx.deleteFrom("sessions").where("provider_id", "=", provider.id).execute();
  await requireProvider(change, provider.school_id, schoolText("last-provider"), { unlessPasswords: true });
}
