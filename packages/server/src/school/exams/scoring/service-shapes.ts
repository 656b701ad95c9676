/** Defines what the API takes and returns about the scoring service of a school. */
import { z } from "zod";
import { type Actor, hasScope } from "../../../access/actor.ts";
import { platformText } from "../../../platform/messages/platform-texts.ts";
import { healthOf, WEBHOOK_HEALTH } from "../../foundation/delivery/endpoint-health.ts";
import { id, time, version } from "../../foundation/requests/fields.ts";
import type { ScoringService } from "../../foundation/store/marking-tables.ts";
import type { StoredSecrets } from "../../foundation/store/stored-secrets.ts";

const fields = {
  url: z.url({ protocol: /^https?$/, error: platformText.key("not-a-web-address") }).max(2000),
  perMinute: z.int().min(1).max(1000).describe("Answers that are sent to it, at most."),
  perDay: z.int().min(1).max(1_000_000),
  acceptConfidence: z
    .number()
    .min(0)
    .max(1)
    .nullable()
    .describe("A proposal with at least this confidence counts without a person. Null: people accept each."),
  enabled: z.boolean(),
};

export const scoringServiceShape = z
  .object({
    id,
    schoolId: id,
    ...fields,
    url: z.string(),
    secret: z
      .string()
      .nullable()
      .describe("Signs what is sent, as webhooks are signed. Null for API keys without webhook-secrets:write."),
    health: z.enum(WEBHOOK_HEALTH),
    lastError: z.string().describe("Empty: the last answer was a good one."),
    createdAt: time,
    version,
  })
  .meta({ id: "ScoringService" });

export const newScoringService = z.strictObject({
  schoolId: id.optional(),
  url: fields.url,
  perMinute: fields.perMinute.default(60),
  perDay: fields.perDay.default(10_000),
  acceptConfidence: fields.acceptConfidence.default(null),
  enabled: z.boolean().default(true),
});

export const changedScoringService = z.strictObject(fields).partial();

export function scoringServiceResponse(service: ScoringService, reader: Pick<Actor, "scopes">, secrets: StoredSecrets) {
  return {
    id: service.id,
    schoolId: service.school_id,
    url: service.url,
    perMinute: service.per_minute,
    perDay: service.per_day,
    acceptConfidence: service.accept_confidence,
    enabled: service.enabled,
    secret: hasScope(reader, "webhook-secrets:write") ? secrets.decrypt("scoring_services", service.id, service.secret) : null,
    health: healthOf(service),
    lastError: service.last_error,
    createdAt: service.created_at,
    version: service.version,
  };
}
