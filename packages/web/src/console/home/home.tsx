/** Shows the console's home page: what needs attention, what is live, what comes next; of a new school, the first-run form and the first steps. */

import type { Lesson } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { EmptyState, Icon, SkeletonRows } from "@lectern/ui";
import { BROADCAST_ICON, CALENDAR_ICON, GAUGE_ICON } from "@lectern/ui/icons";
import { useIsFetching, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { ReportNumberForm } from "../experience/report-number-form.tsx";
import { lessonStream, onePerLesson, withoutRungs } from "../lists/stream-rungs.ts";
import { useSchoolLessons } from "../lists/use-school-lessons.ts";
import { useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";
import { Attention } from "./attention.tsx";
import { byStart } from "./attention-items.ts";
import { type FirstLesson, FirstRun } from "./first-run.tsx";
import { FirstSteps } from "./first-steps.tsx";
import { LiveStreams } from "./live-streams.tsx";
import "./home.css";

const UPCOMING_MS = 3 * 86_400_000;
const MAX_UPCOMING = 10;
/** Cards. All that is loaded counts, and is looked at for what is wrong. */
const MAX_SHOWN = 60;
/** The server gives no more at once. A stream has up to eight rungs, which the API lists beside it. */
const MAX_LOADED = 1000;
/** What takes longer than this comes when it comes. */
const TOGETHER_MS = 3000;
/** Lessons that have not started stay in "Needs attention" for this long. */
const LATE_MS = 12 * 3_600_000;

export function Home() {
  const { t } = useTranslation();
  const { school } = useSchoolScope();
  const [created, setCreated] = useState<FirstLesson | null>(null);
  const streams = useQuery({
    queryKey: ["streams"],
    queryFn: () => unwrap(api().GET("/api/v1/streams", { params: { query: { limit: MAX_LOADED } } })),
    refetchInterval: 3000,
  });
  const liveLessons = useSchoolLessons("live", { state: "live", limit: 1000 }, 5000);
  const hasLessons = useSchoolLessons("any", { limit: 1 });
  // Whole minutes, so that the query stays the same for a minute.
  const now = Math.floor(serverClock.now() / 60_000) * 60_000;
  const planned = useSchoolLessons(`planned ${now}`, {
    state: "scheduled",
    from: new Date(now - LATE_MS).toISOString(),
    to: new Date(now + UPCOMING_MS).toISOString(),
    limit: 200,
  });
  const isTogether = useTogether([streams, liveLessons, hasLessons, planned].some(({ isPending }) => isPending));
  const live = onePerLesson(withoutRungs(streams.data?.items ?? []));
  const lessonOf = (streamName: string) =>
    liveLessons.data?.items.find(({ play }) => play.rtmp.endsWith(`/${lessonStream(streamName)}`));
  const createdHere = created?.schoolId === school?.id ? created : null;
  const sorted = byStart(planned.data?.items ?? []);
  const upcoming = sorted.filter(({ startsAt }) => startsAt !== null && Date.parse(startsAt) >= now).slice(0, MAX_UPCOMING);
  return (
    <div className="home">
      <div className="page-head">
        <h1>{t("nav.home")}</h1>
        <Link className="button" href="/screen">
          <Icon drawing={GAUGE_ICON} />
          {t("openScreen")}
        </Link>
      </div>
      {isTogether ? null : <SkeletonRows rows={6} label={t("loading")} />}
      <div className="home" hidden={!isTogether}>
        {school && (createdHere || hasLessons.data?.items.length === 0) ? (
          <FirstRun school={school} created={createdHere} onCreated={setCreated} />
        ) : null}
        {school ? <FirstSteps school={school} /> : null}
        <Attention streams={live} lessonOf={lessonOf} planned={sorted} isKnown={streams.isSuccess && planned.isSuccess} />
        <section>
          <h2>{t("live")}</h2>
          {streams.isPending ? <SkeletonRows rows={2} label={t("loading")} /> : null}
          {streams.isSuccess && live.length === 0 ? <EmptyState icon={BROADCAST_ICON} text={t("nothingLive")} /> : null}
          <LiveStreams streams={live.slice(0, MAX_SHOWN)} lessonOf={lessonOf} />
        </section>
        <section>
          <h2>{t("upcoming")}</h2>
          {planned.isPending ? <SkeletonRows rows={3} label={t("loading")} /> : null}
          {planned.isSuccess && upcoming.length === 0 ? <EmptyState icon={CALENDAR_ICON} text={t("nothingUpcoming")} /> : null}
          <Upcoming lessons={upcoming} />
        </section>
        <ReportNumberForm />
      </div>
    </div>
  );
}

/** The parts of the page are shown together, so that none pushes others down. @param isPending something is not there yet */
function useTogether(isPending: boolean): boolean {
  const isFetching = useIsFetching() > 0;
  const [isTogether, setIsTogether] = useState(false);
  useEffect(() => {
    if (!isPending && !isFetching) setIsTogether(true);
  }, [isPending, isFetching]);
  useEffect(() => {
    const timer = setTimeout(() => setIsTogether(true), TOGETHER_MS);
    return () => clearTimeout(timer);
  }, []);
  return isTogether;
}

function Upcoming({ lessons }: { lessons: readonly Lesson[] }) {
  const time = useFormatTime();
  return (
    <ul className="upcoming">
      {lessons.map(({ id, title, startsAt }) => (
        <li key={id}>
          <time dateTime={startsAt ?? ""}>{time(startsAt)}</time>
          <a href={`/studio/${id}`}>{title}</a>
        </li>
      ))}
    </ul>
  );
}
