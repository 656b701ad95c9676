/** Gives a candidate more time, stops and starts the clock, and ends the attempt, which asks once more. */
import { Button, showToast } from "@lectern/ui";
import { PAUSE_ICON, PLAY_ICON, STOP_ICON } from "@lectern/ui/icons";
import { useState } from "react";
import { errorMessage } from "../../session/error-message.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { type CandidateChange, changeCandidate } from "../wall/wall-calls.ts";
import type { WallDetail } from "../wall/wall-types.ts";

const MINUTES = [5, 10, 15, 30] as const;

type CandidateActsProps = {
  readonly examId: string;
  readonly detail: WallDetail;
  readonly onChanged: (next: WallDetail) => void;
};

export function CandidateActs({ examId, detail, onChanged }: CandidateActsProps) {
  const { t } = useTranslation();
  const [isEnding, setIsEnding] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const { attemptId, name, state } = detail;
  const change = async (body: CandidateChange, done: string): Promise<void> => {
    setIsBusy(true);
    try {
      onChanged(await changeCandidate(examId, attemptId, body));
      showToast(done);
    } catch (failure) {
      showToast(t("failed", { message: errorMessage(failure, t("offline")) }));
    } finally {
      setIsBusy(false);
      setIsEnding(false);
    }
  };
  if (state === "handed-in") return null;
  const hasStarted = state !== "waiting";
  return (
    <section className="panel-acts" aria-label={t("wall.acts")}>
      {hasStarted ? (
        <Button
          icon={state === "paused" ? PLAY_ICON : PAUSE_ICON}
          disabled={isBusy}
          onClick={() =>
            void change({ paused: state !== "paused" }, t(state === "paused" ? "wall.resumedOf" : "wall.pausedOf", { name }))
          }
        >
          {t(state === "paused" ? "wall.resume" : "wall.pause")}
        </Button>
      ) : null}
      <label className="wall-choice">
        <span className="unseen">{t("wall.moreTime")}</span>
        <select
          value=""
          disabled={isBusy}
          onChange={(event) => {
            const minutes = Number(event.target.value);
            if (minutes > 0) void change({ addSeconds: minutes * 60 }, t("wall.extendedOf", { name, minutes }));
          }}
        >
          <option value="">{t("wall.moreTime")}</option>
          {MINUTES.map((minutes) => (
            <option key={minutes} value={minutes}>
              {t("wall.addMinutes", { minutes })}
            </option>
          ))}
        </select>
      </label>
      {hasStarted && !isEnding ? (
        <Button icon={STOP_ICON} disabled={isBusy} onClick={() => setIsEnding(true)}>
          {t("wall.end")}
        </Button>
      ) : null}
      {isEnding ? (
        <fieldset className="panel-confirm" aria-label={t("wall.end")}>
          <p>{t("wall.endAsk", { name })}</p>
          <Button onClick={() => setIsEnding(false)}>{t("cancel")}</Button>
          <Button
            kind="danger"
            disabled={isBusy}
            ref={(button) => button?.focus()}
            onClick={() => void change({ end: true }, t("wall.endedOf", { name }))}
          >
            {t("wall.endNow")}
          </Button>
        </fieldset>
      ) : null}
    </section>
  );
}
