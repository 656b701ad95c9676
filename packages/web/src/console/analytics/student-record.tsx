/** Shows a student's record over a term: totals, what to catch up on, and the lessons; for staff, and for the student. */

import type { CatchUpStep, StudentLesson, StudentRecord as StudentTerm } from "@lectern/client";
import { formatDuration } from "@lectern/player/format-duration";
import { serverClock } from "@lectern/player/server-clock";
import { Badge, Button, Group, SegmentedControl, Stack, Title } from "@mantine/core";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { type Column, ListTable } from "../list/list-table.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { useFormatTime } from "../school/school-time.ts";
import { FigureTiles } from "./figure-tiles.tsx";
import { useFigures } from "./figures.ts";

const TERMS = ["30", "183", "365"] as const;
const DAY_MS = 86_400_000;
const LESSONS_PER_PAGE = 30;

type StudentRecordProps = {
  readonly userId: string;
  /** Whether it is the student who reads it: then what is missing can be watched. */
  readonly isOwn: boolean;
};

export function StudentRecord({ userId, isOwn }: StudentRecordProps) {
  const { t } = useTranslation();
  const [days, setDays] = useState<string>("183");
  // The same while the page shows it, so that its lists have one end.
  const span = useMemo(() => {
    const to = serverClock.now();
    return { from: new Date(to - Number(days) * DAY_MS).toISOString(), to: new Date(to).toISOString() };
  }, [days]);
  const record = useQuery({
    queryKey: ["student record", userId, span],
    queryFn: () => unwrap(api().GET("/api/v1/reports/students/{userId}", { params: { path: { userId }, query: span } })),
    placeholderData: keepPreviousData,
  });
  if (record.error) return <p role="alert">{t("failed", { message: errorMessage(record.error, t("offline")) })}</p>;
  if (!record.data) return <p role="status">{t("analytics.loading")}</p>;
  const { name, catchUp } = record.data;
  return (
    <Stack className="analytics">
      <Group justify="space-between">
        <Title order={1}>{isOwn ? t("analytics.myRecord") : t("analytics.recordOf", { name })}</Title>
        <Group>
          <SegmentedControl
            aria-label={t("monitoring.span")}
            value={days}
            onChange={setDays}
            data={TERMS.map((value) => ({ value, label: t(`analytics.terms.${value}`) }))}
          />
          <Button component="a" variant="default" href={`/api/v1/reports/students/${userId}/export?${new URLSearchParams(span)}`}>
            {t("checkIns.csv")}
          </Button>
        </Group>
      </Group>
      {/* The student has it in the list of own pages. */}
      {isOwn ? null : <Link href={`/people/${userId}/mistakes`}>{t("mistakes.title")}</Link>}
      <RecordTiles record={record.data} />
      <CatchUp steps={catchUp} isOwn={isOwn} />
      <Lessons userId={userId} span={span} />
    </Stack>
  );
}

function RecordTiles({ record }: { readonly record: StudentTerm }) {
  const { t } = useTranslation();
  const { count, time } = useFigures();
  const { lessons, attended, partly, missed, caughtUp, presentMs, watchedMs, replayMs, quizzes, answered, graded, correct, stars } =
    record;
  return (
    <FigureTiles
      tiles={[
        { label: t("analytics.attended"), value: `${count(attended)} / ${count(lessons)}` },
        { label: t("analytics.partly"), value: count(partly) },
        { label: t("analytics.missed"), value: count(missed) },
        { label: t("analytics.caughtUp"), value: count(caughtUp) },
        { label: t("analytics.presentTime"), value: time(presentMs) },
        { label: t("analytics.watched"), value: time(watchedMs) },
        { label: t("analytics.replayed"), value: time(replayMs) },
        { label: t("analytics.answered"), value: `${count(answered)} / ${count(quizzes)}` },
        { label: t("analytics.correct"), value: `${count(correct)} / ${count(graded)}` },
        { label: t("analytics.stars"), value: count(stars) },
      ]}
    />
  );
}

function CatchUp({ steps, isOwn }: { readonly steps: readonly CatchUpStep[]; readonly isOwn: boolean }) {
  const { t } = useTranslation();
  return (
    <Stack component="section" gap="sm">
      <Title order={2}>{t("analytics.catchUp")}</Title>
      {steps.length === 0 ? <p className="text-muted">{t("analytics.nothingMissed")}</p> : null}
      <ol className="catch-up">
        {steps.map((step) => (
          <li key={`${step.lessonId} ${step.recordingId} ${step.fromSeconds}`}>
            <CatchUpItem step={step} isOwn={isOwn} />
          </li>
        ))}
      </ol>
    </Stack>
  );
}

function CatchUpItem({ step, isOwn }: { readonly step: CatchUpStep; readonly isOwn: boolean }) {
  const { t } = useTranslation();
  const time = useFormatTime();
  const { time: duration } = useFigures();
  const { lesson, course, chapter, startedAt, seconds, recordingId, fromSeconds, path } = step;
  const name = chapter === null ? lesson : `${lesson} · ${chapter}`;
  const from = recordingId !== null && fromSeconds > 0 ? t("analytics.fromSecond", { time: formatDuration(fromSeconds) }) : "";
  return (
    <>
      <strong>{name}</strong>
      <span className="text-muted">
        {[course, time(startedAt), duration(seconds * 1000), from, recordingId === null ? t("analytics.noRecording") : ""]
          .filter(Boolean)
          .join(" · ")}
      </span>
      {isOwn && path !== null ? (
        <a className="button" href={path} aria-label={t("analytics.watchStep", { name })}>
          {t("analytics.watch")}
        </a>
      ) : null}
    </>
  );
}

const OUTCOME_COLORS = { attended: "green", partly: "yellow", missed: "red", live: "cyan" } as const;

function Lessons({ userId, span }: { readonly userId: string; readonly span: { readonly from: string; readonly to: string } }) {
  const { t } = useTranslation();
  const list = useInfiniteQuery({
    queryKey: ["student lessons", userId, span],
    queryFn: ({ pageParam }) => {
      const query = { ...span, limit: LESSONS_PER_PAGE, ...nonEmpty({ cursor: pageParam }) };
      return unwrap(api().GET("/api/v1/reports/students/{userId}/lessons", { params: { path: { userId }, query } }));
    },
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
  });
  const items = (list.data?.pages ?? []).flatMap((page) => page.items);
  return (
    <Stack component="section" gap="sm">
      <Title order={2}>{t("nav.lessons")}</Title>
      {list.error ? <p role="alert">{t("failed", { message: errorMessage(list.error, t("offline")) })}</p> : null}
      <ListTable
        title={t("nav.lessons")}
        items={items}
        columns={useColumns()}
        keyOf={({ lessonId }) => lessonId}
        nameOf={({ title }) => title}
        selection={null}
        onSelect={() => {}}
        onEdit={null}
      />
      {list.isSuccess && items.length === 0 ? <p className="text-muted">{t("analytics.noLessons")}</p> : null}
      {list.hasNextPage ? (
        <Button variant="default" onClick={() => void list.fetchNextPage()}>
          {t("loadMore")}
        </Button>
      ) : null}
    </Stack>
  );
}

function useColumns(): readonly Column<StudentLesson>[] {
  const { t } = useTranslation();
  const time = useFormatTime();
  const { count, time: duration } = useFigures();
  return [
    { label: t("fields.title"), show: ({ title }) => <span className="wraps">{title}</span> },
    { label: t("fields.time"), show: ({ startedAt }) => time(startedAt) },
    { label: t("fields.course"), show: ({ course }) => course ?? "" },
    {
      label: t("fields.state"),
      show: ({ outcome }) => (
        <Badge variant="dot" color={OUTCOME_COLORS[outcome]}>
          {t(`analytics.outcomes.${outcome}`)}
        </Badge>
      ),
    },
    { label: t("analytics.presentTime"), show: ({ presentMs }) => duration(presentMs) },
    { label: t("analytics.watched"), show: ({ watchedMs }) => duration(watchedMs) },
    {
      label: t("analytics.replayed"),
      show: ({ recordings }) => duration(recordings.reduce((sum, { playedMs }) => sum + playedMs, 0)),
    },
    {
      label: t("analytics.quizResults"),
      show: ({ quizzes, answered, correct }) => (quizzes === 0 ? "" : `${count(correct)} / ${count(answered)} / ${count(quizzes)}`),
    },
  ];
}
