/**
 * Shows the timetable in the school's time zone: a week, on a phone the list of a month. Lessons are added and opened by a press, and moved by
 * dragging or by the arrow keys, with undo.
 */

import type { Lesson } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { Button, useMediaQuery } from "@lectern/ui";
import { ADD_ICON, LEFT_ICON, RIGHT_ICON } from "@lectern/ui/icons";
import { useState } from "react";
import { useSearchParams } from "wouter";
import { DateTime } from "../../schedule/dates.ts";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { LessonDrawer } from "../lessons/lesson-drawer.tsx";
import { useLessonForm } from "../lessons/use-lesson-form.tsx";
import { AddDrawer } from "../list/list-drawers.tsx";
import { useChangeToast } from "../list/use-change-toast.ts";
import { useTimeZone } from "../school/school-time.ts";
import { zoneName } from "../school/zone-name.ts";
import { Conflicts } from "./conflicts.tsx";
import { MonthList } from "./month-list.tsx";
import { type Move, type MovedLessons, type PlacedLesson, useTimetable } from "./use-timetable.ts";
import { mondayOf, monthOf } from "./week.ts";
import { WeekGrid } from "./week-grid.tsx";
import "./timetable.css";

/** As in timetable.css. */
const PHONE = "(max-width: 700px)";
const LESSON_MINUTES = 45;
const LIST_KEY = ["lessons"];

export function Timetable() {
  const { t, i18n } = useTranslation();
  const zone = useTimeZone();
  const isPhone = useMediaQuery(PHONE);
  const [parameters, setParameters] = useSearchParams();
  const week = parameters.get("week");
  const [monday, month] = [mondayOf(week, zone), monthOf(week, zone)];
  const [from, until] = isPhone ? [month, month.plus({ months: 1 })] : [monday, monday.plus({ weeks: 1 })];
  const { placed, move, error } = useMovable(from, until);
  const [open, setOpen] = useState<DateTime | Lesson | null>(null);
  const show = (day: DateTime | null): void =>
    setParameters((before) => {
      const next = new URLSearchParams(before);
      next.delete("week");
      if (day) next.set("week", day.toISODate() ?? "");
      return next;
    });
  const turn = (by: number): void => show(isPhone ? month.plus({ months: by, days: 3 }) : monday.plus({ weeks: by }));
  const moveTo = ({ lesson, slot }: PlacedLesson, to: DateTime): void => {
    if (!to.equals(slot.start)) move({ lesson, from: slot.start, to });
  };
  const nextHour = () => DateTime.now().setZone(zone).plus({ hours: 1 }).startOf("hour");
  return (
    <div className="list-page">
      <div className="page-head">
        <h1>{t("nav.timetable")}</h1>
        <div className="row">
          <Button kind="primary" icon={ADD_ICON} onClick={() => setOpen(nextHour())}>
            {t("add")}
          </Button>
        </div>
      </div>
      <div className="timetable-head">
        <Button icon={LEFT_ICON} aria-label={t(isPhone ? "timetable.previousMonth" : "previousWeek")} onClick={() => turn(-1)} />
        <Button onClick={() => show(null)}>{t("timetable.today")}</Button>
        <Button icon={RIGHT_ICON} aria-label={t(isPhone ? "timetable.nextMonth" : "nextWeek")} onClick={() => turn(1)} />
        <strong>{isPhone ? monthName(month, i18n.language) : weekName(monday, i18n.language)}</strong>
      </div>
      {error ? (
        <p className="error-box" role="alert">
          {t("failed", { message: errorMessage(error, t("offline")) })}
        </p>
      ) : null}
      <Conflicts placed={placed} />
      {isPhone ? (
        <MonthList placed={placed} onOpen={({ lesson }) => setOpen(lesson)} />
      ) : (
        <WeekGrid monday={monday} placed={placed} onMove={moveTo} onOpen={({ lesson }) => setOpen(lesson)} onCreate={setOpen} />
      )}
      <p className="text-muted">{t(isPhone ? "timetable.monthHint" : "weekHint", { zone: zoneName(zone, i18n.language) })}</p>
      {open ? <OpenDrawer open={open} onClose={() => setOpen(null)} /> : null}
    </div>
  );
}

function weekName(monday: DateTime, language: string): string {
  const [from, to] = [monday, monday.plus({ days: 6 })].map((day) => new Date(day.year, day.month - 1, day.day));
  return new Intl.DateTimeFormat(language, { dateStyle: "medium" }).formatRange(from ?? serverClock.now(), to ?? serverClock.now());
}

function monthName(month: DateTime, language: string): string {
  return month.setLocale(language).toLocaleString({ month: "long", year: "numeric" });
}

/** The lessons, and moving one. Undo is a move back; a lesson of a series can take the others with it. */
function useMovable(from: DateTime, until: DateTime) {
  const { t, i18n } = useTranslation();
  const tell = useChangeToast();
  const timetable = useTimetable(from, until, {
    onMoved: (moved: Move) => {
      const { lesson } = moved;
      const when = moved.to.setLocale(i18n.language).toLocaleString({ weekday: "long", hour: "numeric", minute: "2-digit" });
      const back = { lesson, from: moved.to, to: moved.from };
      const others = (scope: MovedLessons) => () => timetable.moveSeries({ moved, scope });
      const more = lesson.isEdited
        ? [
            { label: t("series.alsoFollowing"), run: others("following") },
            { label: t("series.alsoAll"), run: others("all") },
          ]
        : [];
      tell(t("moved", { title: lesson.title, when }), async () => timetable.move(back), more);
    },
    onSeriesMoved: ({ lesson: { title } }) => tell(t("series.movedSeries", { title })),
  });
  return timetable;
}

/** @param open a lesson, or when a new one starts */
function OpenDrawer({ open, onClose }: { readonly open: DateTime | Lesson; readonly onClose: () => void }) {
  const { t } = useTranslation();
  const { adding } = useLessonForm();
  if (open instanceof DateTime) {
    const input = (time: DateTime) => time.toFormat("yyyy-MM-dd'T'HH:mm");
    const times = { startsAt: input(open), endsAt: input(open.plus({ minutes: LESSON_MINUTES })) };
    return (
      <AddDrawer title={t("timetable.addLesson")} add={adding(times)} queryKey={LIST_KEY} onMessage={() => {}} onClose={onClose} />
    );
  }
  const studio = (
    <a className="button" href={`/studio/${open.id}`}>
      {t("firstRun.openStudio")}
    </a>
  );
  return <LessonDrawer key={open.id} lesson={open} links={studio} onClose={onClose} />;
}
