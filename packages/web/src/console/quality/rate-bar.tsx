/** Shows a rate with a bar in place, which is longer the worse it is, and has a mark at its goal. */
import { useTranslation } from "../../texts/use-translation.ts";

type RateBarProps = {
  readonly text: string;
  /** What is bad, 0 to 1: for example those who did not watch to the end. Null: nothing is known. */
  readonly badShare: number | null;
  /** Where the bar is full. */
  readonly full: number;
  /** Null: there is no goal. */
  readonly goal: number | null;
  readonly isGood: boolean;
};

export function RateBar({ text, badShare, full, goal, isGood }: RateBarProps) {
  const { t } = useTranslation();
  const percent = (share: number) => `${Math.min(100, (100 * share) / full)}%`;
  return (
    <span className={isGood ? "rate" : "rate bad"}>
      <span className="rate-text">{text}</span>
      {isGood ? null : <span className="visually-hidden">{t("quality.missed")}</span>}
      <span className="rate-bar" aria-hidden="true">
        {badShare === null ? null : <span className="rate-fill" style={{ width: percent(badShare) }} />}
        {goal === null ? null : <span className="rate-goal" style={{ left: percent(goal) }} />}
      </span>
    </span>
  );
}
