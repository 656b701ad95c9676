/** Asks whether the candidate goes on here, where another device or window has the examination open. */
import { useTranslation } from "../../texts/use-translation.ts";
import { ExamCard } from "./exam-card.tsx";

type AnotherDeviceProps = {
  readonly title: string;
  readonly isMoving: boolean;
  /** Why the last try failed; empty: there was none. */
  readonly message: string;
  readonly onMove: () => void;
};

export function AnotherDevice({ title, isMoving, message, onMove }: AnotherDeviceProps) {
  const { t } = useTranslation();
  return (
    <ExamCard title={title}>
      <h2>{t("exam.elsewhere.title")}</h2>
      <p>{t("exam.elsewhere.lead")}</p>
      {message ? (
        <p role="alert" className="error">
          {message === "offline" ? t("offline") : message}
        </p>
      ) : null}
      <button type="button" className="button primary" disabled={isMoving} onClick={onMove}>
        {t(isMoving ? "exam.elsewhere.moving" : "exam.elsewhere.move")}
      </button>
    </ExamCard>
  );
}
