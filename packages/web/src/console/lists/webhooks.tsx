/** Shows the list of webhooks. */
import { Badge } from "@lectern/ui";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useEnabling } from "../list/enabling.ts";
import type { Field } from "../list/fields-form.tsx";
import { ListPage } from "../list/list-page.tsx";
import { SecretLine } from "../list/secret-line.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";

/** As packages/server/src/school/foundation/store/events.ts. */
const EVENTS = [
  ...(["lesson.created", "lesson.changed", "lesson.deleted", "lesson.restored", "lesson.started", "lesson.ended"] as const),
  ...(["recording.started", "recording.ready", "recording.deleted", "recording.restored"] as const),
  ...(["user.created", "user.changed", "user.erased"] as const),
  ...(["course.created", "course.changed", "course.deleted", "import.finished"] as const),
  ...(["participant.joined", "participant.removed", "check-in.made", "attendance.absent", "attendance.ready"] as const),
  ...(["approval.requested", "approval.decided"] as const),
  ...(["stream.started", "stream.ended", "alarm.raised", "alarm.cleared"] as const),
  ...(["room.chat", "room.question", "room.announcement", "room.hand"] as const),
  ...(["room.quiz.opened", "room.quiz.closed", "room.signin.closed"] as const),
] as const;

type Webhook = { readonly id: string; readonly enabled: boolean };
type WebhookState = {
  readonly enabled: boolean;
  readonly health: "working" | "failing" | "paused";
  readonly pausedUntil: string | null;
  readonly failures: number;
};

type EditedWebhook = { readonly url: string; readonly events: readonly string[]; readonly secret: string | null };

function eventsOf(selected = "") {
  return EVENTS.filter((event) => selected.split(" ").includes(event));
}

function useFields(): (webhook: EditedWebhook | null) => readonly Field[] {
  const { t } = useTranslation();
  return (webhook) => [
    { name: "url", label: t("fields.url"), type: "url", required: true, value: webhook?.url ?? "" },
    {
      name: "events",
      label: t("webhookEvents"),
      hint: t("webhookEventsHint"),
      multiple: true,
      options: EVENTS.map((value) => ({ value, label: value })),
      value: webhook?.events.join(" ") ?? "",
    },
    ...(webhook?.secret
      ? [
          {
            name: "secret",
            label: "",
            input: () => <SecretLine key="secret" label={t("webhookSecret")} value={webhook.secret ?? ""} isCovered />,
          },
        ]
      : []),
  ];
}

/** The state of a webhook, in words. */
function useStateWords(): (webhook: WebhookState) => string {
  const { t } = useTranslation();
  const time = useFormatTime();
  return ({ enabled, health, pausedUntil, failures }: WebhookState) => {
    if (!enabled) return t("isDisabled");
    if (health === "working") return t("isEnabled");
    const failing = t("failedAttempts", { count: failures });
    return health === "paused" && pausedUntil ? `${failing} ${t("webhookPaused", { time: time(pausedUntil) })}` : failing;
  };
}

export function Webhooks() {
  const { t } = useTranslation();
  const scope = schoolQuery(useSchoolScope());
  const state = useStateWords();
  const params = ({ id }: { readonly id: string }) => ({ params: { path: { webhookId: id } } });
  const enabling = useEnabling((webhook: Webhook, enabled) =>
    unwrap(api().PATCH("/api/v1/webhooks/{webhookId}", { ...params(webhook), body: { enabled } })),
  );
  const fields = useFields();
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
        { label: t("fields.url"), show: (webhook) => <span className="wraps">{webhook.url}</span> },
        {
          label: t("webhookEvents"),
          show: ({ events }) => <span className="wraps">{events.length === 0 ? t("webhookAllEvents") : events.join(", ")}</span>,
        },
        {
          label: t("fields.state"),
          show: (webhook) =>
            webhook.enabled && webhook.health !== "working" ? (
              <span className="wraps error">{state(webhook)}</span>
            ) : (
              <Badge tone={webhook.enabled ? "success" : "neutral"}>{state(webhook)}</Badge>
            ),
        },
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
        fields: fields(null),
        save: async ({ url = "", events }) => {
          const { secret } = await unwrap(
            api().POST("/api/v1/webhooks", { body: { ...scope, url, events: eventsOf(events), enabled: true } }),
          );
          return secret === null ? undefined : t("webhookMade", { secret });
        },
      }}
      edit={{
        fields: (webhook) => fields(webhook),
        save: (webhook, { url = "", events }) =>
          unwrap(api().PATCH("/api/v1/webhooks/{webhookId}", { ...params(webhook), body: { url, events: eventsOf(events) } })),
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
