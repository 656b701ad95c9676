/** Shows the list of probes: which lessons they watch, how often, and how the last run went. */
import type { Probe } from "@lectern/client";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { BulkAction } from "../list/bulk-actions.tsx";
import { useEnabling } from "../list/enabling.ts";
import type { Field } from "../list/fields-form.tsx";
import type { Option } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolPath, schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";
import { intervals, LOOKS, lengths, probeBody, writeLooks } from "./probe-values.ts";
import { VerdictBadge } from "./verdict-badge.tsx";

const REFETCH_MS = 5000;
const DEFAULTS = { name: "", via: null, everySeconds: 300, seconds: 18, black: true, frozen: true, silent: true };
const MAX_LESSONS = 1000;
const MINUTE_SECONDS = 60;

export function Probes() {
  const { t } = useTranslation();
  const time = useFormatTime();
  const school = useSchoolScope();
  const query = schoolQuery(school);
  const lessons = useLessons(query);
  const lessonOf = (id: string) => lessons.find(({ value }) => value === id)?.label ?? t("probes.oneLesson");
  return (
    <ListPage
      title={t("nav.probes")}
      hint={t("probes.hint")}
      queryKey={["probes", query]}
      path="/probes"
      query={query}
      load={(cursor) => unwrap(api().GET("/api/v1/probes", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
      keyOf={(probe) => probe.id}
      nameOf={(probe) => probe.name}
      columns={[
        { label: t("fields.name"), show: ({ name }) => <strong className="wraps">{name}</strong> },
        {
          label: t("probes.watches"),
          show: ({ lessonId }) =>
            lessonId === null ? t("probes.allLessons") : <span className="wraps">{lessonOf(lessonId)}</span>,
        },
        { label: t("probes.via"), show: ({ via }) => via ?? t("probes.dispatch") },
        { label: t("probes.interval"), show: ({ everySeconds }) => t("probes.minutes", { count: minutesOf(everySeconds) }) },
        { label: t("fields.state"), show: ({ enabled }) => t(enabled ? "isEnabled" : "isDisabled") },
        {
          label: t("probes.lastRun"),
          show: ({ lastRunAt, lastVerdict }) =>
            lastRunAt === null || lastVerdict === null ? (
              t("probes.never")
            ) : (
              <>
                <VerdictBadge verdict={lastVerdict} /> {time(lastRunAt)}
              </>
            ),
        },
        {
          label: t("probes.runs"),
          show: ({ id, name }) => <Link href={schoolPath(school, `/probes/${id}`)}>{t("probes.runsOf", { name })}</Link>,
        },
      ]}
      add={{
        fields: useFields(lessons)(null),
        save: async (values) => {
          const lesson = values["lessonId"] ? { lessonId: values["lessonId"] } : {};
          await unwrap(api().POST("/api/v1/probes", { body: { ...query, ...lesson, ...probeBody(values) } }));
          return undefined;
        },
      }}
      edit={{
        fields: useFields(lessons),
        save: (probe, values) => {
          const params = { ...pathOf(probe), header: { "If-Match": `"v${probe.version}"` } };
          return unwrap(api().PATCH("/api/v1/probes/{probeId}", { params, body: probeBody(values) }));
        },
      }}
      actions={useActions()}
      emptyText={t("probes.empty")}
      refetchMs={REFETCH_MS}
    />
  );
}

function useFields(lessons: readonly Option[]): (probe: Probe | null) => readonly Field[] {
  const { t } = useTranslation();
  const number = (label: (value: number) => string) => (value: number) => ({ value: String(value), label: label(value) });
  return (probe) => {
    const of = probe ?? DEFAULTS;
    const lesson: Field = {
      name: "lessonId",
      label: t("probes.oneLesson"),
      hint: t("probes.lessonHint"),
      options: lessons,
      searchable: true,
      isShown: () => probe === null,
    };
    return [
      { name: "name", label: t("fields.name"), required: true, value: of.name },
      lesson,
      { name: "via", label: t("probes.via"), hint: t("probes.viaHint"), value: of.via ?? "" },
      {
        name: "everySeconds",
        label: t("probes.interval"),
        required: true,
        value: String(of.everySeconds),
        options: intervals(of.everySeconds).map(number((value) => t("probes.minutes", { count: minutesOf(value) }))),
      },
      {
        name: "seconds",
        label: t("probes.seconds"),
        required: true,
        value: String(of.seconds),
        options: lengths(of.seconds).map(number((count) => t("probes.secondsValue", { count }))),
      },
      {
        name: "looks",
        label: t("probes.faultsLooked"),
        hint: t("probes.faultsHint"),
        multiple: true,
        value: writeLooks(of),
        options: LOOKS.map((look) => ({ value: look, label: t(`probes.looks.${look}`) })),
      },
    ];
  };
}

/** The lessons that are not over. */
function useLessons(query: { readonly schoolId?: string }): readonly Option[] {
  const { data } = useQuery({
    queryKey: ["lessons", "not over", query],
    queryFn: async () => {
      const of = (state: "live" | "scheduled") =>
        unwrap(api().GET("/api/v1/lessons", { params: { query: { ...query, state, limit: MAX_LESSONS } } }));
      return [...(await of("live")).items, ...(await of("scheduled")).items];
    },
  });
  return (data ?? []).map(({ id, title }) => ({ value: id, label: title }));
}

function useActions(): readonly BulkAction<Probe>[] {
  const { t } = useTranslation();
  const enabling = useEnabling((probe: Probe, enabled) =>
    unwrap(api().PATCH("/api/v1/probes/{probeId}", { params: pathOf(probe), body: { enabled } })),
  );
  return [
    {
      label: t("probes.runNow"),
      doneMessage: (count) => t("probes.asked", { count }),
      run: (probe) => unwrap(api().POST("/api/v1/probes/{probeId}/run", { params: pathOf(probe) })),
      appliesTo: ({ enabled }) => enabled,
    },
    ...enabling,
    {
      label: t("deletePermanently"),
      doneMessage: (count) => t("deletedPermanently", { count }),
      run: (probe) => unwrap(api().DELETE("/api/v1/probes/{probeId}", { params: pathOf(probe) })),
    },
  ];
}

function minutesOf(seconds: number): number {
  return Math.round((10 * seconds) / MINUTE_SECONDS) / 10;
}

function pathOf({ id }: Probe) {
  return { path: { probeId: id } };
}
