/**
 * Shows `/console/screen`, for a wall: what is live, how many watch, how well it goes, and what is wrong. It may stay open for weeks: nothing in it
 * grows.
 */
import { useQuery } from "@tanstack/react-query";
import { useNow } from "../../schedule/use-now.ts";
import { api, unwrap } from "../../session/api.ts";
import { useServerReach } from "../../session/use-server-reach.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { subjectName } from "../alarms/subject-name.tsx";
import type { LiveStreamSummary } from "../home/live-streams.tsx";
import { Thumbnail, useLook } from "../home/thumbnail.tsx";
import { lessonStream, onePerLesson, titlesOfStreams, withoutRungs } from "../lists/stream-rungs.ts";
import { useSchoolLessons } from "../lists/use-school-lessons.ts";
import { FleetMap } from "../nodes/fleet-map.tsx";
import { platformQuery, useSchoolScope } from "../school/school-context.ts";
import "./big-screen.css";
import { Figure, QualityFigures, Today } from "./screen-figures.tsx";

const REFETCH_MS = 5000;
const THUMBNAIL_MS = 10_000;
const MAX_STILLS = 12;
const MAX_ALARMS = 6;

export function BigScreen() {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const oldSince = useServerReach();
  const streams = useQuery({
    queryKey: ["streams", "screen"],
    queryFn: () => unwrap(api().GET("/api/v1/streams", { params: { query: { limit: 1000 } } })),
    refetchInterval: REFETCH_MS,
  });
  const lessons = useSchoolLessons("live", { state: "live", limit: 1000 }, REFETCH_MS);
  const all = withoutRungs(streams.data?.items ?? []);
  const live = onePerLesson(all).toSorted((a, b) => b.viewers.total - a.viewers.total);
  const titles = titlesOfStreams(lessons.data?.items ?? []);
  const viewers = all.reduce((sum, stream) => sum + stream.viewers.total, 0);
  return (
    <main className={oldSince === null ? "screen" : "screen of-before"}>
      <header className="screen-head">
        <h1>{scope.school?.name ?? "Lectern"}</h1>
        <Clock oldSince={oldSince} />
      </header>
      <section className="screen-figures" aria-label={t("monitoring.screen.title")}>
        <Figure label={t("monitoring.screen.lessonsLive")} value={lessons.data?.items.length ?? null} unit="" />
        <Figure label={t("monitoring.screen.viewers")} value={streams.data ? viewers : null} unit="" />
        <QualityFigures />
      </section>
      <Today />
      <section className="screen-wall" aria-label={t("monitoring.screen.streams")}>
        <h2>{t("monitoring.screen.streams")}</h2>
        {streams.isSuccess && live.length === 0 ? <p>{t("monitoring.screen.nothingLive")}</p> : null}
        <Stills streams={live.slice(0, MAX_STILLS)} titles={titles} />
      </section>
      <div className="screen-side">
        <Alarms />
        {scope.isOperator ? <Fleet /> : null}
      </div>
    </main>
  );
}

function Fleet() {
  const { t } = useTranslation();
  const nodes = useQuery({ queryKey: ["nodes"], queryFn: () => unwrap(api().GET("/api/v1/nodes")), refetchInterval: REFETCH_MS });
  const regions = nodes.data?.items ?? [];
  // A single place needs no map.
  if (regions.every(({ region }) => region === "")) return null;
  return (
    <div className="screen-map">
      <h2>{t("monitoring.fleet")}</h2>
      <FleetMap nodes={regions} />
    </div>
  );
}

function Alarms() {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const query = useQuery({
    queryKey: ["alarms", "screen", scope.school?.id],
    queryFn: () =>
      unwrap(api().GET("/api/v1/alarms", { params: { query: { open: true, limit: MAX_ALARMS, ...platformQuery(scope) } } })),
    refetchInterval: REFETCH_MS,
  });
  const open = query.data?.items ?? [];
  return (
    <section className="screen-alarms" aria-label={t("monitoring.screen.alarms")}>
      <h2>{t("monitoring.screen.alarms")}</h2>
      {query.isSuccess && open.length === 0 ? <p>{t("monitoring.screen.noAlarms")}</p> : null}
      <ul>
        {open.map((alarm) => (
          <li key={alarm.id}>
            {t([`alarmTexts.${alarm.code}`, "alarmPages.homeText"], {
              name: t(`alarms.${alarm.code}`),
              subject: subjectName(alarm, scope.schools, t),
            })}
          </li>
        ))}
      </ul>
    </section>
  );
}

function Stills({ streams, titles }: { streams: readonly LiveStreamSummary[]; titles: ReadonlyMap<string, string> }) {
  const { t } = useTranslation();
  const look = useLook(THUMBNAIL_MS);
  return (
    <ul className="screen-stills">
      {streams.map(({ app, name, still, uplink, viewers }) => (
        <li key={`${app}/${name}`}>
          <Thumbnail address={`${still}&look=${look}`} />
          <strong>{titles.get(`${app}/${lessonStream(name)}`) ?? name}</strong>
          <span className={`health ${uplink.health}`}>{t([`uplinkHealth.${uplink.health}`, "uplinkHealth.unknown"])}</span>
          <span>{t("viewers", { count: viewers.total })}</span>
        </li>
      ))}
    </ul>
  );
}

/** The time, and since when what is shown is old, if it is. */
function Clock({ oldSince }: { readonly oldSince: number | null }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const clock = new Intl.DateTimeFormat(i18n.language, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  return (
    <p className="screen-clock">
      <time>{clock.format(now)}</time>
      {oldSince === null ? null : (
        <span role="alert" className="error">
          {t("unreachable", { time: clock.format(oldSince) })}
        </span>
      )}
    </p>
  );
}
