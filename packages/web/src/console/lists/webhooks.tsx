/** Webhooks, and what was sent to each. */
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { nonEmpty } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";

type Webhook = { readonly id: string; readonly enabled: boolean };

export function Webhooks() {
  const { t } = useTranslation();
  const scope = schoolQuery(useSchoolScope());
  const params = ({ id }: { readonly id: string }) => ({ params: { path: { webhookId: id } } });
  const turn = (enabled: boolean) => (webhook: Webhook) =>
    unwrap(api().PATCH("/api/v1/webhooks/{webhookId}", { ...params(webhook), body: { enabled } }));
  return (
    <ListPage
      title={t("nav.webhooks")}
      queryKey={["webhooks", scope]}
      path="/webhooks"
      query={scope}
      load={(cursor) => unwrap(api().GET("/api/v1/webhooks", { params: { query: { ...scope, ...nonEmpty({ cursor }) } } }))}
      keyOf={(webhook) => webhook.id}
      nameOf={(webhook) => webhook.url}
      columns={[
        { label: t("fields.url"), show: (webhook) => webhook.url },
        { label: t("fields.state"), show: (webhook) => t(webhook.enabled ? "on" : "off") },
        {
          label: t("deliveries"),
          show: ({ id, deadLetters }) => (
            <Link href={`/webhooks/${id}`}>{deadLetters > 0 ? t("deadLetters", { count: deadLetters }) : t("deliveries")}</Link>
          ),
        },
      ]}
      add={{
        fields: [{ name: "url", label: t("fields.url"), type: "url", required: true }],
        save: async ({ url = "" }) => {
          await unwrap(api().POST("/api/v1/webhooks", { body: { ...scope, url, events: [], enabled: true } }));
          return undefined;
        },
      }}
      edit={{
        fields: ({ url }) => [{ name: "url", label: t("fields.url"), type: "url", required: true, value: url }],
        save: (webhook, { url = "" }) => unwrap(api().PATCH("/api/v1/webhooks/{webhookId}", { ...params(webhook), body: { url } })),
      }}
      actions={[
        {
          label: t("turnOff"),
          doneMessage: (count) => t("turnedOff", { count }),
          run: turn(false),
          undo: turn(true),
          appliesTo: ({ enabled }) => enabled,
        },
        {
          label: t("turnOn"),
          doneMessage: (count) => t("turnedOn", { count }),
          run: turn(true),
          undo: turn(false),
          appliesTo: ({ enabled }) => !enabled,
        },
        {
          label: t("remove"),
          doneMessage: (count) => t("gone", { count }),
          run: (webhook) => unwrap(api().DELETE("/api/v1/webhooks/{webhookId}", params(webhook))),
        },
      ]}
    />
  );
}

export function Deliveries({ webhookId }: { webhookId: string }) {
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
        { label: t("fields.at"), show: (delivery) => time(delivery.createdAt) },
        { label: t("fields.event"), show: (delivery) => delivery.event },
        { label: t("fields.state"), show: (delivery) => t(`states.${delivery.state}`) },
        { label: t("fields.attempts"), show: (delivery) => delivery.attempts },
        { label: t("fields.error"), show: (delivery) => delivery.lastError ?? "" },
      ]}
      actions={[
        {
          label: t("replay"),
          doneMessage: (count) => t("replayed", { count }),
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
