/** Declares the form of a sign-on provider, whose fields depend on its protocol, and turns what is entered into the body of a request. */
import type { Provider } from "@lectern/client";
import { api, unwrap } from "../../session/api.ts";
import { InputError } from "../../session/error-message.ts";
import type { Translate } from "../../texts/use-translation.ts";
import type { Field, Values } from "../list/fields-form.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { formatRoleMap, parseRoleMap } from "./role-map.ts";

const KINDS = ["oidc", "saml", "cas"] as const;
/** Their names are the same in every language. */
export const KIND_NAMES = { oidc: "OpenID Connect", saml: "SAML 2.0", cas: "CAS 3.0" } as const;
const DEFAULT_ROLES = ["student", "supervisor", "assistant", "teacher"] as const;
const NO_ROLE = "none";

/** Null: of a new one. */
export function providerFields(provider: Provider | null, t: Translate): readonly Field[] {
  const only: Only = (...kinds) => ({
    isShown: (values) => kinds.some((kind) => kind === (provider?.kind ?? values["kind"] ?? "oidc")),
  });
  return [
    ...(provider ? [] : [kindField(t)]),
    { name: "name", label: t("fields.name"), required: true, value: provider?.name ?? "" },
    ...openIdFields(provider, t, only("oidc")),
    casField(provider, t, only("cas")),
    ...samlFields(provider, t, only("saml")),
    ...roleFields(provider, t),
    ...claimFields(provider, t),
  ];
}

type Kind = (typeof KINDS)[number];
type KindOnly = Required<Pick<Field, "isShown">>;
/** Shows a field for providers of these kinds. */
type Only = (...kinds: readonly Kind[]) => KindOnly;

function openIdFields(provider: Provider | null, t: Translate, shown: KindOnly): readonly Field[] {
  return [
    { name: "issuer", label: t("fields.issuer"), type: "url", required: true, value: provider?.issuer ?? "", ...shown },
    { name: "clientId", label: t("fields.clientId"), required: true, value: provider?.clientId ?? "", ...shown },
    { name: "clientSecret", label: t("providers.clientSecret"), type: "password", ...shown },
  ];
}

function casField(provider: Provider | null, t: Translate, shown: KindOnly): Field {
  const texts = { label: t("providers.casAddress"), hint: t("providers.casAddressHint") };
  return { name: "casAddress", path: "issuer", ...texts, type: "url", required: true, value: provider?.issuer ?? "", ...shown };
}

function samlFields(provider: Provider | null, t: Translate, shown: KindOnly): readonly Field[] {
  const saml = provider?.saml ?? null;
  const folded = { ...shown, isFolded: true };
  const yesNo = (["no", "yes"] as const).map((value) => ({ value, label: t(value) }));
  return [
    {
      name: "metadata",
      label: t("providers.metadata"),
      hint: t("providers.metadataHint"),
      type: "lines",
      value: saml?.metadataUrl ?? "",
      ...shown,
    },
    { name: "entityId", path: "issuer", label: t("providers.entityId"), value: provider?.issuer ?? "", ...folded },
    { name: "ssoUrl", path: "saml.ssoUrl", label: t("providers.ssoUrl"), type: "url", value: saml?.ssoUrl ?? "", ...folded },
    {
      name: "certificates",
      path: "saml.certificates",
      label: t("providers.certificates"),
      hint: t("providers.certificatesHint"),
      type: "lines",
      value: (saml?.certificates ?? []).map(pemOf).join("\n"),
      ...folded,
    },
    {
      name: "subjectAttribute",
      path: "saml.subjectAttribute",
      label: t("providers.subjectAttribute"),
      hint: t("providers.subjectAttributeHint"),
      value: saml?.subjectAttribute ?? "",
      ...folded,
    },
    {
      name: "signRequests",
      label: t("providers.signRequests"),
      required: true,
      value: saml?.signRequests ? "yes" : "no",
      options: yesNo,
      ...folded,
    },
    {
      name: "unsolicited",
      label: t("providers.unsolicited"),
      hint: t("providers.unsolicitedHint"),
      required: true,
      value: saml?.unsolicited ? "yes" : "no",
      options: yesNo,
      ...folded,
    },
  ];
}

function roleFields(provider: Provider | null, t: Translate): readonly Field[] {
  const roles = DEFAULT_ROLES.map((value) => ({ value, label: t(`roles.${value}`) }));
  return [
    { name: "roleClaim", label: t("providers.roleClaim"), value: provider?.roleClaim ?? "" },
    { name: "roles", label: t("providers.roleMap"), value: formatRoleMap(provider?.roles ?? {}) },
    {
      name: "defaultRole",
      label: t("providers.defaultRole"),
      required: true,
      value: provider ? (provider.defaultRole ?? NO_ROLE) : "student",
      options: [{ value: NO_ROLE, label: t("providers.noDefaultRole") }, ...roles],
    },
    { name: "courseClaim", label: t("providers.courseClaim"), value: provider?.courseClaim ?? "" },
    {
      name: "externalIdClaim",
      label: t("providers.externalIdClaim"),
      hint: t("providers.externalIdClaimHint"),
      value: provider?.externalIdClaim ?? "",
      isFolded: true,
    },
  ];
}

function claimFields(provider: Provider | null, t: Translate): readonly Field[] {
  const { login = "", name = "", email = "" } = provider?.claimNames ?? {};
  const folded = { hint: t("providers.usualClaim"), isFolded: true };
  return [
    { name: "loginClaim", path: "claimNames.login", label: t("providers.loginClaim"), value: login, ...folded },
    { name: "nameClaim", path: "claimNames.name", label: t("providers.nameClaim"), value: name, ...folded },
    { name: "emailClaim", path: "claimNames.email", label: t("providers.emailClaim"), value: email, ...folded },
  ];
}

function kindField(t: Translate): Field {
  const options = KINDS.map((value) => ({ value, label: KIND_NAMES[value] }));
  return { name: "kind", label: t("providers.kind"), required: true, value: "oidc", options };
}

/** The body of a request that adds a provider. @throws InputError for what the form can tell by itself */
export async function newProviderBody(values: Values, t: Translate) {
  const kind = KINDS.find((one) => one === values["kind"]) ?? "oidc";
  if (kind === "saml") return { kind, ...commonOf(values, t), ...(await samlOf(values, "", t)) };
  if (kind === "cas") return { kind, ...commonOf(values, t), issuer: values["casAddress"] ?? "" };
  const { issuer = "", clientId = "", clientSecret = "" } = values;
  return { kind, ...commonOf(values, t), issuer, clientId, clientSecret };
}

/** Of one that changes it. */
export async function changedProviderBody(provider: Provider, values: Values, t: Translate) {
  const common = commonOf(values, t);
  if (provider.kind === "saml") return { ...common, ...(await samlOf(values, provider.saml?.metadataUrl ?? "", t)) };
  if (provider.kind === "cas") return { ...common, ...nonEmpty({ issuer: values["casAddress"] }) };
  // An empty field keeps the secret that is there.
  return {
    ...common,
    ...nonEmpty({ issuer: values["issuer"], clientId: values["clientId"], clientSecret: values["clientSecret"] }),
  };
}

function commonOf(values: Values, t: Translate) {
  const { name = "", roleClaim = "", defaultRole, courseClaim = "", externalIdClaim = "" } = values;
  const { loginClaim = "", nameClaim = "", emailClaim = "" } = values;
  const roles = parseRoleMap(values["roles"] ?? "");
  if (!roles) throw new InputError(t("providers.roleMapWrong"));
  const claimNames = { login: loginClaim.trim(), name: nameClaim.trim(), email: emailClaim.trim() };
  const more = { courseClaim, externalIdClaim: externalIdClaim.trim(), claimNames };
  return { name, roleClaim, roles, defaultRole: DEFAULT_ROLES.find((one) => one === defaultRole) ?? null, ...more };
}

/** By metadata where there is some that is new, else by the single fields. @param known the address of the metadata as it is */
async function samlOf(values: Values, known: string, t: Translate) {
  const [signRequests, unsolicited] = [values["signRequests"] === "yes", values["unsolicited"] === "yes"];
  const settings = { signRequests, unsolicited, subjectAttribute: (values["subjectAttribute"] ?? "").trim() };
  const text = (values["metadata"] ?? "").trim();
  const isAddress = /^https?:\/\/\S+$/.test(text);
  if (text !== "" && text !== known) {
    const body = isAddress ? { metadataUrl: text } : { metadata: text };
    const read = await unwrap(api().POST("/api/v1/providers/saml-metadata", { body }));
    const { issuer, ssoUrl, certificates, wantsSignedRequests } = read;
    settings.signRequests ||= wantsSignedRequests;
    return { issuer, saml: { ...settings, metadataUrl: isAddress ? text : "", ssoUrl, certificates: [...certificates] } };
  }
  const [issuer, ssoUrl, certificates] = [values["entityId"] ?? "", values["ssoUrl"] ?? "", pemsOf(values["certificates"] ?? "")];
  if (issuer === "" || (text === "" && (ssoUrl === "" || certificates.length === 0)))
    throw new InputError(t("providers.nothingKnown"), "metadata");
  return { issuer, saml: { ...settings, metadataUrl: text, ssoUrl, certificates } };
}

/** Certificates one below the other. */
function pemsOf(text: string): string[] {
  return text
    .split(/(?<=-----END CERTIFICATE-----)/)
    .map((one) => one.trim())
    .filter((one) => one !== "");
}

function pemOf(base64: string): string {
  return `-----BEGIN CERTIFICATE-----\n${base64.replace(/.{1,64}/g, "$&\n")}-----END CERTIFICATE-----`;
}
