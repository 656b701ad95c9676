/** The timetable: one week in the school's time zone. Lessons are moved by dragging or by the arrow keys, with undo. */
import { Alert, Button, Group, Stack, Title } from "@mantine/core";
import type { DateTime } from "luxon";
import type { DragEvent } from "react";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { errorMessage } from "../../session/error-message.ts";
import { useTimeZone } from "../school/school-time.ts";
import { HOUR_PX, LessonBlock, readDrop } from "./lesson-block.tsx";
import { type Move, type PlacedLesson, useTimetable } from "./use-timetable.ts";
import { daysOf, dropTime, type Hours, hoursOf, mondayOf } from "./week.ts";

export function Timetable() {
  const { t } = useTranslation();
  const zone = useTimeZone();
  const [parameters, setParameters] = useSearchParams();
  const monday = mondayOf(parameters.get("week"), zone);
  const { placed, lastMove, move, error } = useTimetable(monday);
  const hours = hoursOf(placed.map(({ slot }) => slot));
  const showWeek = (weeks: number): void =>
    setParameters((before) => {
      const next = new URLSearchParams(before);
      next.set("week", monday.plus({ weeks }).toISODate() ?? "");
      return next;
    });
  const moveTo = ({ lesson, slot }: PlacedLesson, to: DateTime): void => {
    if (!to.equals(slot.start)) move({ lesson, from: slot.start, to });
  };
  return (
    <Stack>
      <Group justify="space-between">
        <Title order={1}>{t("nav.timetable")}</Title>
        <Group>
          <Button variant="default" onClick={() => showWeek(-1)}>
            {t("previousWeek")}
          </Button>
          <Button variant="default" onClick={() => showWeek(1)}>
            {t("nextWeek")}
          </Button>
        </Group>
      </Group>
      {lastMove ? <MoveNotice move={lastMove} onUndo={move} /> : null}
      {error ? <Alert color="red">{t("failed", { message: errorMessage(error, t("offline")) })}</Alert> : null}
      <p className="text-muted">{t("weekHint", { zone })}</p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: keyboard users must be able to scroll it */}
      <section className="week" tabIndex={0} aria-label={t("nav.timetable")}>
        {daysOf(monday).map((day) => (
          <Day key={day.toISODate()} day={day} hours={hours} placed={placed} onMove={moveTo} />
        ))}
      </section>
    </Stack>
  );
}

/** Undo is a move back. */
function MoveNotice({ move: { lesson, from, to }, onUndo }: { move: Move; onUndo: (move: Move) => void }) {
  const { t, i18n } = useTranslation();
  const when = to.setLocale(i18n.language).toLocaleString({ weekday: "long", hour: "numeric", minute: "2-digit" });
  return (
    <Alert role="status">
      <Group>
        {t("moved", { title: lesson.title, when })}
        <Button variant="default" onClick={() => onUndo({ lesson, from: to, to: from })}>
          {t("undo")}
        </Button>
      </Group>
    </Alert>
  );
}

type DayProps = {
  readonly day: DateTime;
  readonly hours: Hours;
  /** Of the whole week: a lesson may come from another day. */
  readonly placed: readonly PlacedLesson[];
  readonly onMove: (lesson: PlacedLesson, to: DateTime) => void;
};

function Day({ day, hours, placed, onMove }: DayProps) {
  const { i18n } = useTranslation();
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    const { lessonId, offsetHours } = readDrop(event);
    const dropped = placed.find(({ lesson }) => lesson.id === lessonId);
    if (dropped) onMove(dropped, dropTime(day, hours, offsetHours));
  };
  const name = day.setLocale(i18n.language).toLocaleString({ weekday: "short", day: "numeric", month: "short" });
  return (
    <div className="week-day">
      <h2 className="week-name">{name}</h2>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a drop target; lessons also move by the arrow keys */}
      <div
        className="week-hours"
        style={{ height: (hours.last - hours.first) * HOUR_PX }}
        onDragOver={(event) => event.preventDefault()}
        onDrop={drop}
      >
        {placed
          .filter(({ slot }) => slot.start.hasSame(day, "day"))
          .map((one) => (
            <LessonBlock key={one.lesson.id} {...one} hours={hours} onMove={(to) => onMove(one, to)} />
          ))}
      </div>
    </div>
  );
}
