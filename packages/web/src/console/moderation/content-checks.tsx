/** Shows the content checks of a school: services of its own that decide about texts and pictures. */
import type { ContentCheck } from "@lectern/client";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useEnabling } from "../list/enabling.ts";
import type { Field, Values } from "../list/fields-form.tsx";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { ModerationPage } from "./moderation-page.tsx";

const KINDS = ["text", "picture"] as const;
const FALLBACKS = ["pass", "hold", "refuse"] as const;
const DEFAULT_DEADLINE_MS = "2000";
const DEFAULT_INTERVAL_SECONDS = "30";

export function ContentChecks() {
  const { t } = useTranslation();
  const scope = schoolQuery(useSchoolScope());
  const fields = useFields();
  const enabling = useEnabling((check: ContentCheck, enabled) =>
    unwrap(api().PATCH("/api/v1/content-checks/{contentCheckId}", { params: pathOf(check), body: { enabled } })),
  );
  return (
    <ModerationPage page="checks">
      <ListPage
        title={t("moderation.pages.checks")}
        hint={t("moderation.checksHint")}
        queryKey={["content checks", scope]}
        path="/content-checks"
        query={scope}
        load={(cursor) => unwrap(api().GET("/api/v1/content-checks", { params: { query: { ...scope, ...nonEmpty({ cursor }) } } }))}
        keyOf={(check) => check.id}
        nameOf={(check) => check.url}
        columns={[
          { label: t("moderation.checks"), show: (check) => t(`moderation.kinds.${check.kind}`) },
          { label: t("fields.url"), show: (check) => <span className="wraps">{check.url}</span> },
          { label: t("moderation.fallback"), show: (check) => t(`moderation.fallbacks.${check.fallback}`) },
          { label: t("fields.state"), show: (check) => t(check.enabled ? "isEnabled" : "isDisabled") },
          { label: t("moderation.secret"), show: (check) => <code className="secret">{check.secret ?? "***"}</code> },
        ]}
        add={{
          fields: fields(null),
          save: async ({ kind, ...values }) => {
            const body = { ...scope, ...settingsOf(values), kind: KINDS.find((one) => one === kind) ?? "text" };
            await unwrap(api().POST("/api/v1/content-checks", { body }));
            return t("moderation.checkSaved");
          },
        }}
        edit={{
          fields,
          save: (check, values) => {
            const params = { ...pathOf(check), header: { "If-Match": `"v${check.version}"` } };
            return unwrap(api().PATCH("/api/v1/content-checks/{contentCheckId}", { params, body: settingsOf(values) }));
          },
        }}
        actions={[
          ...enabling,
          {
            label: t("deletePermanently"),
            doneMessage: (count) => t("deletedPermanently", { count }),
            run: (check) => unwrap(api().DELETE("/api/v1/content-checks/{contentCheckId}", { params: pathOf(check) })),
          },
        ]}
        emptyText={t("moderation.noChecks")}
      />
    </ModerationPage>
  );
}

function pathOf({ id }: ContentCheck) {
  return { path: { contentCheckId: id } };
}

/** The fields of the form; of an empty one for null. */
function useFields(): (check: ContentCheck | null) => readonly Field[] {
  const { t } = useTranslation();
  return (check) => [
    {
      name: "kind",
      label: t("moderation.checks"),
      required: true,
      value: check?.kind ?? "text",
      options: KINDS.map((value) => ({ value, label: t(`moderation.kinds.${value}`) })),
      isShown: () => check === null,
    },
    { name: "url", label: t("fields.url"), type: "url", required: true, value: check?.url ?? "" },
    {
      name: "deadlineMs",
      label: t("moderation.deadline"),
      type: "number",
      required: true,
      value: check ? String(check.deadlineMs) : DEFAULT_DEADLINE_MS,
    },
    {
      name: "fallback",
      label: t("moderation.fallback"),
      required: true,
      value: check?.fallback ?? "hold",
      options: FALLBACKS.map((value) => ({ value, label: t(`moderation.fallbacks.${value}`) })),
    },
    {
      name: "intervalSeconds",
      label: t("moderation.interval"),
      type: "number",
      required: true,
      value: check ? String(check.intervalSeconds) : DEFAULT_INTERVAL_SECONDS,
      isShown: ({ kind }) => (check?.kind ?? kind) === "picture",
    },
  ];
}

function settingsOf({ url = "", deadlineMs, fallback, intervalSeconds }: Values) {
  return {
    url: url.trim(),
    deadlineMs: Number(deadlineMs),
    fallback: FALLBACKS.find((one) => one === fallback) ?? "hold",
    intervalSeconds: Number(intervalSeconds),
  };
}
