/** The list of webhooks. */
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { useEnabling } from "../list/enabling.ts";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";

type Webhook = { readonly id: string; readonly enabled: boolean };
type WebhookState = {
  readonly enabled: boolean;
  readonly health: "working" | "failing" | "paused";
  readonly pausedUntil: string | null;
  readonly failures: number;
};

export function Webhooks() {
  const { t } = useTranslation();
  const scope = schoolQuery(useSchoolScope());
  const time = useFormatTime();
  const state = ({ enabled, health, pausedUntil, failures }: WebhookState) => {
    if (!enabled) return t("isDisabled");
    if (health === "working") return t("isEnabled");
    const failing = t("failedAttempts", { count: failures });
    return health === "paused" && pausedUntil ? `${failing} ${t("webhookPaused", { time: time(pausedUntil) })}` : failing;
  };
  const params = ({ id }: { readonly id: string }) => ({ params: { path: { webhookId: id } } });
  const enabling = useEnabling((webhook: Webhook, enabled) =>
    unwrap(api().PATCH("/api/v1/webhooks/{webhookId}", { ...params(webhook), body: { enabled } })),
  );
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
        { label: t("fields.state"), show: (webhook) => state(webhook) },
        {
          label: t("deliveries"),
          show: ({ id, deadLetters }) => (
            <Link href={`/webhooks/${id}`}>
              {deadLetters > 0 ? t("failedDeliveries", { count: deadLetters }) : t("deliveries")}
            </Link>
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
        ...enabling,
        {
          label: t("rotateSecret"),
          doneMessage: (count) => t("secretRotated", { count }),
          run: (webhook) => unwrap(api().POST("/api/v1/webhooks/{webhookId}/rotate-secret", { ...params(webhook), body: {} })),
        },
        {
          label: t("deletePermanently"),
          doneMessage: (count) => t("deletedPermanently", { count }),
          run: (webhook) => unwrap(api().DELETE("/api/v1/webhooks/{webhookId}", params(webhook))),
        },
      ]}
    />
  );
}
