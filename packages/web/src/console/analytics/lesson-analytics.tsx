/** Shows the analytics of one lesson: figures, who was there by minute, replays, devices, people. Refreshed while it is live. */
import type { LessonAnalytics as Analytics } from "@lectern/client";
import { Button, Group, SimpleGrid, Stack, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { TimePlot } from "../../plots/time-plot.tsx";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useFormatTime } from "../school/school-time.ts";
import { BarList } from "./bar-list.tsx";
import { FigureTiles } from "./figure-tiles.tsx";
import { useFigures } from "./figures.ts";
import { HeatStrip } from "./heat-strip.tsx";
import { LessonRanking } from "./lesson-ranking.tsx";

const REFETCH_MS = 10_000;
const DIVISIONS = ["device", "engine", "carrier", "region"] as const;

export function LessonAnalytics({ lessonId }: { readonly lessonId: string }) {
  const { t } = useTranslation();
  const time = useFormatTime();
  const query = useQuery({
    queryKey: ["lesson analytics", lessonId],
    queryFn: () => unwrap(api().GET("/api/v1/reports/lessons/{lessonId}", { params: { path: { lessonId } } })),
    refetchInterval: ({ state }) => (state.data?.endedAt === null ? REFETCH_MS : false),
  });
  if (query.error) return <p role="alert">{t("failed", { message: errorMessage(query.error, t("offline")) })}</p>;
  if (!query.data) return <p role="status">{t("analytics.loading")}</p>;
  const { title, startedAt, ranking } = query.data;
  const exported = (table: string) => `/api/v1/reports/lessons/${lessonId}/export?table=${table}`;
  return (
    <Stack className="analytics">
      <Group justify="space-between">
        <Title order={1}>{t("analytics.ofLesson", { title })}</Title>
        <Group>
          <Button component="a" variant="default" href={exported("people")}>
            {t("analytics.exportPeople")}
          </Button>
          <Button component="a" variant="default" href={exported("minutes")}>
            {t("analytics.exportMinutes")}
          </Button>
        </Group>
      </Group>
      <p className="text-muted">{startedAt === null ? t("analytics.notStarted") : time(startedAt)}</p>
      <LessonTiles analytics={query.data} />
      <DropOff analytics={query.data} />
      <Replays replays={query.data.replays} />
      <Divisions by={query.data.by} />
      {ranking ? <LessonRanking lessonId={lessonId} /> : null}
    </Stack>
  );
}

function LessonTiles({ analytics }: { readonly analytics: Analytics }) {
  const { t } = useTranslation();
  const { count, time } = useFigures();
  const { expected, came, people, presentMs, viewers, watchedMs, peak, replays, lines, questions, answers, hands } = analytics;
  const replayMs = replays.reduce((sum, { playedMs }) => sum + playedMs, 0);
  const tiles = [
    ...(expected === null ? [] : [{ label: t("analytics.came"), value: `${count(came ?? 0)} / ${count(expected)}` }]),
    { label: t("analytics.people"), value: count(people) },
    { label: t("analytics.meanPresent"), value: time(people === 0 ? null : presentMs / people) },
    { label: t("analytics.viewers"), value: viewers === null ? "–" : count(viewers) },
    { label: t("analytics.watched"), value: time(watchedMs) },
    { label: t("analytics.replayed"), value: time(replayMs) },
    { label: t("analytics.peak"), value: count(peak) },
    { label: t("analytics.lines"), value: count(lines) },
    { label: t("analytics.questions"), value: count(questions) },
    { label: t("analytics.answers"), value: count(answers) },
    { label: t("analytics.hands"), value: count(hands) },
  ];
  return <FigureTiles tiles={tiles} />;
}

function DropOff({ analytics: { minutes } }: { readonly analytics: Analytics }) {
  const { t } = useTranslation();
  if (minutes.length === 0) return <p className="text-muted">{t("analytics.nobody")}</p>;
  return (
    <TimePlot
      title={t("analytics.dropOff")}
      unit=""
      times={minutes.map(({ at }) => Date.parse(at) / 1000)}
      lines={[
        { label: t("analytics.present"), values: minutes.map(({ present }) => present) },
        { label: t("analytics.watching"), values: minutes.map(({ watching }) => watching) },
      ]}
      height={200}
    />
  );
}

function Replays({ replays }: { readonly replays: Analytics["replays"] }) {
  const { t } = useTranslation();
  if (replays.length === 0) return null;
  return (
    <Stack component="section" gap="md">
      <Title order={2}>{t("analytics.replays")}</Title>
      {replays.map(({ recordingId, ...heat }) => (
        <HeatStrip key={recordingId} {...heat} />
      ))}
    </Stack>
  );
}

function Divisions({ by }: { readonly by: Analytics["by"] }) {
  const { t } = useTranslation();
  return (
    <SimpleGrid cols={{ base: 1, sm: 2, lg: 4 }}>
      {DIVISIONS.map((division) => (
        <BarList
          key={division}
          title={t(`analytics.divisions.${division}`)}
          bars={by[division].map(({ name, watchedMs }) => ({ name, value: watchedMs }))}
          nameOf={(name) =>
            division === "device" || division === "engine" ? t(`analytics.names.${name}`, { defaultValue: name }) : name
          }
        />
      ))}
    </SimpleGrid>
  );
}
