/** Defines what the API takes and returns about single sign-on. */

import { z } from "zod";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { id, text, time, version } from "../../foundation/requests/fields.ts";
import { CLAIM_ROLES } from "./claims.ts";
import { MAX_RETURN_PATH } from "./return-path.ts";

const issuer = z
  .url({ protocol: /^https?$/, error: fieldText.key("issuer") })
  .max(500)
  .refine((url) => URL.canParse(url) && new URL(url).search === "" && new URL(url).hash === "", fieldText.key("issuer"));
const scopes = z
  .string()
  .max(500)
  .regex(/^openid(?: [\x21\x23-\x5b\x5d-\x7e]+)*$/, fieldText.key("openid-scopes"));
const roleMap = z
  .record(z.string().min(1).max(200), z.enum(CLAIM_ROLES))
  .refine((map) => Object.keys(map).length <= 500, fieldText.key("too-many-roles"))
  .describe(
    "The role for each value of the claim. Where several match, the first of administrator, teacher, assistant, supervisor, student counts.",
  );
const DEFAULT_ROLES = ["teacher", "assistant", "student", "supervisor"] as const;
const defaultRole = z.enum(DEFAULT_ROLES).nullable().describe("Of new people whose claims name no role; null: they are refused.");
const claimName = z.string().max(200);
const ROLE_CLAIM = "The claim with a person's roles, such as `groups`; a dot leads into an object. Empty: none.";
const COURSE_CLAIM = "The claim with the names of a person's courses. Empty: claims change no memberships.";

export const providerShape = z
  .object({
    id,
    schoolId: id,
    name: z.string().describe("What people read on the button."),
    issuer: z.string(),
    clientId: z.string(),
    hasSecret: z.boolean(),
    scopes: z.string(),
    roleClaim: z.string().describe(ROLE_CLAIM),
    roles: z.record(z.string(), z.string()),
    defaultRole: z.string().nullable(),
    courseClaim: z.string().describe(COURSE_CLAIM),
    enabled: z.boolean(),
    redirectUri: z.string().describe("To register at the provider."),
    createdAt: time,
    version,
  })
  .meta({ id: "Provider" });
export const newProvider = z.strictObject({
  schoolId: id.optional().describe("For operators of several schools."),
  name: text(100),
  issuer: issuer.describe("The issuer's address; `/.well-known/openid-configuration` below it describes the provider."),
  clientId: text(500),
  clientSecret: z.string().max(1000).default("").describe("Empty: a public client, which PKCE protects."),
  scopes: scopes.default("openid profile email"),
  roleClaim: claimName.default("").describe(ROLE_CLAIM),
  roles: roleMap.default({}),
  defaultRole: defaultRole.default("student"),
  courseClaim: claimName.default("").describe(COURSE_CLAIM),
  enabled: z.boolean().default(true),
});
export const changedProvider = z.strictObject({
  name: text(100).optional(),
  issuer: issuer.optional(),
  clientId: text(500).optional(),
  clientSecret: z.string().max(1000).optional(),
  scopes: scopes.optional(),
  roleClaim: claimName.optional(),
  roles: roleMap.optional(),
  defaultRole: defaultRole.optional(),
  courseClaim: claimName.optional(),
  enabled: z.boolean().optional(),
});

const signOnChoice = z
  .object({ id, name: z.string(), school: z.string().describe("The school's name.") })
  .meta({ id: "SignOnChoice" });
export const signOnWays = z
  .object({
    items: z.array(signOnChoice),
    schoolNeeded: z.boolean().describe("Whether there are several schools, so that `school` must name one."),
    hasProviders: z.boolean().describe("Whether people of some school sign in with a provider."),
    mailsPasswords: z.boolean().describe("Whether the server mails links to people who have forgotten their password."),
    isFirstStart: z.boolean().describe("Whether no operator has signed in yet, with the password that the first start prints."),
  })
  .meta({ id: "SignOnWays" });
export const newSignOn = z.strictObject({
  providerId: id,
  returnTo: z.string().max(MAX_RETURN_PATH).default("/console").describe("The path of the page to come back to."),
  link: z.boolean().default(false).describe("Adds the provider to the account that is signed in, after a recent proof."),
  fresh: z.boolean().default(false).describe("The provider asks the person again, also where they are signed in there."),
});
export const signOnResponse = z.strictObject({
  providerId: id,
  query: z.string().max(8000).describe("The query with which the provider sent the browser back."),
});
