/** Makes columns of what the API takes of a provider, and the answer of the API of its row. */
import type { z } from "zod";
import { RefusalError } from "../../../platform/api/server.ts";
import { json } from "../../../platform/store/store.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { definedFields } from "../../foundation/requests/fields.ts";
import type { SamlSettings } from "../../foundation/store/sign-on-tables.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";
import type { Provider } from "../../foundation/store/tables.ts";
import { errorsOfKind, isComplete } from "./provider-kinds.ts";
import type { changedProvider, newProvider, providerShape } from "./provider-shapes.ts";
import { certificateOf } from "./saml/certificates.ts";
import { makeServiceKey } from "./saml/service-key.ts";

const DEFAULT_SCOPES = "openid profile email";

/** Where the provider sends the browser back to. Each provider has an own address, which tells their responses apart (RFC 9700, section 4.4). */
export function redirectUriOf({ id, public_origin }: Pick<Provider, "id" | "public_origin">, origin: string): string {
  return `${public_origin || origin}/sign-on/${id}/callback`;
}

/** The columns of a new provider. @param origin of the request */
export async function newRow(
  body: z.output<typeof newProvider>,
  { id, origin }: { readonly id: string; readonly origin: string },
  storedSecrets: StoredSecrets,
) {
  const { kind, saml } = body;
  const publicOrigin = kind === "oidc" ? "" : (body.publicOrigin ?? origin);
  const key = kind === "saml" ? await makeServiceKey() : null;
  const settings: SamlSettings | null =
    saml && key
      ? {
          ...saml,
          entityId: saml.entityId ?? metadataAddress(id, publicOrigin),
          certificates: saml.certificates.flatMap((one) => certificateOf(one) ?? []),
          ownCertificate: key.certificate,
        }
      : null;
  return {
    kind,
    name: body.name,
    issuer: body.issuer,
    client_id: body.clientId ?? "",
    client_secret: storedSecrets.encrypt("providers", id, key?.privateKey ?? body.clientSecret ?? ""),
    scopes: kind === "oidc" ? (body.scopes ?? DEFAULT_SCOPES) : "",
    claim_names: json(body.claimNames),
    role_claim: body.roleClaim,
    role_map: json(body.roles),
    default_role: body.defaultRole,
    course_claim: body.courseClaim,
    external_id_claim: body.externalIdClaim,
    saml: settings && json(settings),
    public_origin: publicOrigin,
    enabled: body.enabled,
  };
}

/** The columns that change. @throws RefusalError bad-request, for fields of another kind */
export function changedColumns(body: z.output<typeof changedProvider>, before: Provider, storedSecrets: StoredSecrets) {
  const saml = before.saml && body.saml ? mergedSaml(before.saml, body.saml) : undefined;
  const { saml: _, ...others } = body;
  const errors = [...errorsOfKind(before.kind, { ...others, ...(body.saml ? { saml: saml ?? NO_ENDPOINTS } : {}) }, false)];
  if (saml && !isComplete(saml)) errors.push({ path: ["saml"], key: fieldText.key("saml-needs") });
  if (errors.length > 0)
    throw new RefusalError(
      "bad-request",
      null,
      errors.map(({ path, key }) => ({ path: path.join("."), message: { key, params: {} } })),
    );
  return definedFields({
    name: body.name,
    issuer: body.issuer,
    client_id: body.clientId,
    client_secret: body.clientSecret && storedSecrets.encrypt("providers", before.id, body.clientSecret),
    scopes: body.scopes,
    claim_names: body.claimNames && json(body.claimNames),
    role_claim: body.roleClaim,
    role_map: body.roles && json(body.roles),
    default_role: body.defaultRole,
    course_claim: body.courseClaim,
    external_id_claim: body.externalIdClaim,
    saml: saml && json(saml),
    public_origin: body.publicOrigin,
    enabled: body.enabled,
  });
}

const NO_ENDPOINTS = { metadataUrl: "", ssoUrl: "", certificates: [] };

function mergedSaml(before: SamlSettings, changed: NonNullable<z.output<typeof changedProvider>["saml"]>): SamlSettings {
  const certificates = changed.certificates?.flatMap((one) => certificateOf(one) ?? []);
  return { ...before, ...definedFields({ ...changed, certificates }) };
}

export function providerResponse(provider: Provider, origin: string): z.input<typeof providerShape> {
  const { id, kind, saml } = provider;
  return {
    id,
    schoolId: provider.school_id,
    kind,
    name: provider.name,
    issuer: provider.issuer,
    clientId: provider.client_id,
    hasSecret: kind === "oidc" && provider.client_secret !== "",
    scopes: provider.scopes,
    claimNames: { ...provider.claim_names },
    roleClaim: provider.role_claim,
    roles: { ...provider.role_map },
    defaultRole: provider.default_role,
    courseClaim: provider.course_claim,
    externalIdClaim: provider.external_id_claim,
    saml: saml && samlResponse(provider, saml),
    publicOrigin: provider.public_origin,
    enabled: provider.enabled,
    redirectUri: redirectUriOf(provider, origin),
    createdAt: provider.created_at,
    version: provider.version,
  };
}

function samlResponse({ id, public_origin }: Provider, { ownCertificate, certificates, ...settings }: SamlSettings) {
  const serviceMetadataUrl = metadataAddress(id, public_origin);
  return { ...settings, certificates: [...certificates], certificate: ownCertificate, serviceMetadataUrl };
}

/** Where the metadata of this server is; also its entity id, as long as no other is set (SAML Metadata 2.0, section 4.1.1). */
function metadataAddress(id: string, origin: string): string {
  return `${origin}/api/v1/sign-on/${id}/metadata`;
}
