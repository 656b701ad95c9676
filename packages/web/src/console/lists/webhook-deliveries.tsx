/** Shows the deliveries of a webhook, which can be sent again. */

import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { useFormatTime } from "../school/school-time.ts";

export function WebhookDeliveries({ webhookId }: { webhookId: string }) {
  const { t } = useTranslation();
  const time = useFormatTime();
  return (
    <ListPage
      title={t("deliveries")}
      queryKey={["deliveries", webhookId]}
      path={`/webhooks/${webhookId}/deliveries`}
      load={(cursor) =>
        unwrap(
          api().GET("/api/v1/webhooks/{webhookId}/deliveries", { params: { path: { webhookId }, query: nonEmpty({ cursor }) } }),
        )
      }
      keyOf={(delivery) => delivery.id}
      nameOf={(delivery) => `${delivery.event}, ${time(delivery.createdAt)}`}
      columns={[
        { label: t("fields.time"), show: (delivery) => time(delivery.createdAt) },
        { label: t("fields.event"), show: (delivery) => delivery.event },
        { label: t("fields.state"), show: (delivery) => t(`states.${delivery.state}`) },
        { label: t("fields.attempts"), show: (delivery) => delivery.attempts },
        { label: t("fields.error"), show: (delivery) => delivery.lastError ?? "" },
      ]}
      actions={[
        {
          label: t("sendAgain"),
          doneMessage: (count) => t("sentAgain", { count }),
          run: ({ id: deliveryId }) =>
            unwrap(
              api().POST("/api/v1/webhooks/{webhookId}/deliveries/{deliveryId}/replay", {
                params: { path: { webhookId, deliveryId } },
              }),
            ),
          appliesTo: ({ state }) => state !== "pending",
        },
      ]}
      refetchMs={3000}
    />
  );
}
