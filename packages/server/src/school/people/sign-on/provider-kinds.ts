/** Says which fields a provider of each kind has, and what they must be together. */
import { fieldText } from "../../foundation/messages/field-texts.ts";
import type { ProviderKind } from "../../foundation/store/sign-on-tables.ts";

/** Fields of one kind only. */
const FIELDS_OF = {
  clientId: ["oidc"],
  clientSecret: ["oidc"],
  scopes: ["oidc"],
  saml: ["saml"],
  publicOrigin: ["saml", "cas"],
} as const satisfies Readonly<Record<string, readonly ProviderKind[]>>;

type Fields = {
  readonly issuer?: string | undefined;
  readonly clientId?: string | undefined;
  readonly saml?: { readonly metadataUrl: string; readonly ssoUrl: string; readonly certificates: readonly string[] } | undefined;
};
type FieldError = { readonly path: readonly string[]; readonly key: ReturnType<typeof fieldText.key> };

/** @param fields of the provider as it is to be, or, where `isWhole` is false, those that change */
export function errorsOfKind(kind: ProviderKind, fields: Fields, isWhole: boolean): readonly FieldError[] {
  const { issuer, clientId, saml } = fields;
  const errors: FieldError[] = Object.entries(FIELDS_OF)
    .filter(([name, kinds]) => Reflect.get(fields, name) !== undefined && !kinds.some((one) => one === kind))
    .map(([name]) => ({ path: [name], key: fieldText.key("other-provider-kind") }));
  if (issuer !== undefined && kind !== "saml" && !isIssuerAddress(issuer))
    errors.push({ path: ["issuer"], key: fieldText.key("issuer") });
  if (!isWhole) return errors;
  if (kind === "oidc" && clientId === undefined) errors.push({ path: ["clientId"], key: fieldText.key("empty") });
  if (kind === "saml" && !(saml && isComplete(saml))) errors.push({ path: ["saml"], key: fieldText.key("saml-needs") });
  return errors;
}

/** Whether an identity provider's address and keys are known, or where they are. */
export function isComplete({ metadataUrl, ssoUrl, certificates }: NonNullable<Fields["saml"]>): boolean {
  return metadataUrl !== "" || (ssoUrl !== "" && certificates.length > 0);
}

/** An http or https address without query and fragment. */
function isIssuerAddress(text: string): boolean {
  if (text.length > 500 || !URL.canParse(text)) return false;
  const { protocol, search, hash } = new URL(text);
  return (protocol === "https:" || protocol === "http:") && search === "" && hash === "";
}
