/** Defines what the API takes and returns about accounts: users, sessions and API keys. */

import type { Selectable } from "kysely";
import { z } from "zod";
import { ROLES, SCOPES, type Scope } from "../../../access/actor.ts";
import { fieldText } from "../../foundation/messages/field-texts.ts";
import { externalId, id, instant, text, time, version } from "../../foundation/requests/fields.ts";
import type { ApiKeyTable } from "../../foundation/store/people-tables.ts";
import { DEFAULT_REQUESTS_PER_MINUTE } from "./api-key.ts";
import { LOGIN_PATTERN } from "./login-name.ts";
import { passkeyAnswer } from "./passkey-shapes.ts";
import { MAX_NEW_PASSWORD, MAX_PASSWORD, MIN_PASSWORD } from "./password.ts";
import { isCommonPassword } from "./weak-passwords.ts";

export const personName = text(100);
export const login = z.string().normalize("NFKC").trim().toLowerCase().regex(LOGIN_PATTERN, fieldText.key("login"));
export const password = z
  .string()
  .min(MIN_PASSWORD, fieldText.key("password-short"))
  .max(MAX_NEW_PASSWORD, fieldText.key("password-long"))
  .refine((value) => !isCommonPassword(value), fieldText.key("password-common"))
  .describe("At least 12 characters, for students 8; not common, and not a name of the person.");
export const email = z.email(fieldText.key("mail")).max(254);

export const SCHOOL_ROLES = ["administrator", "teacher", "assistant", "student", "supervisor"] as const;
export const role = z.enum(ROLES);

export const userShape = z
  .object({
    id,
    schoolId: id.nullable(),
    login: z.string(),
    name: z.string(),
    email: z.string().nullable().describe("For operators, administrators and teachers, and in the own account; null for others."),
    role,
    externalId: z.string().nullable().describe("The person's id in the school's own system."),
    hasPassword: z.boolean(),
    disabledAt: time.nullable(),
    signedInAt: time.nullable().describe("The first time; null: the person has not come yet."),
    invitedAt: time.nullable().describe("When the last invitation was mailed or printed."),
    createdAt: time,
    updatedAt: time,
    version,
  })
  .meta({ id: "User" });
export const newUser = z.strictObject({
  schoolId: id.optional().describe("For operators. Everyone else creates people in their own school."),
  login,
  name: personName,
  email: email.nullable().default(null),
  role: z.enum(ROLES).default("student"),
  externalId: externalId.optional(),
  password: password.optional().describe("Without one, the person sets a password with a reset link."),
});
export const changedUser = z.strictObject({
  login: login.optional(),
  name: personName.optional(),
  email: email.nullable().optional(),
  role: z.enum(SCHOOL_ROLES).optional(),
  externalId: externalId.nullable().optional(),
  password: password.optional(),
  disabled: z.boolean().optional(),
});

export const sessionShape = z
  .object({
    token: z.string().describe("The bearer token. Empty where the session is in a cookie, which scripts cannot read."),
    expiresAt: time.describe("When the session ends unless it is used before."),
    user: userShape,
  })
  .meta({ id: "Session" });
export const openSessionShape = z
  .object({
    id,
    createdAt: time,
    usedAt: time,
    ip: z.string().describe("The address that signed in."),
    agent: z.string().describe("The browser or program, as it named itself."),
    current: z.boolean().describe("Whether it is the session of this request."),
  })
  .meta({ id: "OpenSession" });
export const credentials = z.strictObject({
  login: z.string().min(1).max(200),
  password: z.string().min(1).max(MAX_PASSWORD),
  school: z.string().max(40).optional().describe("The school's slug, needed when several schools have this login."),
  code: z.string().max(50).optional().describe("The second factor, after `second-factor-required`: a code or a recovery code."),
  passkey: passkeyAnswer
    .optional()
    .describe("Instead of a code: a passkey's answer to the question of `POST /sessions/passkey-question`."),
  cookie: z.boolean().default(false).describe("For pages: the session goes to an HttpOnly cookie, and `token` is empty."),
});

export const apiKeyShape = z
  .object({
    id,
    schoolId: id.nullable(),
    name: z.string(),
    scopes: z.array(z.enum(SCOPES)),
    requestsPerMinute: z.int().describe("More requests are refused with too-many. Each control process counts by itself."),
    expiresAt: time.nullable(),
    previousSecretUntil: time.nullable().describe("Until then, the secret before the last rotation works too."),
    usedAt: time.nullable().describe("To the minute."),
    createdAt: time,
  })
  .meta({ id: "ApiKey" });
export const apiKeyWithSecret = z
  .object({ key: z.string().describe("The bearer token."), ...apiKeyShape.shape })
  .meta({ id: "NewApiKey" });
export const newApiKey = z.strictObject({
  schoolId: id.optional(),
  name: text(100),
  scopes: z.array(z.enum(SCOPES)).min(1),
  expiresAt: instant.optional(),
  requestsPerMinute: z.int().min(6).max(600_000).optional().describe(`Default: ${DEFAULT_REQUESTS_PER_MINUTE}.`),
});

export function apiKeyResponse(key: Selectable<ApiKeyTable>) {
  return {
    id: key.id,
    schoolId: key.school_id,
    name: key.name,
    scopes: SCOPES.filter((scope): scope is Scope => key.scopes.includes(scope)),
    requestsPerMinute: key.requests_per_minute ?? DEFAULT_REQUESTS_PER_MINUTE,
    expiresAt: key.expires_at,
    previousSecretUntil: key.previous_until,
    usedAt: key.used_at,
    createdAt: key.created_at,
  };
}
