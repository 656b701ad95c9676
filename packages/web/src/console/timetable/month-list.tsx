/** Shows a month of the timetable as a list, for phones: the days that have lessons. */

import { EmptyState } from "@lectern/ui";
import { CALENDAR_ICON } from "@lectern/ui/icons";
import { DateTime } from "../../schedule/dates.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { RepeatMark } from "../lessons/repeat-mark.tsx";
import { ConflictMark } from "./conflicts.tsx";
import { courseClasses } from "./course-color.ts";
import { openHere } from "./lesson-block.tsx";
import { conflictsOf } from "./teacher-conflicts.ts";
import type { PlacedLesson } from "./use-timetable.ts";
import "./month-list.css";

type MonthListProps = { readonly placed: readonly PlacedLesson[]; readonly onOpen: (lesson: PlacedLesson) => void };

export function MonthList({ placed, onOpen }: MonthListProps) {
  const { t, i18n } = useTranslation();
  if (placed.length === 0) return <EmptyState icon={CALENDAR_ICON} text={t("timetable.emptyMonth")} />;
  const sorted = placed.toSorted((a, b) => a.slot.start.toMillis() - b.slot.start.toMillis());
  const conflicting = new Set(conflictsOf(placed).flatMap(({ first, second }) => [first.lesson.id, second.lesson.id]));
  const courseClass = courseClasses(placed.map(({ lesson }) => lesson.courseId));
  const days = Map.groupBy(sorted, ({ slot }) => slot.start.toISODate() ?? "");
  const time = (at: DateTime) => at.setLocale(i18n.language).toLocaleString(DateTime.TIME_SIMPLE);
  return (
    <div className="month-list">
      {[...days].map(([date, lessons]) => (
        <section key={date}>
          <h2 className={lessons[0]?.slot.start.hasSame(DateTime.now(), "day") ? "today" : undefined}>
            {lessons[0]?.slot.start.setLocale(i18n.language).toLocaleString({ weekday: "long", day: "numeric", month: "long" })}
          </h2>
          <ul>
            {lessons.map((one) => (
              <li key={one.lesson.id}>
                <a
                  className={`month-lesson ${courseClass(one.lesson.courseId)}`}
                  href={`/studio/${one.lesson.id}`}
                  onClick={(event) => openHere(event, () => onOpen(one))}
                >
                  <span>
                    {time(one.slot.start)} – {time(one.slot.end)}
                  </span>
                  <strong>
                    {conflicting.has(one.lesson.id) ? <ConflictMark /> : null}
                    {one.lesson.title}
                    {one.lesson.seriesId ? <RepeatMark isEdited={one.lesson.isEdited} /> : null}
                  </strong>
                </a>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  );
}
