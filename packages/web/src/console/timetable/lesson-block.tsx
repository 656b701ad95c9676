/** Shows a lesson in the timetable: pressed, it opens; it is dragged, or moved by the arrow keys. As a link, it leads to its studio. */

import type { DragEvent, KeyboardEvent, MouseEvent } from "react";
import { DateTime } from "../../schedule/dates.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { RepeatMark } from "../lessons/repeat-mark.tsx";
import { ConflictMark } from "./conflicts.tsx";
import type { PlacedLesson } from "./use-timetable.ts";
import { type Hours, keyTime, type Lane, layoutOf } from "./week.ts";

export const HOUR_PX = 44;

type LessonBlockProps = PlacedLesson & {
  readonly hours: Hours;
  readonly lane: Lane;
  /** Of the style sheet: the course's colour. */
  readonly courseClass: string;
  /** Its teacher has another lesson at the same time. */
  readonly isConflict: boolean;
  readonly onMove: (to: DateTime) => void;
  readonly onOpen: () => void;
};

export function LessonBlock(props: LessonBlockProps) {
  const { lesson, slot, hours, courseClass, isConflict, onMove, onOpen } = props;
  const { lane, lanes } = props.lane;
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
      className={`week-lesson ${courseClass} ${lesson.state}${isConflict ? " conflict" : ""}`}
      href={`/studio/${lesson.id}`}
      title={lesson.title}
      style={{
        top: top * HOUR_PX,
        height: height * HOUR_PX - 2,
        left: `calc(${(100 * lane) / lanes}% + 2px)`,
        width: `calc(${100 / lanes}% - 4px)`,
      }}
      draggable
      onClick={(event) => openHere(event, onOpen)}
      onDragStart={(event) => setDragData(event, lesson.id)}
      onKeyDown={onKey}
    >
      {isConflict ? <ConflictMark /> : null}
      <strong>{lesson.title}</strong>
      {lesson.seriesId ? <RepeatMark isEdited={lesson.isEdited} /> : null}{" "}
      <span>{slot.start.setLocale(i18n.language).toLocaleString(DateTime.TIME_SIMPLE)}</span>
    </a>
  );
}

/** With a key for another tab, it is a link as others. */
export function openHere(event: MouseEvent, open: () => void): void {
  event.stopPropagation();
  if (event.metaKey || event.ctrlKey || event.shiftKey) return;
  event.preventDefault();
  open();
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
