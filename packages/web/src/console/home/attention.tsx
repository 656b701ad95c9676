/** What somebody should look at: alarms, poor uplinks, lessons that have not begun or that nobody teaches, webhooks that nobody answers. */
import type { Lesson } from "@lectern/client";
import { Alert } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatTime } from "../school/school-time.ts";

type Live = { readonly name: string; readonly uplink: { readonly health: string } };

/** A teacher may be late by so much before anybody is troubled. */
const LATE_MS = 5 * 60_000;
/** A lesson without a teacher is named so long before it begins. */
const SOON_MS = 86_400_000;

export function Attention({
  live,
  lessonOf,
  planned,
}: {
  live: readonly Live[];
  lessonOf: (stream: string) => Lesson | undefined;
  /** Lessons that have not begun. */
  planned: readonly Lesson[];
}) {
  const { t } = useTranslation();
  const time = useFormatTime();
  const scope = schoolQuery(useSchoolScope());
  const webhooks = useQuery({
    queryKey: ["webhooks", "attention", scope],
    queryFn: () => unwrap(api().GET("/api/v1/webhooks", { params: { query: { ...scope, limit: 1000 } } })),
    refetchInterval: 30_000,
  });
  const alarms = useQuery({
    queryKey: ["alarms", "attention", scope],
    queryFn: () => unwrap(api().GET("/api/v1/alarms", { params: { query: { ...scope, open: "true", limit: 100 } } })),
    refetchInterval: 5000,
  });
  const now = Date.now();
  const starts = ({ startsAt }: Lesson) => Date.parse(startsAt ?? "");
  const late = planned.filter((lesson) => starts(lesson) < now - LATE_MS);
  const untaught = planned.filter((lesson) => lesson.teacherId === null && starts(lesson) > now && starts(lesson) < now + SOON_MS);
  const dead = (webhooks.data?.items ?? []).filter(({ deadLetters }) => deadLetters > 0);
  const poor = live.filter(({ uplink }) => uplink.health === "poor");
  const open = alarms.data?.items ?? [];
  if (open.length + late.length + untaught.length + dead.length + poor.length === 0) return null;
  return (
    <Alert color="red" role="status" title={t("attention")}>
      <ul className="attention">
        {open.map(({ id, code, subject, detail }) => (
          <li key={id} title={detail}>
            <Link href="/alarms?open=true">
              {t(`alarmWords.${code}`, { subject: lessonOf(subject.split("/")[1] ?? "")?.title ?? subject })}
            </Link>
          </li>
        ))}
        {poor.map(({ name }) => {
          const lesson = lessonOf(name);
          const words = t("poorUplink", { title: lesson?.title ?? name });
          return <li key={name}>{lesson ? <a href={`/studio/${lesson.id}`}>{words}</a> : words}</li>;
        })}
        {late.map(({ id, title, startsAt }) => (
          <li key={id}>
            <a href={`/studio/${id}`}>{t("late", { title, when: time(startsAt) })}</a>
          </li>
        ))}
        {untaught.map(({ id, title, startsAt }) => (
          <li key={id}>
            <Link href={`/lessons?search=${encodeURIComponent(title)}`}>{t("untaught", { title, when: time(startsAt) })}</Link>
          </li>
        ))}
        {dead.map(({ id, url, deadLetters }) => (
          <li key={id}>
            <Link href={`/webhooks/${id}`}>{t("deadWebhook", { url, count: deadLetters })}</Link>
          </li>
        ))}
      </ul>
    </Alert>
  );
}
