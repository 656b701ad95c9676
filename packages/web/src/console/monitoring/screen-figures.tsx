/** Shows the big screen's figures: how well it goes now, and what there was today. */
import { serverClock } from "@lectern/player/server-clock";
import { useQuery } from "@tanstack/react-query";
import { formatValue } from "../../plots/plot-text.ts";
import { TimePlot } from "../../plots/time-plot.tsx";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useHistory } from "./use-history.ts";

const REFETCH_MS = 10_000;
/** A day's minutes of all lessons are much to sum up. */
const TODAY_REFETCH_MS = 60_000;
const HOUR_MS = 3_600_000;
/** Of the plot. */
const MINUTES = 120;
const PLATFORM_METRICS = ["viewers", "stall_ratio", "first_frame_ms"];

export function Figure({ label, value, unit }: { label: string; value: number | null; unit: string }) {
  const { i18n } = useTranslation();
  return (
    <div className="screen-figure">
      <span className="screen-value">
        {value === null ? "–" : formatValue(value, unit, i18n.language)}
        {value === null || unit === "" || unit === "share" ? null : <small> {unit}</small>}
      </span>
      <span className="text-muted">{label}</span>
    </div>
  );
}

/** Of the school that is shown, or of the whole platform. */
export function QualityFigures() {
  return useSchoolScope().school ? <SchoolFigures /> : <PlatformFigures />;
}

type ScreenFigure = {
  readonly stallRatio: number | null;
  readonly firstFrameMs: number | null;
  readonly times: readonly number[];
  readonly viewers: readonly (number | null)[];
};

function PlatformFigures() {
  const { data } = useHistory("platform", "", PLATFORM_METRICS, "2h");
  const newest = (metric: string) => data?.values.get(metric)?.findLast((value) => value !== null) ?? null;
  const viewers = data?.values.get("viewers") ?? [];
  return (
    <Quality
      stallRatio={newest("stall_ratio")}
      firstFrameMs={newest("first_frame_ms")}
      times={data?.times ?? []}
      viewers={viewers}
    />
  );
}

/** The minute that runs is not whole, so the last one that is over counts. */
function SchoolFigures() {
  const scope = schoolQuery(useSchoolScope());
  const { data } = useQuery({
    queryKey: ["experience", "screen", scope],
    queryFn: () => unwrap(api().GET("/api/v1/experience", { params: { query: scope } })),
    refetchInterval: REFETCH_MS,
  });
  const minutes = new Map(data?.minutes.slice(0, -1).map((minute) => [Date.parse(minute.at) / 1000, minute]));
  const last = [...minutes.values()].at(-1);
  // The axis stays still, also where nobody watched.
  const newest = Math.floor(serverClock.now() / 60_000) * 60;
  const times = Array.from({ length: MINUTES }, (_, i) => newest - (MINUTES - i) * 60);
  return (
    <Quality
      stallRatio={last?.stallRatio ?? null}
      firstFrameMs={last?.firstFrameMs ?? null}
      times={times}
      viewers={times.map((at) => minutes.get(at)?.watching ?? null)}
    />
  );
}

function Quality({ stallRatio, firstFrameMs, times, viewers }: ScreenFigure) {
  const { t } = useTranslation();
  return (
    <>
      <Figure label={t("monitoring.screen.stalled")} value={stallRatio} unit="share" />
      <Figure label={t("monitoring.screen.firstFrame")} value={firstFrameMs === null ? null : firstFrameMs / 1000} unit="s" />
      <div className="screen-plot">
        <TimePlot
          title={t("monitoring.screen.viewersOverTime")}
          unit=""
          times={times}
          lines={[{ label: t("monitoring.metrics.viewers"), values: viewers }]}
          height={120}
        />
      </div>
    </>
  );
}

/** Since midnight where the screen hangs. */
export function Today() {
  const { t } = useTranslation();
  const scope = schoolQuery(useSchoolScope());
  const { data } = useQuery({
    queryKey: ["experience", "today", scope],
    queryFn: () => {
      const from = new Date(new Date(serverClock.now()).setHours(0, 0, 0, 0)).toISOString();
      return unwrap(api().GET("/api/v1/experience", { params: { query: { ...scope, from } } }));
    },
    refetchInterval: TODAY_REFETCH_MS,
  });
  const hours = data ? data.watchedMs / HOUR_MS : null;
  // A minute's mean: a viewer of half of it was one viewer.
  const peak = data ? Math.ceil(Math.max(0, ...data.minutes.map(({ watching }) => watching))) : null;
  return (
    <section className="screen-figures screen-today" aria-label={t("monitoring.screen.today")}>
      <h2>{t("monitoring.screen.today")}</h2>
      <Figure label={t("monitoring.screen.lessonsToday")} value={data?.lessons ?? null} unit="" />
      <Figure label={t("monitoring.screen.hoursToday")} value={hours} unit="" />
      <Figure label={t("monitoring.screen.peakToday")} value={peak} unit="" />
      <Figure label={t("monitoring.screen.stalled")} value={data?.stallRatio ?? null} unit="share" />
    </section>
  );
}
