/** A lesson in the timetable: a link to its studio, which is dragged, or moved by the arrow keys. */
import { DateTime } from "luxon";
import type { DragEvent, KeyboardEvent } from "react";
import { useTranslation } from "react-i18next";
import type { PlacedLesson } from "./use-timetable.ts";
import { type Hours, keyTime, layoutOf } from "./week.ts";

export const HOUR_PX = 44;

type LessonBlockProps = PlacedLesson & {
  readonly hours: Hours;
  readonly onMove: (to: DateTime) => void;
};

export function LessonBlock({ lesson, slot, hours, onMove }: LessonBlockProps) {
  const { i18n } = useTranslation();
  const { top, height } = layoutOf(slot, hours);
  const onKey = (event: KeyboardEvent): void => {
    const to = keyTime(slot.start, event.key);
    if (!to) return;
    event.preventDefault();
    onMove(to);
  };
  return (
    <a
      className={`week-lesson ${lesson.state}`}
      href={`/studio/${lesson.id}`}
      style={{ top: top * HOUR_PX, height: height * HOUR_PX }}
      draggable
      onDragStart={(event) => setDragData(event, lesson.id)}
      onKeyDown={onKey}
    >
      <span>{slot.start.setLocale(i18n.language).toLocaleString(DateTime.TIME_SIMPLE)}</span> {lesson.title}
    </a>
  );
}

/** Carries the lesson, and where in the block it was grabbed. */
function setDragData(event: DragEvent, lessonId: string): void {
  const grabbedPx = event.clientY - event.currentTarget.getBoundingClientRect().top;
  event.dataTransfer.setData("text/plain", `${lessonId} ${grabbedPx}`);
}

/** The lesson that is dropped, and where in hours from the top of the day its start lands. */
export function readDrop(event: DragEvent): { readonly lessonId: string; readonly offsetHours: number } {
  const [lessonId = "", grabbedPx] = event.dataTransfer.getData("text/plain").split(" ");
  const topPx = event.clientY - event.currentTarget.getBoundingClientRect().top - Number(grabbedPx);
  return { lessonId, offsetHours: topPx / HOUR_PX };
}
