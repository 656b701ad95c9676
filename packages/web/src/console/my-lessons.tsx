/**
 * Shows the console for people who are not administrators: their lessons that are live, those of the next two weeks and those without a time, and for
 * staff those that have ended, with their recordings.
 */
import { useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Link } from "wouter";
import { formatDateTime } from "../language.ts";
import { DateTime } from "../schedule/dates.ts";
import { api, unwrap } from "../session/api.ts";
import { useTranslation } from "../texts/use-translation.ts";
import { ReportNumberForm } from "./experience/report-number-form.tsx";
import { byStart } from "./home/attention-items.ts";
import { toIsoUtc } from "./school/zoned-time.ts";

const SHOWN_DAYS = 14;
const PAST_LESSONS = 20;
/** The list shows no more at once: the API gives no more. */
const MAX_PAST_LESSONS = 200;
const UNTIMED_LESSONS = 100;
const REFETCH_MS = 10_000;

type MyLessonsProps = {
  /** Of lessons: a teacher or an assistant. */
  readonly isStaff: boolean;
  /** What is shown between what is live and what comes. */
  readonly children?: ReactNode;
};

export function MyLessons({ isStaff, children }: MyLessonsProps) {
  const { t, i18n } = useTranslation();
  const today = DateTime.now().startOf("day");
  const lessons = useLessons({ from: toIsoUtc(today), to: toIsoUtc(today.plus({ days: SHOWN_DAYS })), limit: 200 });
  const items = byStart(lessons.data?.items ?? []).filter(({ state }) => state !== "live");
  return (
    <>
      <h1>{t("myLessons")}</h1>
      <LiveLessons isStaff={isStaff} />
      {children}
      {lessons.isSuccess && items.length === 0 ? <p>{t("noLessons", { days: SHOWN_DAYS })}</p> : null}
      <ul className="my-lessons">
        {items.map(({ id, title, startsAt, startedAt, state, stream, code }) => (
          <li key={id}>
            <span className="text-muted">{startsAt ? formatDateTime(startsAt, i18n.language) : ""}</span>
            {/* Only a person who teaches the lesson gets its stream key. */}
            <a href={stream ? `/studio/${id}` : `/class/${code ?? id}`}>{title}</a>
            <span className="text-muted">{t(`states.${state}`)}</span>
            {isStaff && startedAt ? <ExperienceLink id={id} title={title} /> : null}
            {isStaff && state !== "scheduled" ? <AnalyticsLink id={id} title={title} /> : null}
          </li>
        ))}
      </ul>
      <UntimedLessons />
      {isStaff ? <PastLessons /> : null}
      {isStaff ? <ReportNumberForm /> : null}
    </>
  );
}

/** Whenever they began, and with a time or without: nobody looks for them. */
function LiveLessons({ isStaff }: { readonly isStaff: boolean }) {
  const { t } = useTranslation();
  const live = useLessons({ state: "live", sort: "-createdAt", limit: UNTIMED_LESSONS });
  const items = live.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <section className="live-lessons" aria-label={t("live")}>
      <h2 className="live">{t("live")}</h2>
      <ul className="my-lessons">
        {items.map(({ id, title, stream, code }) => (
          <li key={id}>
            <strong>{title}</strong>
            {isStaff ? <ExperienceLink id={id} title={title} /> : null}
            <a className="button primary" href={stream ? `/studio/${id}` : `/class/${code ?? id}`}>
              {t(stream ? "firstRun.openStudio" : "firstRun.openClass")}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** They begin when somebody begins them. */
function UntimedLessons() {
  const { t } = useTranslation();
  const waiting = useLessons({ state: "scheduled", sort: "-createdAt", limit: UNTIMED_LESSONS });
  const items = (waiting.data?.items ?? []).filter(({ startsAt }) => startsAt === null);
  if (items.length === 0) return null;
  return (
    <>
      <h2>{t("analytics.untimedLessons")}</h2>
      <ul className="my-lessons">
        {items.map(({ id, title, state, stream, code }) => (
          <li key={id}>
            <a href={stream ? `/studio/${id}` : `/class/${code ?? id}`}>{title}</a>
            <span className="text-muted">{t(`states.${state}`)}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function PastLessons() {
  const { t, i18n } = useTranslation();
  const [limit, setLimit] = useState(PAST_LESSONS);
  const lessons = useLessons({ state: "ended", sort: "-endedAt", limit });
  const items = lessons.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <>
      <h2>{t("analytics.pastLessons")}</h2>
      <ul className="my-lessons">
        {items.map(({ id, title, startedAt }) => (
          <li key={id}>
            <span className="text-muted">{startedAt ? formatDateTime(startedAt, i18n.language) : ""}</span>
            <a href={`/studio/${id}`}>{title}</a>
            <AnalyticsLink id={id} title={title} />
          </li>
        ))}
      </ul>
      {lessons.data?.nextCursor && limit < MAX_PAST_LESSONS ? (
        <button type="button" className="button" onClick={() => setLimit(Math.min(MAX_PAST_LESSONS, limit + PAST_LESSONS))}>
          {t("analytics.morePastLessons")}
        </button>
      ) : null}
    </>
  );
}

function ExperienceLink({ id, title }: { readonly id: string; readonly title: string }) {
  const { t } = useTranslation();
  return (
    <Link href={`/lessons/${id}/experience`} aria-label={t("experience.openOf", { title })}>
      {t("experience.open")}
    </Link>
  );
}

function AnalyticsLink({ id, title }: { readonly id: string; readonly title: string }) {
  const { t } = useTranslation();
  return (
    <Link href={`/lessons/${id}/analytics`} aria-label={t("analytics.ofLesson", { title })}>
      {t("analytics.open")}
    </Link>
  );
}

type LessonQuery = {
  readonly from?: string;
  readonly to?: string;
  readonly state?: "scheduled" | "live" | "ended";
  readonly sort?: "-createdAt" | "-endedAt";
  readonly limit: number;
};

function useLessons(query: LessonQuery) {
  return useQuery({
    queryKey: ["lessons", "mine", query],
    queryFn: () => unwrap(api().GET("/api/v1/lessons", { params: { query } })),
    refetchInterval: REFETCH_MS,
    placeholderData: (before) => before,
  });
}
