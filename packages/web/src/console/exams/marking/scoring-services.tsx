/** Shows the scoring service of a school: a program of its own that proposes points for answers that people mark. */
import type { ScoringService } from "@lectern/client";
import { api, unwrap } from "../../../session/api.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { useEnabling } from "../../list/enabling.ts";
import type { Field, Values } from "../../list/fields-form.tsx";
import { ListPage } from "../../list/list-page.tsx";
import { nonEmpty } from "../../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../../school/school-context.ts";
import { ExamPages } from "../exam-pages.tsx";

const DEFAULTS = { perMinute: "60", perDay: "10000" } as const;

export function ScoringServices() {
  const { t } = useTranslation();
  const scope = schoolQuery(useSchoolScope());
  const fields = useFields();
  const enabling = useEnabling((service: ScoringService, enabled) =>
    unwrap(api().PATCH("/api/v1/scoring-services/{scoringServiceId}", { params: pathOf(service), body: { enabled } })),
  );
  return (
    <ExamPages current="scoring">
      <ListPage
        title={t("exams.scoringService")}
        hint={t("exams.scoringHint")}
        queryKey={["scoring services", scope]}
        path="/examinations/scoring"
        query={scope}
        load={(cursor) =>
          unwrap(api().GET("/api/v1/scoring-services", { params: { query: { ...scope, ...nonEmpty({ cursor }) } } }))
        }
        keyOf={(service) => service.id}
        nameOf={(service) => service.url}
        columns={[
          { label: t("fields.url"), show: (service) => <span className="wraps">{service.url}</span> },
          {
            label: t("fields.state"),
            show: (service) => (service.enabled ? t(`exams.scoringHealth.${service.health}`) : t("isDisabled")),
          },
          {
            label: t("exams.acceptConfidence"),
            show: ({ acceptConfidence }) => (acceptConfidence === null ? t("exams.peopleAccept") : String(acceptConfidence)),
          },
          { label: t("exams.scoringSecret"), show: (service) => <code className="secret">{service.secret ?? "***"}</code> },
        ]}
        add={{
          fields: fields(null),
          save: async (values) => {
            await unwrap(api().POST("/api/v1/scoring-services", { body: { ...scope, ...settingsOf(values) } }));
            return t("exams.scoringSaved");
          },
        }}
        edit={{
          fields,
          save: (service, values) => {
            const params = { ...pathOf(service), header: { "If-Match": `"v${service.version}"` } };
            return unwrap(api().PATCH("/api/v1/scoring-services/{scoringServiceId}", { params, body: settingsOf(values) }));
          },
        }}
        actions={[
          ...enabling,
          {
            label: t("deletePermanently"),
            doneMessage: (count) => t("deletedPermanently", { count }),
            run: (service) => unwrap(api().DELETE("/api/v1/scoring-services/{scoringServiceId}", { params: pathOf(service) })),
          },
        ]}
        emptyText={t("exams.noScoring")}
      />
    </ExamPages>
  );
}

function pathOf({ id }: ScoringService) {
  return { path: { scoringServiceId: id } };
}

/** The fields of the form; of an empty one for null. */
function useFields(): (service: ScoringService | null) => readonly Field[] {
  const { t } = useTranslation();
  return (service) => [
    { name: "url", label: t("fields.url"), type: "url", required: true, value: service?.url ?? "" },
    {
      name: "perMinute",
      label: t("exams.scoringPerMinute"),
      type: "number",
      required: true,
      value: service ? String(service.perMinute) : DEFAULTS.perMinute,
    },
    {
      name: "perDay",
      label: t("exams.scoringPerDay"),
      type: "number",
      required: true,
      value: service ? String(service.perDay) : DEFAULTS.perDay,
    },
    {
      name: "acceptConfidence",
      label: t("exams.acceptConfidence"),
      hint: t("exams.acceptConfidenceHint"),
      value: service?.acceptConfidence == null ? "" : String(service.acceptConfidence),
    },
  ];
}

function settingsOf({ url = "", perMinute, perDay, acceptConfidence = "" }: Values) {
  const confidence = acceptConfidence.trim().replace(",", ".");
  return {
    url: url.trim(),
    perMinute: Number(perMinute),
    perDay: Number(perDay),
    acceptConfidence: confidence === "" ? null : Number(confidence),
  };
}
