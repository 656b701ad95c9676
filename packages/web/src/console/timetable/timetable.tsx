/** The timetable: a week at a glance, by the school's clock. A lesson is moved by dragging it, or by the arrow keys; and back again. */
import type { Lesson } from "@lectern/client";
import { Alert, Button, Group, Stack, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { DateTime } from "luxon";
import { type DragEvent, type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { toIsoUtc, useTimeZone } from "../school/school-time.ts";

/** A lesson is moved by this much. */
const STEP_MINUTES = 15;
/** The hours that are always shown; earlier and later lessons make more of them visible. */
const FIRST_HOUR = 7;
const LAST_HOUR = 22;
const HOUR_PX = 44;
/** What has no end is drawn as long as this. */
const USUAL_MINUTES = 45;

type Move = { readonly lesson: Lesson; readonly to: DateTime };
type Hours = { readonly first: number; readonly last: number };

export function Timetable() {
  const { t, i18n } = useTranslation();
  const place = useSchoolScope();
  const zone = useTimeZone();
  const client = useQueryClient();
  const [parameters, setParameters] = useSearchParams();
  const [done, setDone] = useState<{ readonly lesson: Lesson; readonly from: DateTime } | null>(null);
  const monday = mondayOf(parameters.get("week"), zone);
  const days = Array.from({ length: 7 }, (_, i) => monday.plus({ days: i }));
  const lessons = useQuery({
    queryKey: ["lessons", "week", place.school?.id, monday.toISO()],
    queryFn: () => {
      const [from, to] = [toIsoUtc(monday), toIsoUtc(monday.plus({ days: 7 }))];
      return unwrap(api().GET("/api/v1/lessons", { params: { query: { ...schoolQuery(place), from, to, limit: 1000 } } }));
    },
  });
  const begins = (lesson: Lesson) => DateTime.fromISO(lesson.startsAt ?? "", { zone });
  const planned = (lessons.data?.items ?? []).filter(({ startsAt }) => startsAt !== null);
  const hours = hoursOf(planned.map((lesson) => ({ begins: begins(lesson), ends: endOf(lesson, begins(lesson)) })));
  const move = useMutation({
    mutationFn: ({ lesson, to }: Move) => {
      const shift = to.diff(begins(lesson));
      const body = {
        startsAt: toIsoUtc(to),
        endsAt: lesson.endsAt ? toIsoUtc(DateTime.fromISO(lesson.endsAt).plus(shift)) : null,
      };
      return unwrap(api().PATCH("/api/v1/lessons/{lessonId}", { params: { path: { lessonId: lesson.id } }, body }));
    },
    onSuccess: (lesson, { lesson: before }) => {
      setDone({ lesson, from: begins(before) });
      return client.invalidateQueries({ queryKey: ["lessons"] });
    },
  });
  const turn = (weeks: number): void =>
    setParameters((before) => {
      const next = new URLSearchParams(before);
      next.set("week", monday.plus({ weeks }).toISODate() ?? "");
      return next;
    });
  const drop = (event: DragEvent, day: DateTime): void => {
    event.preventDefault();
    const [id, grabbed] = event.dataTransfer.getData("text/plain").split(" ");
    const lesson = planned.find((one) => one.id === id);
    if (!lesson) return;
    const top = event.clientY - event.currentTarget.getBoundingClientRect().top - Number(grabbed);
    const minutes = Math.round(((top / HOUR_PX) * 60) / STEP_MINUTES) * STEP_MINUTES;
    // By the clock on the wall, on days of 23 hours too.
    const to = day.set({ hour: hours.first + Math.floor(minutes / 60), minute: ((minutes % 60) + 60) % 60 });
    if (!to.equals(begins(lesson))) move.mutate({ lesson, to });
  };
  const local = (at: DateTime) => at.setLocale(i18n.language);
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1}>{t("nav.timetable")}</Title>
        <Group>
          <Button variant="default" onClick={() => turn(-1)}>
            {t("weekBefore")}
          </Button>
          <Button variant="default" onClick={() => turn(1)}>
            {t("weekAfter")}
          </Button>
        </Group>
      </Group>
      {done ? (
        <Alert role="status">
          <Group>
            {t("moved", {
              title: done.lesson.title,
              when: local(begins(done.lesson)).toLocaleString({ weekday: "long", hour: "numeric", minute: "2-digit" }),
            })}
            <Button variant="default" onClick={() => move.mutate({ lesson: done.lesson, to: done.from })}>
              {t("undo")}
            </Button>
          </Group>
        </Alert>
      ) : null}
      {move.error ? <Alert color="red">{t("refused", { words: errorMessage(move.error, t("offline")) })}</Alert> : null}
      <p className="text-muted">{t("weekHint", { zone })}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no mouse must be able to scroll it */}
      <section className="week" tabIndex={0} aria-label={t("nav.timetable")}>
        {days.map((day) => (
          <div key={day.toISODate()} className="week-day">
            <h2 className="week-name">{local(day).toLocaleString({ weekday: "short", day: "numeric", month: "short" })}</h2>
            {/* biome-ignore lint/a11y/noStaticElementInteractions: lessons are dropped on it; they also move by arrow keys */}
            <div
              className="week-hours"
              style={{ height: (hours.last - hours.first) * HOUR_PX }}
              onDragOver={(event) => event.preventDefault()}
              onDrop={(event) => drop(event, day)}
            >
              {planned
                .filter((lesson) => begins(lesson).hasSame(day, "day"))
                .map((lesson) => (
                  <Block
                    key={lesson.id}
                    lesson={lesson}
                    begins={local(begins(lesson))}
                    hours={hours}
                    onMove={(to) => move.mutate({ lesson, to })}
                  />
                ))}
            </div>
          </div>
        ))}
      </section>
    </Stack>
  );
}

function Block({
  lesson,
  begins,
  hours,
  onMove,
}: {
  lesson: Lesson;
  begins: DateTime;
  hours: Hours;
  onMove: (to: DateTime) => void;
}) {
  const minutes = begins.hour * 60 + begins.minute;
  const top = ((minutes - hours.first * 60) / 60) * HOUR_PX;
  const height = Math.max(HOUR_PX, (endOf(lesson, begins).diff(begins).as("minutes") / 60) * HOUR_PX);
  const steps: Readonly<Record<string, { minutes: number } | { days: number }>> = {
    ArrowUp: { minutes: -STEP_MINUTES },
    ArrowDown: { minutes: STEP_MINUTES },
    ArrowLeft: { days: -1 },
    ArrowRight: { days: 1 },
  };
  const key = (event: KeyboardEvent): void => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    onMove(begins.plus(step));
  };
  return (
    <a
      className={`week-lesson ${lesson.state}`}
      href={`/studio/${lesson.id}`}
      style={{ top, height }}
      draggable
      onDragStart={(event) => {
        const grabbed = event.clientY - event.currentTarget.getBoundingClientRect().top;
        event.dataTransfer.setData("text/plain", `${lesson.id} ${grabbed}`);
      }}
      onKeyDown={key}
    >
      <span>{begins.toLocaleString(DateTime.TIME_SIMPLE)}</span> {lesson.title}
    </a>
  );
}

function endOf(lesson: Lesson, begins: DateTime): DateTime {
  return lesson.endsAt ? DateTime.fromISO(lesson.endsAt, { zone: begins.zone }) : begins.plus({ minutes: USUAL_MINUTES });
}

/** What of the day is shown. A lesson over midnight is shown until midnight. */
function hoursOf(lessons: readonly { readonly begins: DateTime; readonly ends: DateTime }[]): Hours {
  const last = lessons.map(({ begins, ends }) => (ends.hasSame(begins, "day") ? ends.hour + Math.sign(ends.minute) : 24));
  return { first: Math.min(FIRST_HOUR, ...lessons.map(({ begins }) => begins.hour)), last: Math.max(LAST_HOUR, ...last) };
}

/** The Monday of the week that a day is in; of this one where none is said. */
function mondayOf(text: string | null, zone: string): DateTime {
  const day = DateTime.fromISO(text ?? "", { zone });
  return (day.isValid ? day : DateTime.now().setZone(zone)).startOf("week");
}
