/** Shows the time that is left by the server's clock, and says it aloud ten, five and one minutes before the end. */
import { useSecondsUntil } from "../../schedule/use-now.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { clockText } from "../attempt/clock-text.ts";
import { announcedMinutes, isUrgent } from "../sections/time-left.ts";

type TimeLeftProps = {
  readonly endsAt: number | null;
  /** Since when the clock stands; null: it runs. */
  readonly pausedAt: number | null;
};

export function TimeLeft({ endsAt, pausedAt }: TimeLeftProps) {
  const { t } = useTranslation();
  const running = useSecondsUntil(endsAt, pausedAt === null);
  const seconds = endsAt !== null && pausedAt !== null ? Math.max(0, Math.ceil((endsAt - pausedAt) / 1000)) : running;
  if (seconds === null) return null;
  const minutes = announcedMinutes(seconds);
  return (
    <>
      <p className={isUrgent(seconds) && pausedAt === null ? "time-left urgent" : "time-left"}>
        <span className="unseen">{t("exam.timeLeft")}</span>
        <span role="timer">{clockText(seconds)}</span>
      </p>
      <p className="unseen" aria-live="polite">
        {minutes === null ? "" : t("exam.minutesLeft", { count: minutes })}
      </p>
    </>
  );
}
