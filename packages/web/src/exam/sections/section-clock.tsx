/** Shows the time of a section that has its own: a card to begin it, what is left, and that it is over. When it ends before the candidate's eyes, the next section is shown. */
import { Button } from "@lectern/ui";
import { useEffect, useRef } from "react";
import { addTranslations } from "../../i18n.ts";
import { useSecondsUntil } from "../../schedule/use-now.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { clockText } from "../attempt/clock-text.ts";
import type { NumberedQuestion } from "../paper/numbered.ts";
import { RichText } from "../paper/rich-text.tsx";
import { SECTION_MESSAGES } from "./messages.ts";
import type { SectionTimes } from "./section-times.ts";
import { announcedMinutes, isUrgent } from "./time-left.ts";
import "./sections.css";

addTranslations(SECTION_MESSAGES);

type SectionClockProps = {
  readonly times: SectionTimes;
  readonly questions: readonly NumberedQuestion[];
  /** The question that is shown. */
  readonly at: number;
  /** Since when a supervisor has stopped the clock; null: it runs. */
  readonly pausedAt: number | null;
  /** Of the server, milliseconds since 1970. */
  readonly now: () => number;
  readonly onBegin: () => void;
  readonly onGo: (at: number) => void;
};

export function SectionClock({ times, questions, at, pausedAt, now, onBegin, onGo }: SectionClockProps) {
  const { t } = useTranslation();
  const section = questions[at]?.section;
  const time = section ? times.timeOf(section) : null;
  const running = useSecondsUntil(time?.endsAt ?? null, pausedAt === null);
  const isOver = running === 0 && pausedAt === null;
  const next = questions.findIndex(({ question, section: other }, place) => {
    const isOpen = times.takesAnswers(question.id, now()) || times.timeOf(other)?.endsAt === null;
    return place > at && other.id !== section?.id && isOpen;
  });
  useLeadingOn(section?.id ?? "", isOver, () => {
    if (next >= 0) onGo(next);
  });
  if (!section || !time) return null;
  if (running === null)
    return (
      <div className="section-gate">
        <h2 dir="auto">{section.title}</h2>
        {section.instruction ? (
          <p>
            <RichText text={section.instruction} />
          </p>
        ) : null}
        <p>
          <strong>{t("timedSection.time", { count: Math.ceil(time.seconds / 60) })}</strong>,{" "}
          {t("timedSection.questions", { count: section.questions.length })}
        </p>
        <p className="text-muted">{t("timedSection.lead")}</p>
        <Button kind="primary" disabled={pausedAt !== null} onClick={onBegin}>
          {t("timedSection.begin")}
        </Button>
      </div>
    );
  if (isOver)
    return (
      <div className="section-clock">
        <p role="status">{t("timedSection.over")}</p>
        {next < 0 ? null : <Button onClick={() => onGo(next)}>{t("timedSection.goOn")}</Button>}
      </div>
    );
  const seconds = pausedAt === null ? running : Math.max(0, Math.ceil(((time.endsAt ?? pausedAt) - pausedAt) / 1000));
  const minutes = announcedMinutes(seconds);
  return (
    <div className="section-clock">
      <span className="text-muted">{t("timedSection.timeLeft")}</span>
      <span role="timer" className={isUrgent(seconds) && pausedAt === null ? "time-left urgent" : "time-left"}>
        {clockText(seconds)}
      </span>
      <span className="unseen" aria-live="polite">
        {minutes === null ? "" : t("timedSection.minutesLeft", { count: minutes })}
      </span>
    </div>
  );
}

/** Who reads a section again whose time was over before stays there. */
function useLeadingOn(section: string, isOver: boolean, leadOn: () => void): void {
  const before = useRef({ section, isOver });
  const latest = useRef(leadOn);
  latest.current = leadOn;
  useEffect(() => {
    const ended = isOver && !before.current.isOver && before.current.section === section;
    before.current = { section, isOver };
    if (ended) latest.current();
  }, [section, isOver]);
}
