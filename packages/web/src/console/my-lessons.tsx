/** The console for people who are not administrators: their lessons of the next two weeks, and for staff the latest that have ended. */
import { useQuery } from "@tanstack/react-query";
import { DateTime } from "luxon";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { formatDateTime } from "../language.ts";
import { api, unwrap } from "../session/api.ts";
import { ReportNumberForm } from "./experience/report-number-form.tsx";
import { byStart } from "./home/attention-items.ts";
import { toIsoUtc } from "./school/zoned-time.ts";

const SHOWN_DAYS = 14;
const PAST_LESSONS = 20;
const REFETCH_MS = 10_000;

/** @param isStaff of lessons: a teacher or an assistant */
export function MyLessons({ isStaff }: { readonly isStaff: boolean }) {
  const { t, i18n } = useTranslation();
  const today = DateTime.now().startOf("day");
  const lessons = useLessons({ from: toIsoUtc(today), to: toIsoUtc(today.plus({ days: SHOWN_DAYS })), limit: 200 });
  const items = byStart(lessons.data?.items ?? []);
  return (
    <>
      <h1>{t("myLessons")}</h1>
      {lessons.isSuccess && items.length === 0 ? <p>{t("noLessons", { days: SHOWN_DAYS })}</p> : null}
      <ul className="my-lessons">
        {items.map(({ id, title, startsAt, startedAt, state, stream, code }) => (
          <li key={id}>
            <span className="text-muted">{startsAt ? formatDateTime(startsAt, i18n.language) : ""}</span>
            {/* Only a person who teaches the lesson gets its stream key. */}
            <a href={stream ? `/studio/${id}` : `/class/${code ?? id}`}>{title}</a>
            {isStaff && startedAt ? (
              <Link href={`/lessons/${id}/experience`} aria-label={t("experience.openOf", { title })}>
                {t("experience.open")}
              </Link>
            ) : null}
            <span className={state === "live" ? "live" : "text-muted"}>{t(`states.${state}`)}</span>
            {isStaff && state !== "scheduled" ? <AnalyticsLink id={id} title={title} /> : null}
          </li>
        ))}
      </ul>
      {isStaff ? <PastLessons /> : null}
      {isStaff ? <ReportNumberForm /> : null}
    </>
  );
}

function PastLessons() {
  const { t, i18n } = useTranslation();
  const lessons = useLessons({ state: "ended", sort: "-createdAt", limit: PAST_LESSONS });
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
    </>
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
  readonly state?: "ended";
  readonly sort?: "-createdAt";
  readonly limit: number;
};

function useLessons(query: LessonQuery) {
  return useQuery({
    queryKey: ["lessons", "mine", query],
    queryFn: () => unwrap(api().GET("/api/v1/lessons", { params: { query } })),
    refetchInterval: REFETCH_MS,
  });
}
