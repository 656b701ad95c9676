/** Says in one sentence that all is well, or lists what needs attention: alarms, poor uplinks, late lessons, lessons without a teacher, failed webhook deliveries. */

import type { Alarm, Lesson } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { Icon } from "@lectern/ui";
import { CHECK_ICON, WARNING_ICON } from "@lectern/ui/icons";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { groupAlarms, isUrgent, urgentFirst } from "../alarms/alarm-groups.ts";
import { alarmName } from "../alarms/alarm-name.ts";
import { SeverityBadge } from "../alarms/severity-badge.tsx";
import { subjectName } from "../alarms/subject-name.tsx";
import { platformQuery, schoolPath, schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";
import { lateLessons, lessonsWithoutTeacher } from "./attention-items.ts";

type LiveStream = {
  readonly name: string;
  readonly uplink: { readonly health: string };
  readonly viewers: { readonly total: number };
};
type LessonOfStream = (streamName: string) => Lesson | undefined;

type AttentionProps = {
  readonly streams: readonly LiveStream[];
  readonly lessonOf: LessonOfStream;
  /** Lessons that have not started. */
  readonly planned: readonly Lesson[];
  /** Whether all of this is known. */
  readonly isKnown: boolean;
};

export function Attention({ streams, lessonOf, planned, isKnown }: AttentionProps) {
  const { t } = useTranslation();
  const alarms = useAlarmItems(lessonOf);
  const items = [...(alarms ?? []), ...useUplinkItems(streams, lessonOf), ...useLessonItems(planned), ...useWebhookItems()];
  if (items.length === 0) return isKnown && alarms ? <AllWell streams={streams} /> : null;
  return (
    <div className="attention-box" role="status">
      <h2>
        <Icon drawing={WARNING_ICON} />
        {t("attention")}
      </h2>
      <ul className="attention">{items}</ul>
    </div>
  );
}

function AllWell({ streams }: Pick<AttentionProps, "streams">) {
  const { t } = useTranslation();
  const lessons = t("liveLessons", { count: streams.length });
  const watching = t("viewers", { count: streams.reduce((sum, { viewers }) => sum + viewers.total, 0) });
  return (
    <p className="all-well" role="status">
      <Icon drawing={CHECK_ICON} />
      {streams.length === 0 ? t("allWell.quiet") : t("allWell.live", { lessons, watching })}
    </p>
  );
}

/** Null while they are not known. Open alarms; a storm is one line, and critical ones that nobody takes care of come first, marked. */
function useAlarmItems(lessonOf: LessonOfStream): ReactNode[] | null {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const scope = platformQuery(place);
  const alarms = useQuery({
    queryKey: ["alarms", "attention", scope],
    queryFn: () => unwrap(api().GET("/api/v1/alarms", { params: { query: { ...scope, open: true, limit: 200 } } })),
    refetchInterval: 5000,
  });
  // The subject of an alarm about a stream is APP/NAME.
  const subjectOf = (alarm: Alarm) => lessonOf(alarm.subject.split("/")[1] ?? "")?.title ?? subjectName(alarm, place.schools, t);
  if (!alarms.data) return null;
  return urgentFirst(groupAlarms(alarms.data.items)).map((group) => {
    const { newest, alarms: all, key } = group;
    const more = { name: alarmName(newest, t), subject: subjectOf(newest) };
    const text = t([`alarmTexts.${newest.code}`, "alarmPages.homeText"], more);
    return (
      <li key={key}>
        {isUrgent(group) ? <SeverityBadge severity={newest.severity} /> : null}
        <Link href={all.length === 1 ? schoolPath(place, `/alarms/${newest.id}`) : schoolPath(place, "/alarms?open=true")}>
          {all.length === 1 ? text : t("alarmPages.homeMany", { text: more.name, count: all.length })}
        </Link>
      </li>
    );
  });
}

function useUplinkItems(streams: readonly LiveStream[], lessonOf: LessonOfStream): ReactNode[] {
  const { t } = useTranslation();
  return streams
    .filter(({ uplink }) => uplink.health === "poor")
    .map(({ name }) => {
      const lesson = lessonOf(name);
      const text = t("poorUplink", { title: lesson?.title ?? name });
      return <li key={name}>{lesson ? <a href={`/studio/${lesson.id}`}>{text}</a> : text}</li>;
    });
}

function useLessonItems(planned: readonly Lesson[]): ReactNode[] {
  const { t } = useTranslation();
  const time = useFormatTime();
  const now = serverClock.now();
  const late = lateLessons(planned, now).map(({ id, title, startsAt }) => (
    <li key={id}>
      <a href={`/studio/${id}`}>{t("late", { title, when: time(startsAt) })}</a>
    </li>
  ));
  const withoutTeacher = lessonsWithoutTeacher(planned, now).map(({ id, title, startsAt }) => (
    <li key={id}>
      <Link href={`/lessons?search=${encodeURIComponent(title)}`}>{t("noTeacher", { title, when: time(startsAt) })}</Link>
    </li>
  ));
  return [...late, ...withoutTeacher];
}

function useWebhookItems(): ReactNode[] {
  const { t } = useTranslation();
  const scope = schoolQuery(useSchoolScope());
  const webhooks = useQuery({
    queryKey: ["webhooks", "attention", scope],
    queryFn: () => unwrap(api().GET("/api/v1/webhooks", { params: { query: { ...scope, limit: 1000 } } })),
    refetchInterval: 30_000,
  });
  return (webhooks.data?.items ?? [])
    .filter(({ deadLetters, enabled, health }) => deadLetters > 0 || (enabled && health === "paused"))
    .map(({ id, url, deadLetters, failures }) => (
      <li key={id}>
        <Link href={`/webhooks/${id}`}>
          {deadLetters > 0 ? t("failedWebhook", { url, count: deadLetters }) : t("failingWebhook", { url, count: failures })}
        </Link>
      </li>
    ));
}
