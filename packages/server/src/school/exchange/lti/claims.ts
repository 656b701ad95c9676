/** Reads the claims of a launch (LTI Core 1.3, sections 5.3 and 5.4; Deep Linking 2.0, section 4.4; Assignment and Grade Services 2.0, section 3.1). */
import { z } from "zod";

const CLAIM = "https://purl.imsglobal.org/spec/lti/claim/";
const SETTINGS_CLAIM = "https://purl.imsglobal.org/spec/lti-dl/claim/deep_linking_settings";
const GRADES_CLAIM = "https://purl.imsglobal.org/spec/lti-ags/claim/endpoint";
export const LTI_VERSION = "1.3.0";
export const LINE_ITEM_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem";
export const SCORE_SCOPE = "https://purl.imsglobal.org/spec/lti-ags/scope/score";

/** An id: PostgreSQL stores no NUL, and would take half characters for one another. */
const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^[^\p{Cc}\p{Cs}]+$/u);
const maybeText = z.string().max(1000).nullish().catch(null);
const webAddress = z.url({ protocol: /^https?$/ }).max(2000);

const contextShape = z.object({ id: text(255), title: maybeText, label: maybeText });
const customShape = z.record(z.string(), z.unknown()).nullish().catch(null);
const gradesShape = z.object({
  scope: z.array(z.string().max(200)).max(20).default([]),
  lineitem: webAddress.nullish().catch(null),
  lineitems: webAddress.nullish().catch(null),
});
const everyLaunch = {
  sub: text(255),
  version: z.literal(LTI_VERSION),
  deployment_id: text(255),
  roles: z.array(z.string().max(500)).max(200).default([]),
  context: contextShape,
};
const resourceShape = z.object({
  ...everyLaunch,
  message_type: z.literal("LtiResourceLinkRequest"),
  target_link_uri: webAddress,
  resource_link: z.object({ id: text(255), title: maybeText }),
  custom: customShape,
  grades: gradesShape.nullish().catch(null),
});
const deepLinkingShape = z.object({
  ...everyLaunch,
  message_type: z.literal("LtiDeepLinkingRequest"),
  settings: z.object({
    deep_link_return_url: webAddress,
    accept_types: z.array(z.string()).refine((types) => types.includes("ltiResourceLink")),
    accept_lineitem: z.boolean().nullish().catch(null),
    data: z.string().max(10_000).nullish(),
  }),
});

export type LaunchContext = { readonly id: string; readonly title: string };
export type GradeService = {
  readonly scopes: readonly string[];
  readonly lineItem: string | null;
  readonly lineItems: string | null;
};
type EveryLaunch = {
  readonly subject: string;
  readonly deploymentId: string;
  readonly roles: readonly string[];
  readonly context: LaunchContext;
};
/** Somebody opens a link of a course. */
export type ResourceLaunch = EveryLaunch & {
  readonly kind: "resource";
  readonly targetLinkUri: string;
  readonly link: { readonly id: string; readonly title: string };
  /** The lesson, the recording or the examination that deep linking put into the link; null: none. */
  readonly chosen: { readonly lessonId: string | null; readonly recordingId: string | null; readonly examinationId: string | null };
  /** Null: the platform takes no grades for the link. */
  readonly grades: GradeService | null;
};
/** A teacher chooses what a new link opens. */
export type DeepLinkingLaunch = EveryLaunch & {
  readonly kind: "deep-linking";
  readonly returnUrl: string;
  readonly acceptsLineItem: boolean;
  /** To send back unchanged; null: nothing. */
  readonly data: string | null;
};
export type Launch = ResourceLaunch | DeepLinkingLaunch;

/** The launch in the verified claims of an ID token; or the path of the first claim that is missing or wrong. */
export function readLaunch(claims: Readonly<Record<string, unknown>>): Launch | { readonly wrong: string } {
  const named = withShortNames(claims);
  if (named["message_type"] === "LtiDeepLinkingRequest") {
    const { data, error } = deepLinkingShape.safeParse(named);
    return data ? deepLinkingLaunch(data) : wrongClaim(error);
  }
  const { data, error } = resourceShape.safeParse(named);
  return data ? resourceLaunch(data) : wrongClaim(error);
}

/** The claims of LTI without their prefix. */
function withShortNames(claims: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const named = Object.entries(claims).flatMap(([name, value]) =>
    name.startsWith(CLAIM) ? [[name.slice(CLAIM.length), value]] : [],
  );
  return { ...Object.fromEntries(named), sub: claims["sub"], settings: claims[SETTINGS_CLAIM], grades: claims[GRADES_CLAIM] };
}

function wrongClaim(error: z.ZodError): { readonly wrong: string } {
  return { wrong: error.issues[0]?.path.map(String).join(".") ?? "" };
}

function resourceLaunch(claims: z.output<typeof resourceShape>): ResourceLaunch {
  const { resource_link: link, grades } = claims;
  const custom = claims.custom ?? {};
  return {
    kind: "resource",
    ...readEvery(claims),
    targetLinkUri: claims.target_link_uri,
    link: { id: link.id, title: oneLine(link.title) },
    chosen: {
      lessonId: customText(custom["lesson"]),
      recordingId: customText(custom["recording"]),
      examinationId: customText(custom["examination"]),
    },
    grades: grades ? { scopes: grades.scope, lineItem: grades.lineitem ?? null, lineItems: grades.lineitems ?? null } : null,
  };
}

function deepLinkingLaunch(claims: z.output<typeof deepLinkingShape>): DeepLinkingLaunch {
  const { settings } = claims;
  return {
    kind: "deep-linking",
    ...readEvery(claims),
    returnUrl: settings.deep_link_return_url,
    acceptsLineItem: settings.accept_lineitem !== false,
    data: settings.data ?? null,
  };
}

function readEvery({ sub, deployment_id, roles, context }: z.output<z.ZodObject<typeof everyLaunch>>): EveryLaunch {
  const title = oneLine(context.title) || oneLine(context.label);
  return { subject: sub, deploymentId: deployment_id, roles, context: { id: context.id, title } };
}

function customText(value: unknown): string | null {
  return typeof value === "string" && /^[^\p{Cc}\p{Cs}]{1,100}$/u.test(value) ? value : null;
}

/** A title as one visible line of at most 200 characters; empty where it is none. */
function oneLine(value: string | null | undefined): string {
  return (value ?? "")
    .toWellFormed()
    .normalize("NFC")
    .replace(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}]+/gu, " ")
    .trim()
    .slice(0, 200)
    .trim();
}
