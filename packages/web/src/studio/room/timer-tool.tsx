/** Starts the timer of a lesson by one press, pauses, lengthens and ends it. */
import { formatDuration } from "@lectern/player/format-duration";
import { MAX_TIMER_SECONDS, timerOf } from "@lectern/room";
import { type FormEvent, useId, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { type ShownTimer, shownTimer } from "../../tools/shown-tools.ts";
import { liveClock, useRoomTime } from "../../tools/use-room-time.ts";
import { useTeacherRoom } from "./teacher-room.ts";

const MINUTES = [1, 3, 5, 10] as const;
const ADDED_SECONDS = 60;

export function TimerTool() {
  const { t } = useTranslation();
  const { room } = useTeacherRoom();
  const timer = timerOf(room.one("timer"));
  const now = useRoomTime(liveClock, () => timer !== null && timer.since !== null);
  const shown = timer === null || now === null ? null : shownTimer(timer, now);
  return (
    <section aria-label={t("room.tools.timer")}>
      <h3>{t("room.tools.timer")}</h3>
      {shown === null ? <TimerStarts /> : <TimerState timer={shown} />}
    </section>
  );
}

function TimerStarts() {
  const { t } = useTranslation();
  const { act } = useTeacherRoom();
  const start = (minutes?: number) =>
    void act("timer", { action: "start", ...(minutes === undefined ? {} : { seconds: minutes * 60 }) });
  return (
    <>
      <div className="chips">
        {MINUTES.map((minutes) => (
          <button key={minutes} type="button" className="button small" onClick={() => start(minutes)}>
            {t("room.tools.shortMinutes", { minutes })}
          </button>
        ))}
        <button type="button" className="button small" onClick={() => start()}>
          {t("room.tools.stopwatch")}
        </button>
      </div>
      <OwnMinutes onStart={start} />
    </>
  );
}

function OwnMinutes({ onStart }: { readonly onStart: (minutes: number) => void }) {
  const { t } = useTranslation();
  const id = useId();
  const [minutes, setMinutes] = useState("15");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    onStart(Number(minutes));
  };
  return (
    <form className="row start own-minutes" onSubmit={submit}>
      <label htmlFor={id}>{t("room.tools.minutes")}</label>
      <input
        id={id}
        type="number"
        required
        min={1}
        max={MAX_TIMER_SECONDS / 60}
        step={1}
        value={minutes}
        onChange={(event) => setMinutes(event.target.value)}
      />
      <button type="submit" className="button small">
        {t("room.tools.start")}
      </button>
    </form>
  );
}

function TimerState({ timer: { seconds, isStopwatch, isPaused, isOver } }: { readonly timer: ShownTimer }) {
  const { t } = useTranslation();
  const { act } = useTeacherRoom();
  const change = (action: "pause" | "resume" | "end") => void act("timer", { action });
  return (
    <>
      <p className="timer-state">
        <span className="timer-digits" role="timer" aria-label={t(isStopwatch ? "room.tools.stopwatch" : "room.tools.timer")}>
          {formatDuration(seconds)}
        </span>
        {isOver ? t("tools.over") : isPaused ? t("tools.paused") : null}
      </p>
      <div className="chips">
        {isOver ? null : (
          <button type="button" className="button small" onClick={() => change(isPaused ? "resume" : "pause")}>
            {t(isPaused ? "room.tools.resume" : "room.tools.pause")}
          </button>
        )}
        {isStopwatch ? null : (
          <button
            type="button"
            className="button small"
            onClick={() => void act("timer", { action: "add", seconds: ADDED_SECONDS })}
          >
            {t("room.tools.addMinute")}
          </button>
        )}
        <button type="button" className="button small" onClick={() => change("end")}>
          {t("room.tools.end")}
        </button>
      </div>
    </>
  );
}
