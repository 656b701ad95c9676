/** Defines what the API takes and returns about learning platforms and launches. */
import { z } from "zod";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { id, text, time, version } from "../../foundation/requests/fields.ts";

const address = z.url({ protocol: /^https?$/, error: fieldText.key("web-address") }).max(500);
const origin = address.refine(
  (url) => URL.canParse(url) && new URL(url).origin === url.replace(/\/$/, ""),
  fieldText.key("origin"),
);
const deploymentIds = z.array(z.string().min(1).max(255)).max(100);
const origins = z
  .array(origin)
  .max(20)
  .describe(
    "Origins whose pages may show a launch in a frame, besides those of `issuer` and `loginUrl`: `https://school.instructure.com`.",
  );
const grades = z
  .boolean()
  .describe("Whether attendance is reported as a grade after each lesson, and the points of examinations once they are released.");

export const platformShape = z
  .object({
    id,
    schoolId: id,
    name: z.string(),
    issuer: z.string(),
    clientId: z.string(),
    deploymentIds: z.array(z.string()),
    loginUrl: z.string(),
    tokenUrl: z.string(),
    keysUrl: z.string(),
    origins: z.array(z.string()),
    grades: z.boolean(),
    enabled: z.boolean(),
    createdAt: time,
    version,
  })
  .meta({ id: "LtiPlatform" });
export const newPlatform = z.strictObject({
  schoolId: id.optional().describe("For operators of several schools."),
  name: text(100),
  issuer: address.describe("The platform's issuer, exactly as it names itself in launches."),
  clientId: text(255),
  deploymentIds: deploymentIds.min(1, fieldText.key("deployments")),
  loginUrl: address.describe("The platform's authentication request URL (authorization endpoint)."),
  tokenUrl: address.describe("The platform's access token URL."),
  keysUrl: address.describe("The platform's public keyset URL (JWKS)."),
  origins: origins.default([]),
  grades: grades.default(true),
  enabled: z.boolean().default(true),
});
export const changedPlatform = z.strictObject({
  name: text(100).optional(),
  deploymentIds: deploymentIds.min(1, fieldText.key("deployments")).optional(),
  loginUrl: address.optional(),
  tokenUrl: address.optional(),
  keysUrl: address.optional(),
  origins: origins.optional(),
  grades: grades.optional(),
  enabled: z.boolean().optional(),
});
export const toolShape = z
  .object({
    loginUrl: z.string().describe("Initiate login URL."),
    launchUrl: z.string().describe("Tool URL, redirection URI and content selection URL."),
    keysUrl: z.string().describe("Public keyset URL."),
  })
  .meta({ id: "LtiTool" });

const form = (longest: number) =>
  z.string().max(longest).describe("The fields that the platform sent, as `application/x-www-form-urlencoded`.");
export const newLogin = z.strictObject({ schoolId: id, form: form(20_000) });
export const loginShape = z
  .object({
    url: z.string().describe("Where the browser goes."),
    state: z.string(),
    flow: z.string().describe("For the platform's storage, where a frame gets no cookies."),
  })
  .meta({ id: "LtiLogin" });
export const newLaunch = z.strictObject({
  form: form(100_000),
  flow: z.string().max(4000).default("").describe("From the platform's storage; empty: from the cookie."),
  asCookie: z.boolean().default(true).describe("Whether the session goes to a cookie, and not to the answer."),
});
export const launchShape = z
  .object({
    kind: z.enum(["lesson", "examination", "deep-linking"]),
    role: z.enum(["teacher", "assistant", "student", "supervisor"]),
    token: z.string().describe("Of the session; empty where it is in a cookie."),
    courseId: id,
    course: z.string(),
    lesson: z.object({ id, title: z.string(), code: z.string() }).nullable(),
    recordingId: id.nullable(),
    examination: z.object({ id, title: z.string(), code: z.string() }).nullable(),
    ticket: z.string().describe("For deep linking: goes back with the choice. Otherwise empty."),
  })
  .meta({ id: "LtiLaunch" });
const chosenItem = z
  .strictObject({
    lessonId: id.optional(),
    recordingId: id.optional(),
    examinationId: id.optional(),
    title: text(200).optional().describe("Of a new lesson."),
  })
  .refine((item) => Object.values(item).filter((one) => one !== undefined).length === 1, fieldText.key("one-choice"));
export const deepLinkingChoice = z.strictObject({ ticket: z.string().max(20_000), item: chosenItem });
export const deepLinkingAnswer = z
  .object({ returnUrl: z.string(), jwt: z.string().describe("For the field `JWT` of a form that is posted to `returnUrl`.") })
  .meta({ id: "DeepLinkingAnswer" });
