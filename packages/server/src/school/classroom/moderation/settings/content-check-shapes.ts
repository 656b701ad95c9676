/** Defines what the API takes and returns about content checks. */
import { z } from "zod";
import { type Actor, hasScope } from "../../../../access/actor.ts";
import { platformText } from "../../../../platform/messages/platform-texts.ts";
import { id, time, version } from "../../../foundation/requests/fields.ts";
import { CHECK_KINDS, type ContentCheck } from "../../../foundation/store/moderation-tables.ts";
import type { StoredSecrets } from "../../../foundation/store/stored-secrets.ts";

const fields = {
  url: z.url({ protocol: /^https?$/, error: platformText.key("not-a-web-address") }).max(2000),
  deadlineMs: z.int().min(100).max(10_000).describe("How long a text waits for the answer."),
  fallback: z
    .enum(["pass", "hold", "refuse"])
    .describe("What holds where there is no valid answer in time. hold: staff of the lesson decide."),
  intervalSeconds: z.int().min(5).max(3600).describe("Between two pictures of a live lesson."),
  enabled: z.boolean(),
};

export const contentCheckShape = z
  .object({
    id,
    schoolId: id,
    kind: z.enum(CHECK_KINDS).describe("text: each text of people who are not staff. picture: stills of live lessons."),
    ...fields,
    url: z.string(),
    secret: z
      .string()
      .nullable()
      .describe("Signs questions, as webhooks are signed. Null for API keys without webhook-secrets:write."),
    createdAt: time,
    version,
  })
  .meta({ id: "ContentCheck" });

export const newContentCheck = z.strictObject({
  schoolId: id.optional(),
  kind: z.enum(CHECK_KINDS).default("text"),
  url: fields.url,
  deadlineMs: fields.deadlineMs.default(2000),
  fallback: fields.fallback.default("hold"),
  intervalSeconds: fields.intervalSeconds.default(30),
  enabled: z.boolean().default(true),
});

export const changedContentCheck = z.strictObject(fields).partial();

export function contentCheckResponse(check: ContentCheck, reader: Pick<Actor, "scopes">, secrets: StoredSecrets) {
  return {
    id: check.id,
    schoolId: check.school_id,
    kind: check.kind,
    url: check.url,
    deadlineMs: check.deadline_ms,
    fallback: check.fallback,
    intervalSeconds: check.interval_seconds,
    enabled: check.enabled,
    secret: hasScope(reader, "webhook-secrets:write") ? secrets.decrypt("content_checks", check.id, check.secret) : null,
    createdAt: check.created_at,
    version: check.version,
  };
}
