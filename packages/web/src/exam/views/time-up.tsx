/** Says that the time is over, and whether everything has arrived. */
import { useTranslation } from "../../texts/use-translation.ts";
import type { SessionSnapshot } from "../session/session-snapshot.ts";
import { ExamCard } from "./exam-card.tsx";

export function TimeUp({ title, state }: { readonly title: string; readonly state: SessionSnapshot }) {
  const { t } = useTranslation();
  return (
    <ExamCard title={title}>
      <h2>{t("exam.timeUp")}</h2>
      {state.late > 0 ? <p className="exam-warning">{t("exam.tooLate", { count: state.late })}</p> : null}
      {(state.unsaved === 0 && state.unsentFiles === 0) || state.isOver ? (
        <p role="status">{t(state.isOver && state.late > 0 ? "exam.timeUpOver" : "exam.timeUpSaved")}</p>
      ) : (
        <p role="alert" className="exam-warning">
          {state.unsaved > 0
            ? t("exam.timeUpUnsaved", { count: state.unsaved })
            : t("exam.timeUpFiles", { count: state.unsentFiles })}
        </p>
      )}
    </ExamCard>
  );
}
