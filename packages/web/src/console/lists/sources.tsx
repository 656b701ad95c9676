/** Shows the list of sources: channels and lessons whose streams are fetched from other servers and cameras. */
import type { Source } from "@lectern/client";
import { useQuery } from "@tanstack/react-query";
import { JobStatus } from "../../jobs/job-status.tsx";
import { sourceWord } from "../../jobs/job-words.ts";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { BulkAction } from "../list/bulk-actions.tsx";
import type { Values } from "../list/fields-form.tsx";
import type { Option } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import type { Column } from "../list/list-table.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";
import { AddressHelp } from "./address-help.tsx";
import { keepsSecrets, sourceBody, sourceFields, sourceTarget } from "./source-form.ts";
import { SourcesFrame } from "./sources-frame.tsx";

/** Pages watch the streams of this application. */
const WATCHED_APP = "live";
const REFETCH_MS = 3000;

const pathOf = ({ id }: Source) => ({ path: { sourceId: id } });
const change = (source: Source, body: Partial<ReturnType<typeof sourceBody>>) =>
  unwrap(api().PATCH("/api/v1/sources/{sourceId}", { params: pathOf(source), body }));

export function Sources() {
  const { t } = useTranslation();
  const { isOperator, schools, school } = useSchoolScope();
  const scope = schoolQuery({ school });
  // An operator's own sources belong to no school: they are beside those of the only school.
  const query = isOperator && schools.length < 2 ? {} : scope;
  const lessons = useLessonOptions(query);
  const formOptions = {
    t,
    lessons,
    cameras: useCameraOptions(query),
    addressHelp: (isNew: boolean) => <AddressHelp isOperator={isOperator} isNew={isNew} />,
  };
  return (
    <SourcesFrame page="channels">
      <ListPage
        title={t("nav.sources")}
        hint={t("sources.hint")}
        queryKey={["sources", query]}
        path="/sources"
        query={query}
        load={(cursor) => unwrap(api().GET("/api/v1/sources", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
        keyOf={(source) => source.id}
        nameOf={(source) => source.title}
        columns={useColumns(lessons)}
        add={{
          fields: sourceFields(null, formOptions),
          save: async (values) => {
            const body = { ...scope, ...sourceTarget(values), ...sourceBody(values), app: WATCHED_APP };
            await unwrap(api().POST("/api/v1/sources", { body }));
            return undefined;
          },
        }}
        edit={{
          fields: (source) => sourceFields(source, formOptions),
          save: (source: Source, values: Values) => {
            const params = { ...pathOf(source), header: { "If-Match": `"v${source.version}"` } };
            return unwrap(api().PATCH("/api/v1/sources/{sourceId}", { params, body: sourceBody(values) }));
          },
          canUndo: keepsSecrets,
        }}
        actions={useActions()}
        refetchMs={REFETCH_MS}
      />
    </SourcesFrame>
  );
}

function useColumns(lessons: readonly Option[]): readonly Column<Source>[] {
  const { t } = useTranslation();
  return [
    { label: t("fields.title"), show: ({ title }) => <strong className="wraps">{title}</strong> },
    {
      label: t("sources.publishedAs"),
      show: (source) => {
        const { lessonId } = source;
        if (lessonId === null) return <Channel source={source} />;
        const title = lessons.find(({ value }) => value === lessonId)?.label;
        return (
          <a className="wraps" href={`/studio/${lessonId}`}>
            {title ?? t("sources.openLesson")}
          </a>
        );
      },
    },
    // Before the long addresses: on a tablet the last columns are scrolled to.
    { label: t("fields.state"), show: (source) => <SourceStatus source={source} /> },
    { label: t("sources.addresses"), show: ({ addresses }) => <Addresses addresses={addresses} /> },
    { label: t("sources.start"), show: ({ start }) => t(`sources.starts.${start}`) },
  ];
}

function Addresses({ addresses }: { addresses: Source["addresses"] }) {
  const { t } = useTranslation();
  if (addresses === null) return <span className="wraps">{t("sources.addressesLost")}</span>;
  return (
    <ul className="addresses">
      {addresses.map((address) => (
        <li key={address}>
          <code>{address}</code>
        </li>
      ))}
    </ul>
  );
}

function SourceStatus({ source }: { source: Source }) {
  const { t } = useTranslation();
  const time = useFormatTime();
  const { enabled, state } = source;
  // A source that was disabled a moment ago may still be reported.
  const job = enabled ? state : null;
  const facts = job
    ? [
        ...(job.state === "waiting" ? [] : [t("sources.since", { time: time(job.since) })]),
        ...(job.node === null ? [] : [job.node]),
        ...(job.address ? [t("sources.addressInUse", { number: job.address + 1 })] : []),
        ...(job.restarts > 0 ? [t("sources.restarts", { count: job.restarts })] : []),
      ]
    : [];
  return <JobStatus word={sourceWord(source)} problem={job?.problem ?? null} facts={facts} showsDetail />;
}

/** Its name, and a link to watch it. Lessons are watched in their class and in the studio. */
function Channel({ source: { app, name, title, enabled } }: { source: Source }) {
  const { t } = useTranslation();
  const canWatch = app === WATCHED_APP && enabled;
  return (
    <span className="channel">
      <span className="wraps">{name}</span>
      {canWatch ? (
        <a
          href={`/embed/${encodeURIComponent(name)}`}
          target="_blank"
          rel="noreferrer"
          aria-label={t("sources.watchOne", { name: title })}
        >
          {t("sources.watch")}
        </a>
      ) : null}
    </span>
  );
}

function useActions(): readonly BulkAction<Source>[] {
  const { t } = useTranslation();
  const enable = (source: Source) => change(source, { enabled: true });
  const disable = (source: Source) => change(source, { enabled: false });
  return [
    {
      label: t("disable"),
      run: disable,
      undo: enable,
      doneMessage: (count) => t("disabled", { count }),
      appliesTo: ({ enabled }) => enabled,
    },
    {
      label: t("enable"),
      run: enable,
      undo: disable,
      doneMessage: (count) => t("enabled", { count }),
      appliesTo: ({ enabled }) => !enabled,
    },
    {
      label: t("deletePermanently"),
      doneMessage: (count) => t("deletedPermanently", { count }),
      run: (source) => unwrap(api().DELETE("/api/v1/sources/{sourceId}", { params: pathOf(source) })),
    },
  ];
}

/** The lessons that are not over. */
function useLessonOptions(scope: { readonly schoolId?: string }): readonly Option[] {
  const lessons = useQuery({
    queryKey: ["lessons", "not over", scope],
    queryFn: async () => {
      const of = (state: "live" | "scheduled") =>
        unwrap(api().GET("/api/v1/lessons", { params: { query: { ...scope, state, limit: 1000 } } }));
      return [...(await of("live")).items, ...(await of("scheduled")).items];
    },
  });
  return (lessons.data ?? []).map(({ id, title }) => ({ value: id, label: title }));
}

/** The cameras of the devices that have registered here, by the addresses that call them. */
function useCameraOptions(scope: { readonly schoolId?: string }): readonly Option[] {
  const devices = useQuery({
    queryKey: ["camera devices", "options", scope],
    queryFn: () => unwrap(api().GET("/api/v1/camera-devices", { params: { query: { ...scope, limit: 1000 } } })),
  });
  return (devices.data?.items ?? []).flatMap(({ title, channels }) =>
    channels.map(({ name, address }) => ({ value: address, label: `${title}: ${name}` })),
  );
}
