/** Shows a lesson's viewer experience: its figures by minute and by what divides viewers, and the sessions of its viewers, the worst first. */
import type { Experience, Lesson, View } from "@lectern/client";
import { Button, Group, Select, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { SelectFilter, useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import type { Column } from "../list/list-table.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { schoolPath, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";
import { Breakdown } from "./breakdown.tsx";
import { DIMENSIONS, type Dimension, filterOf, nameOfFilter, useDimensionNames } from "./dimensions.ts";
import { Overview } from "./overview.tsx";
import { ReportNumberForm } from "./report-number-form.tsx";
import { useExperience } from "./use-experience.ts";

const REFETCH_MS = 5000;
const MINUTE_MS = 60_000;
const SORTS = ["stalled", "newest"] as const;

export function LessonExperience({ lessonId }: { readonly lessonId: string }) {
  const { t } = useTranslation();
  const lesson = useQuery({
    queryKey: ["lesson", lessonId],
    queryFn: () => unwrap(api().GET("/api/v1/lessons/{lessonId}", { params: { path: { lessonId } } })),
    refetchInterval: REFETCH_MS,
  });
  const experience = useExperience(lessonId);
  const failure = lesson.error ?? experience.error;
  if (failure && !experience.data) return <p role="alert">{t("failed", { message: errorMessage(failure, t("offline")) })}</p>;
  if (!lesson.data || !experience.data) return <p role="status">{t("loading")}</p>;
  return <Shown lesson={lesson.data} experience={experience.data} />;
}

function Shown({ lesson, experience }: { readonly lesson: Lesson; readonly experience: Experience }) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const columns = useColumns();
  const filters = useFilters();
  const query = { lessonId: lesson.id, ...filters.query };
  return (
    <ListPage<View>
      title={t("experience.titleOf", { title: lesson.title })}
      hint={t("experience.hint")}
      queryKey={["views", query]}
      path="/views"
      query={query}
      load={(cursor) => unwrap(api().GET("/api/v1/views", { params: { query: { ...query, limit: 50, ...nonEmpty({ cursor }) } } }))}
      keyOf={({ id }) => id}
      nameOf={({ name }) => name ?? t("experience.anonymous")}
      overview={
        <>
          <Overview experience={experience} lesson={lesson} />
          <Group align="end">
            <Button component={Link} variant="default" href={schoolPath(scope, `/lessons/${lesson.id}/why`)}>
              {t("why.lessonOpen")}
            </Button>
            <ReportNumberForm />
          </Group>
          <Breakdown by={experience.by} />
          <Title order={2} size="h3">
            {t("experience.viewersTitle")}
          </Title>
          <p className="text-muted">{t("experience.viewersHint")}</p>
          <div className="experience-filters">
            <Filters by={experience.by} filters={filters} />
          </div>
        </>
      }
      columns={columns}
      emptyText={t("experience.noSessions")}
      refetchMs={REFETCH_MS}
    />
  );
}

/** The filters of the page's address. */
function useFilters() {
  const dimensions = {
    node: useUrlFilter("node"),
    carrier: useUrlFilter("carrier"),
    region: useUrlFilter("region"),
    engine: useUrlFilter("engine"),
    device: useUrlFilter("device"),
  };
  const complained = useUrlFilter("complained");
  const sort = useUrlFilter("sort");
  const chosen = DIMENSIONS.flatMap((dimension): [Dimension, string][] => {
    const name = nameOfFilter(dimensions[dimension][0]);
    return name === undefined ? [] : [[dimension, name]];
  });
  const query = {
    sort: sort[0] === "newest" ? ("newest" as const) : ("stalled" as const),
    ...(complained[0] === "true" ? { complained: "true" as const } : {}),
    ...Object.fromEntries(chosen),
  };
  return { dimensions, complained, sort, query };
}

type FiltersProps = { readonly by: Experience["by"]; readonly filters: ReturnType<typeof useFilters> };

function Filters({ by, filters: { dimensions, complained, sort } }: FiltersProps) {
  const { t } = useTranslation();
  const nameOf = useDimensionNames();
  return (
    <>
      {DIMENSIONS.filter((dimension) => by[dimension].length > 1 || dimensions[dimension][0] !== "").map((dimension) => (
        <SelectFilter
          key={dimension}
          label={t(`experience.${dimension}`)}
          options={by[dimension].map(({ name }) => ({ value: filterOf(name), label: nameOf(dimension, name) }))}
          filter={dimensions[dimension]}
        />
      ))}
      <SelectFilter
        label={t("experience.complaint")}
        options={[{ value: "true", label: t("experience.complainedOnly") }]}
        filter={complained}
      />
      <Select
        label={t("experience.sort")}
        data={SORTS.map((value) => ({ value, label: t(`experience.sorts.${value}`) }))}
        value={sort[0] === "newest" ? "newest" : "stalled"}
        onChange={(value) => sort[1](value === "newest" ? value : "")}
        allowDeselect={false}
      />
    </>
  );
}

function useColumns(): readonly Column<View>[] {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const time = useFormatTime();
  const nameOf = useDimensionNames();
  const seconds = (ms: number) => t("experience.seconds", { seconds: (ms / 1000).toFixed(1) });
  const joined = (parts: readonly string[]) => parts.filter((part) => part !== "").join(" · ");
  return [
    {
      label: t("experience.viewer"),
      show: ({ id, name }) => (
        <Link className="wraps" href={schoolPath(scope, `/why/${id}`)}>
          {name ?? t("experience.anonymous")}
        </Link>
      ),
    },
    {
      label: t("experience.stalled"),
      show: ({ stalls, stallMs }) =>
        stallMs === 0 ? "–" : t("experience.stallValue", { count: stalls, seconds: (stallMs / 1000).toFixed(1) }),
    },
    { label: t("experience.firstFrame"), show: ({ firstFrameMs }) => (firstFrameMs === null ? "–" : seconds(firstFrameMs)) },
    {
      label: t("experience.complaint"),
      show: ({ complaint }) =>
        complaint === null ? (
          ""
        ) : (
          <Link className="complaint" href={schoolPath(scope, `/why/${complaint}`)}>
            {complaint}
          </Link>
        ),
    },
    {
      label: t("experience.watched"),
      show: ({ watchedMs }) =>
        watchedMs < MINUTE_MS ? seconds(watchedMs) : t("minutes", { count: Math.round(watchedMs / MINUTE_MS) }),
    },
    { label: t("experience.device"), show: ({ device, os, browser }) => joined([nameOf("device", device), os, browser]) },
    { label: t("experience.engine"), show: ({ engine }) => nameOf("engine", engine) },
    {
      label: t("experience.line"),
      show: ({ carrier, region, line }) =>
        joined([carrier, region, line === "unknown" ? "" : t(`experience.lines.${line}`)]) || t("experience.unknown"),
    },
    { label: t("experience.node"), show: ({ node }) => node },
    { label: t("fields.startsAt"), show: ({ startedAt }) => time(startedAt) },
  ];
}
