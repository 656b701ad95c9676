/** Shows the report of lesson quality: by day, lesson, teacher, course or carrier, against the goals; each row leads to what it consists of. */

import type { QualityReportRow } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { Alert, Button, Group, SegmentedControl, Select, Stack, Title } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useSearchParams } from "wouter";
import { QualityFigures } from "../../lesson-quality/quality-figures.tsx";
import {
  isComplaintGood,
  isCompletionGood,
  LEAST_COMPLETION,
  MOST_COMPLAINTS,
  shareText,
} from "../../lesson-quality/quality-goals.ts";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { type Translate, useTranslation } from "../../texts/use-translation.ts";
import { carrierName } from "../access/rules/rule-sentence.ts";
import { CopyListAsCurl } from "../list/copy-as-curl.tsx";
import { type Column, ListTable } from "../list/list-table.tsx";
import { schoolPath, schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useTimeZone } from "../school/school-time.ts";
import { QualityPage } from "./quality-page.tsx";
import { RateBar } from "./rate-bar.tsx";
import {
  FILTERS,
  GROUPINGS,
  type Grouping,
  type ReportQuery,
  reportQuery,
  rowParameters,
  SPANS,
  spanName,
  totalOf,
  withoutFilters,
} from "./report-values.ts";

/** A bar is full at so many times the goal. */
const FULL = 4;
/** Time stalled has no goal of its own; this much raises an alarm about a lesson. */
const FULL_STALLS = 0.05;
const HOUR_MS = 3_600_000;
const ROWS_AT_ONCE = 100;

export function QualityReport() {
  const { t } = useTranslation();
  const scope = schoolQuery(useSchoolScope());
  const zone = useTimeZone();
  const [parameters] = useSearchParams();
  const asked = reportQuery(parameters, serverClock.now(), zone);
  const query = { ...scope, ...asked };
  const report = useQuery({
    queryKey: ["quality-report", query],
    queryFn: () => unwrap(api().GET("/api/v1/reports/quality", { params: { query } })),
    placeholderData: keepPreviousData,
  });
  return (
    <QualityPage page="report">
      <Group justify="space-between">
        <Title order={1}>{t("nav.quality")}</Title>
        <Group>
          <CopyListAsCurl path="/reports/quality" query={query} />
          <Button component="a" variant="default" href={`/api/v1/reports/quality/export?${new URLSearchParams(query)}`}>
            {t("exportCsv")}
          </Button>
        </Group>
      </Group>
      <p className="text-muted list-hint">{t("quality.hint")}</p>
      <Choices by={asked.by} />
      {report.error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: errorMessage(report.error, t("offline")) })}
        </Alert>
      ) : null}
      {report.data ? <Rows key={JSON.stringify(query)} rows={report.data.items} query={asked} /> : null}
    </QualityPage>
  );
}

/** What is shown, and of which time, in the page's address. */
function Choices({ by }: { by: Grouping }) {
  const { t } = useTranslation();
  const [parameters, setParameters] = useSearchParams();
  const set = (name: string, value: string) => {
    const next = new URLSearchParams(parameters);
    next.set(name, value);
    setParameters(next, { replace: true });
  };
  const filter = FILTERS.find((name) => parameters.get(name));
  return (
    <Group align="end" gap="md">
      <Select
        label={t("quality.by")}
        className="quality-by"
        data={GROUPINGS.map((value) => ({ value, label: t(`quality.groupings.${value}`) }))}
        value={by}
        allowDeselect={false}
        onChange={(value) => set("by", value ?? "day")}
      />
      {parameters.get("day") ? null : (
        <SegmentedControl
          aria-label={t("quality.span")}
          data={SPANS.map((value) => ({ value, label: t(`quality.spans.${value}`) }))}
          value={spanName(parameters)}
          onChange={(value) => set("days", value)}
        />
      )}
      {filter ? (
        <Group gap="xs">
          <strong>{t(`quality.filteredBy.${filter}`, { name: parameters.get("name") ?? parameters.get(filter) ?? "" })}</strong>
          <Button variant="default" onClick={() => setParameters(withoutFilters(parameters))}>
            {t("quality.removeFilter")}
          </Button>
        </Group>
      ) : null}
    </Group>
  );
}

function Rows({ rows, query }: { rows: readonly QualityReportRow[]; query: ReportQuery }) {
  const { t } = useTranslation();
  const [shown, setShown] = useState(ROWS_AT_ONCE);
  const columns = useColumns(query.by);
  if (rows.length === 0) return <p className="text-muted">{t("quality.empty")}</p>;
  return (
    <Stack>
      <section aria-label={t("quality.total")}>
        <QualityFigures total={totalOf(rows)} />
      </section>
      <ListTable
        title={t(`quality.groupings.${query.by}`)}
        items={rows.slice(0, shown)}
        columns={columns}
        keyOf={({ key }) => key}
        nameOf={(row) => rowName(row, query.by, t)}
        selection={null}
        onSelect={() => {}}
        onEdit={null}
      />
      {rows.length > shown ? (
        <Button variant="default" onClick={() => setShown(shown + ROWS_AT_ONCE)}>
          {t("quality.showMore", { count: Math.min(ROWS_AT_ONCE, rows.length - shown) })}
        </Button>
      ) : null}
    </Stack>
  );
}

function useColumns(by: Grouping): readonly Column<QualityReportRow>[] {
  const { t, i18n } = useTranslation();
  const share = (value: number | null) => shareText(value, i18n.language);
  const number = new Intl.NumberFormat(i18n.language, { maximumFractionDigits: 1 });
  const rates: readonly Column<QualityReportRow>[] = [
    {
      label: t("quality.completed"),
      show: ({ completionRate: rate }) => (
        <RateBar
          text={share(rate)}
          badShare={rate === null ? null : 1 - rate}
          full={FULL * (1 - LEAST_COMPLETION)}
          goal={1 - LEAST_COMPLETION}
          isGood={isCompletionGood(rate)}
        />
      ),
    },
    {
      label: t("quality.complaints"),
      show: ({ complaintRate: rate }) => (
        <RateBar
          text={share(rate)}
          badShare={rate}
          full={FULL * MOST_COMPLAINTS}
          goal={MOST_COMPLAINTS}
          isGood={isComplaintGood(rate)}
        />
      ),
    },
    {
      label: t("quality.stalled"),
      show: ({ stallRatio: rate }) => <RateBar text={share(rate)} badShare={rate} full={FULL_STALLS} goal={null} isGood />,
    },
  ];
  return [
    { label: t(`quality.columns.${by}`), show: (row) => <RowName row={row} by={by} /> },
    ...(by === "lesson" ? [] : [{ label: t("quality.lessons"), show: (row: QualityReportRow) => number.format(row.lessons) }]),
    { label: t("quality.viewers"), show: ({ viewers }) => number.format(viewers) },
    ...rates,
    { label: t("quality.affected"), show: ({ affected }) => number.format(affected) },
    { label: t("quality.disconnects"), show: ({ disconnects }) => number.format(disconnects) },
    { label: t("quality.watched"), show: ({ watchedMs }) => number.format(watchedMs / HOUR_MS) },
  ];
}

function RowName({ row, by }: { row: QualityReportRow; by: Grouping }) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const [parameters] = useSearchParams();
  const name = rowName(row, by, t);
  const next = rowParameters(parameters, by, { ...row, name });
  const path = next ? `/quality?${next}` : by === "lesson" ? schoolPath(scope, `/lessons/${row.key}/quality`) : null;
  const style = by === "day" ? {} : { className: "wraps" };
  return path === null ? (
    <span {...style}>{name}</span>
  ) : (
    <Link href={path} {...style}>
      {name}
    </Link>
  );
}

function rowName({ key, name }: QualityReportRow, by: Grouping, t: Translate): string {
  if (key === "") return t(by === "teacher" ? "quality.noTeacher" : by === "course" ? "quality.noCourse" : "quality.none");
  return by === "carrier" ? carrierName(key, t) : name;
}
