/** Shows how a lesson is or was seen, in all and by minute. */
import type { Experience, Lesson } from "@lectern/client";
import { SimpleGrid } from "@mantine/core";
import { useMemo } from "react";
import { formatValue } from "../../plots/plot-text.ts";
import { TimePlot } from "../../plots/time-plot.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import { useTimeZone } from "../school/school-time.ts";
import "./experience.css";
import { lessonMinutes, minuteLines } from "./lesson-minutes.ts";

type OverviewProps = { readonly experience: Experience; readonly lesson: Lesson };

export function Overview({ experience, lesson }: OverviewProps) {
  return (
    <>
      <Figures experience={experience} isLive={lesson.state === "live"} />
      <Plots experience={experience} lesson={lesson} />
    </>
  );
}

function Figures({ experience, isLive }: { readonly experience: Experience; readonly isLive: boolean }) {
  const { t, i18n } = useTranslation();
  const { viewers, sessions, stallRatio, firstFrameMs, complaints, watchedMs } = experience;
  const number = (value: number, unit = "") => formatValue(value, unit, i18n.language);
  const seconds = (ms: number | null) => (ms === null ? "–" : t("experience.seconds", { seconds: (ms / 1000).toFixed(1) }));
  return (
    <dl className="experience-figures">
      {isLive ? <Figure label={t("experience.watchingNow")} value={number(viewers)} /> : null}
      <Figure label={t("experience.sessions")} value={number(sessions)} />
      <Figure label={t("experience.hoursWatched")} value={number(watchedMs / 3_600_000)} />
      <Figure label={t("experience.stalledShare")} value={stallRatio === null ? "–" : number(stallRatio, "share")} />
      <Figure label={t("experience.firstFrame")} value={seconds(firstFrameMs.p50)} />
      <Figure label={t("experience.firstFrameSlow")} value={seconds(firstFrameMs.p95)} />
      <Figure label={t("experience.complaints")} value={number(complaints)} />
    </dl>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div>
      <dt className="text-muted">{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

function Plots({ experience: { minutes }, lesson }: OverviewProps) {
  const { t } = useTranslation();
  const timeZone = useTimeZone();
  const { startedAt, endedAt } = lesson;
  const lines = useMemo(() => minuteLines(lessonMinutes(minutes, { startedAt, endedAt })), [minutes, startedAt, endedAt]);
  if (lines.times.length === 0) return <p className="text-muted">{t("experience.nobody")}</p>;
  const shared = { times: lines.times, cursorKey: `experience ${lesson.id}`, timeZone };
  return (
    <SimpleGrid cols={{ base: 1, lg: 3 }}>
      <TimePlot
        title={t("monitoring.plots.viewers")}
        unit=""
        lines={[{ label: t("experience.watching"), values: lines.watching }]}
        {...shared}
      />
      <TimePlot
        title={t("experience.stalledShare")}
        unit="share"
        lines={[{ label: t("monitoring.metrics.stall_ratio"), values: lines.stalled }]}
        {...shared}
      />
      <TimePlot
        title={t("experience.firstFrame")}
        unit="s"
        lines={[{ label: t("monitoring.metrics.first_frame_ms"), values: lines.firstFrame }]}
        {...shared}
      />
    </SimpleGrid>
  );
}
