/** Shows a week of the timetable: the hours at the side, a column for each day, a line for now. */

import { type DragEvent, type MouseEvent, useEffect, useState } from "react";
import { DateTime } from "../../schedule/dates.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { courseClasses } from "./course-color.ts";
import { HOUR_PX, LessonBlock, readDrop } from "./lesson-block.tsx";
import { conflictsOf } from "./teacher-conflicts.ts";
import type { PlacedLesson } from "./use-timetable.ts";
import { daysOf, dropTime, type Hours, hoursOf, lanesOf, offsetOf } from "./week.ts";

const MINUTE_MS = 60_000;

type Actions = {
  readonly onMove: (lesson: PlacedLesson, to: DateTime) => void;
  readonly onOpen: (lesson: PlacedLesson) => void;
  readonly onCreate: (at: DateTime) => void;
};

type WeekGridProps = Actions & { readonly monday: DateTime; readonly placed: readonly PlacedLesson[] };

export function WeekGrid({ monday, placed, ...actions }: WeekGridProps) {
  const { t } = useTranslation();
  const now = useMinute().setZone(monday.zone);
  const hours = hoursOf(placed.map(({ slot }) => slot));
  const courseClass = courseClasses(placed.map(({ lesson }) => lesson.courseId));
  const conflicting = new Set(conflictsOf(placed).flatMap(({ first, second }) => [first.lesson.id, second.lesson.id]));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: keyboard users must be able to scroll it
    <section className="week" tabIndex={0} aria-label={t("nav.timetable")}>
      <Times hours={hours} />
      {daysOf(monday).map((day) => (
        <Day
          key={day.toISODate()}
          day={day}
          now={now}
          hours={hours}
          placed={placed}
          conflicting={conflicting}
          courseClass={courseClass}
          {...actions}
        />
      ))}
    </section>
  );
}

/** Now, once a minute. */
function useMinute(): DateTime {
  const [now, setNow] = useState(() => DateTime.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(DateTime.now()), MINUTE_MS);
    return () => clearInterval(timer);
  }, []);
  return now;
}

function Times({ hours: { first, last } }: { readonly hours: Hours }) {
  const { i18n } = useTranslation();
  const name = (hour: number) => DateTime.fromObject({ hour }).setLocale(i18n.language).toLocaleString({ hour: "numeric" });
  return (
    <div className="week-times" aria-hidden="true" style={{ height: (last - first) * HOUR_PX }}>
      {Array.from({ length: last - first - 1 }, (_, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the hours stay where they are
        <span key={i} style={{ top: (i + 1) * HOUR_PX }}>
          {name(first + i + 1)}
        </span>
      ))}
    </div>
  );
}

type DayProps = Actions & {
  readonly day: DateTime;
  readonly now: DateTime;
  readonly hours: Hours;
  /** Of the whole week: a lesson may come from another day. */
  readonly placed: readonly PlacedLesson[];
  /** Ids of lessons whose teacher has another one at the same time. */
  readonly conflicting: ReadonlySet<string>;
  /** Of a course: the class of its colour. */
  readonly courseClass: (courseId: string | null) => string;
};

function Day({ day, now, hours, placed, conflicting, courseClass, onMove, onOpen, onCreate }: DayProps) {
  const { i18n } = useTranslation();
  const isToday = day.hasSame(now, "day");
  const own = placed.filter(({ slot }) => slot.start.hasSame(day, "day"));
  const lanes = lanesOf(own.map(({ slot }) => slot));
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    const { lessonId, offsetHours } = readDrop(event);
    const dropped = placed.find(({ lesson }) => lesson.id === lessonId);
    if (dropped) onMove(dropped, dropTime(day, hours, offsetHours));
  };
  // The hour that is pressed, from its start.
  const create = (event: MouseEvent): void => {
    const offset = (event.clientY - event.currentTarget.getBoundingClientRect().top) / HOUR_PX;
    onCreate(dropTime(day, hours, Math.floor(offset)));
  };
  const nowAt = isToday ? offsetOf(now, hours) : null;
  return (
    <div className="week-day">
      <h2 className={isToday ? "week-name today" : "week-name"}>
        {day.setLocale(i18n.language).toLocaleString({ weekday: "short", day: "numeric", month: "short" })}
      </h2>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a drop target; lessons also move by the arrow keys */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: lessons are also added by a button */}
      <div
        className="week-hours"
        style={{ height: (hours.last - hours.first) * HOUR_PX }}
        onClick={create}
        onDragOver={(event) => event.preventDefault()}
        onDrop={drop}
      >
        {own.map((one, i) => (
          <LessonBlock
            key={one.lesson.id}
            {...one}
            hours={hours}
            courseClass={courseClass(one.lesson.courseId)}
            isConflict={conflicting.has(one.lesson.id)}
            lane={lanes[i] ?? { lane: 0, lanes: 1 }}
            onMove={(to) => onMove(one, to)}
            onOpen={() => onOpen(one)}
          />
        ))}
        {nowAt === null ? null : <div className="week-now" style={{ top: nowAt * HOUR_PX }} />}
      </div>
    </div>
  );
}
