/** Shows the analytics of a school: its days as plots, and a table by teacher or course. */
import type { SchoolReportRow } from "@lectern/client";
import { Button, Group, SegmentedControl, SimpleGrid, Stack, Title } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { TimePlot } from "../../plots/time-plot.tsx";
import { DateTime } from "../../schedule/dates.ts";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { shownName } from "../../texts/shown-name.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useUrlFilter } from "../list/filters.tsx";
import { type Column, ListTable } from "../list/list-table.tsx";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useTimeZone } from "../school/school-time.ts";
import { FigureTiles } from "./figure-tiles.tsx";
import { useFigures } from "./figures.ts";

const SPANS = ["7", "30", "90", "365"] as const;
const GROUPINGS = ["teacher", "course"] as const;
const REFETCH_MS = 60_000;
const HOUR_MS = 3_600_000;

export function SchoolAnalytics() {
  const { t } = useTranslation();
  const scope = schoolQuery(useSchoolScope());
  const zone = useTimeZone();
  const [days, setDays] = useUrlFilter("days");
  const [by, setBy] = useUrlFilter("by");
  const span = SPANS.find((one) => one === days) ?? "30";
  const grouping = GROUPINGS.find((one) => one === by) ?? "teacher";
  const today = DateTime.now().setZone(zone);
  const range = { ...scope, from: today.minus({ days: Number(span) - 1 }).toISODate() ?? "", to: today.toISODate() ?? "" };
  const rows = useReport({ ...range, by: "day" });
  const groups = useReport({ ...range, by: grouping });
  const exported = `/api/v1/reports/analytics/export?${new URLSearchParams({ ...range, by: grouping })}`;
  const error = rows.error ?? groups.error;
  return (
    <Stack className="analytics">
      <Group justify="space-between">
        <Title order={1}>{t("nav.analytics")}</Title>
        <SegmentedControl
          aria-label={t("monitoring.span")}
          value={span}
          onChange={setDays}
          data={SPANS.map((value) => ({ value, label: t(`analytics.spans.${value}`) }))}
        />
      </Group>
      {error ? <p role="alert">{t("failed", { message: errorMessage(error, t("offline")) })}</p> : null}
      {rows.data ? <Days rows={rows.data} from={range.from} to={range.to} /> : null}
      <Group justify="space-between">
        <SegmentedControl
          aria-label={t("analytics.groupBy")}
          value={grouping}
          onChange={setBy}
          data={GROUPINGS.map((value) => ({ value, label: t(`analytics.by.${value}`) }))}
        />
        <Button component="a" variant="default" href={exported}>
          {t("checkIns.csv")}
        </Button>
      </Group>
      <ListTable
        title={t(`analytics.by.${grouping}`)}
        items={groups.data ?? []}
        columns={useColumns(grouping)}
        keyOf={({ key }) => key}
        nameOf={({ name }) => name}
        selection={null}
        onSelect={() => {}}
        onEdit={null}
      />
      {groups.data?.length === 0 ? <p className="text-muted">{t("analytics.noLessons")}</p> : null}
    </Stack>
  );
}

type ReportQuery = {
  readonly schoolId?: string;
  readonly from: string;
  readonly to: string;
  readonly by: "day" | "teacher" | "course";
};

function useReport(query: ReportQuery) {
  return useQuery({
    queryKey: ["school analytics", query],
    queryFn: async () => (await unwrap(api().GET("/api/v1/reports/analytics", { params: { query } }))).items,
    refetchInterval: REFETCH_MS,
    placeholderData: keepPreviousData,
  });
}

type DaysProps = { readonly rows: readonly SchoolReportRow[]; readonly from: string; readonly to: string };

function Days({ rows, from, to }: DaysProps) {
  const { t } = useTranslation();
  const { count, time } = useFigures();
  const byDay = new Map(rows.map((row) => [row.key, row]));
  const days: string[] = [];
  for (let day = DateTime.fromISO(from); day <= DateTime.fromISO(to); day = day.plus({ days: 1 })) days.push(day.toISODate() ?? "");
  // At noon a day is the same one in the time zone of the plot.
  const times = days.map((day) => DateTime.fromISO(`${day}T12:00`).toSeconds());
  const valuesOf = (value: (row: SchoolReportRow) => number) =>
    days.map((day) => {
      const row = byDay.get(day);
      return row === undefined ? 0 : value(row);
    });
  const sum = (value: (row: SchoolReportRow) => number) => rows.reduce((total, row) => total + value(row), 0);
  const plots = [
    { title: t("analytics.hoursWatched"), values: valuesOf(({ watchedMs }) => watchedMs / HOUR_MS) },
    { title: t("analytics.viewers"), values: valuesOf(({ viewers }) => viewers) },
    { title: t("analytics.peak"), values: valuesOf(({ peak }) => peak) },
    { title: t("nav.lessons"), values: valuesOf(({ lessons }) => lessons) },
  ];
  return (
    <>
      <FigureTiles
        tiles={[
          { label: t("nav.lessons"), value: count(sum(({ lessons }) => lessons)) },
          { label: t("analytics.viewers"), value: count(sum(({ viewers }) => viewers)) },
          { label: t("analytics.watched"), value: time(sum(({ watchedMs }) => watchedMs)) },
          { label: t("analytics.presentTime"), value: time(sum(({ presentMs }) => presentMs)) },
          { label: t("analytics.peak"), value: count(Math.max(0, ...rows.map(({ peak }) => peak))) },
          { label: t("analytics.interactions"), value: count(sum(({ interactions }) => interactions)) },
        ]}
      />
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        {plots.map(({ title, values }) => (
          <TimePlot key={title} title={title} unit="" times={times} lines={[{ label: title, values }]} cursorKey="school days" />
        ))}
      </SimpleGrid>
    </>
  );
}

function useColumns(grouping: (typeof GROUPINGS)[number]): readonly Column<SchoolReportRow>[] {
  const { t } = useTranslation();
  const { count, time, share } = useFigures();
  return [
    { label: t(`fields.${grouping}`), show: ({ name }) => shownName(name, t("erasedPerson")) || t("analytics.none") },
    { label: t("nav.lessons"), show: ({ lessons }) => count(lessons) },
    { label: t("analytics.viewers"), show: ({ viewers }) => count(viewers) },
    { label: t("analytics.watched"), show: ({ watchedMs }) => time(watchedMs) },
    { label: t("analytics.presentTime"), show: ({ presentMs }) => time(presentMs) },
    { label: t("analytics.interactions"), show: ({ interactions }) => count(interactions) },
    { label: t("analytics.stalled"), show: ({ stallRatio }) => share(stallRatio) },
    { label: t("analytics.completed"), show: ({ completionRate }) => share(completionRate) },
  ];
}
