/** Serves the API route that replaces the signing secret of a webhook, with a time in which deliveries have both signatures. */
import { z } from "zod";
import { type ApiRoute, route } from "../../../access/route.ts";
import { newSecret } from "../../../platform/secrets.ts";
import { idParam } from "../../foundation/requests/fields.ts";
import { ADMINISTRATORS, requires } from "../../foundation/requests/permissions.ts";
import { overlapSeconds } from "../../foundation/requests/rotation.ts";
import type { RouteContext } from "../../foundation/requests/route-context.ts";
import { updateRow } from "../../foundation/store/update-row.ts";
import { findWebhook, presentWebhooks } from "./find-webhook.ts";
import { webhookShape } from "./shapes.ts";

export function rotateWebhookSecretRoute({ changes, storedSecrets }: RouteContext): ApiRoute {
  return route({
    id: "rotateWebhookSecret",
    method: "POST",
    path: "/webhooks/:webhookId/rotate-secret",
    tag: "Webhooks",
    summary: "Replace the signing secret of a webhook; for some time, deliveries are signed with both",
    access: requires("webhook-secrets:write", ...ADMINISTRATORS),
    rights: ["++------", "+0------"],
    params: idParam("webhookId"),
    body: z.strictObject({ overlapSeconds }).prefault({}),
    status: 200,
    answer: webhookShape,
    refusals: ["not-found", "database-away"],
    handle: ({ actor, params, body }) =>
      changes.transact({ actor }, async (change) => {
        const before = await findWebhook(change.trx, actor, params.webhookId);
        const after = await updateRow(change, "webhooks", before, {
          secret: storedSecrets.encrypt("webhooks", before.id, newSecret()),
          previous_secret: before.secret,
          previous_until: new Date(Date.now() + body.overlapSeconds * 1000),
        });
        const target = { targetKind: "webhook", targetId: before.id };
        await change.audit({ action: "webhook.rotate-secret", schoolId: before.school_id, ...target, after });
        return { body: (await presentWebhooks(change.trx, [after], actor, storedSecrets))(after) };
      }),
  });
}
