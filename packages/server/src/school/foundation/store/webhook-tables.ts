/** Defines types of the tables of webhooks and their deliveries, for Kysely. */
import type { Generated } from "kysely";
import type { Created, Instant, Json, MaybeInstant } from "./column-types.ts";
import type { PrivacyOf } from "./privacy.ts";

export type WebhookTable = {
  readonly id: string;
  /** Null for webhooks of the platform, which receive the events of all schools. */
  readonly school_id: string | null;
  url: string;
  events: Json<readonly string[]>;
  /** Encrypted (`stored-secrets.ts`), as the previous one. */
  secret: string;
  enabled: boolean;
  /** Failed attempts since the last successful one. */
  failures: Generated<number>;
  /** Nothing is sent before this time, because too many attempts have failed. */
  paused_until: MaybeInstant;
  last_delivered_at: MaybeInstant;
  /** The secret before the last rotation; signs deliveries too until previous_until. */
  previous_secret: string | null;
  previous_until: MaybeInstant;
  created_at: Created;
  version: Generated<number>;
};

export type DeliveryTable = {
  readonly id: string;
  readonly webhook_id: string;
  readonly event: string;
  body: string;
  state: "pending" | "delivered" | "dead";
  attempts: number;
  next_at: Instant;
  last_status: number | null;
  last_error: string | null;
  created_at: Created;
  done_at: MaybeInstant;
};

export type WebhookTables = { webhooks: WebhookTable; deliveries: DeliveryTable };

export const WEBHOOK_PRIVACY = {
  webhooks: { erasure: "school", atRest: "school" },
  deliveries: {
    erasure: { event: "acts", body: "erased", state: "acts", last_error: "acts" },
    atRest: { event: "figures", body: "encrypted", state: "figures", last_error: "figures" },
  },
} as const satisfies PrivacyOf<WebhookTables>;
