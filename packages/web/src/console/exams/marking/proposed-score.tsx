/** Shows what the school's scoring service proposes for an answer. It becomes points when the marker takes it over and saves. */
import type { ScoreProposal } from "@lectern/client";
import { Button } from "@lectern/ui";
import { useTranslation } from "../../../texts/use-translation.ts";

type ProposedScoreProps = { readonly proposal: ScoreProposal; readonly onTake: () => void };

export function ProposedScore({ proposal: { points, confidence, comment }, onTake }: ProposedScoreProps) {
  const { t } = useTranslation();
  return (
    <section className="mark-earlier" aria-labelledby="mark-proposed">
      <h3 id="mark-proposed">{t("exams.proposed")}</h3>
      <p>
        <strong>{t("exams.pointCount", { count: points })}</strong>{" "}
        {confidence === null ? null : (
          <span className="text-muted">{t("exams.confidence", { percent: Math.round(confidence * 100) })}</span>
        )}{" "}
        <span dir="auto">{comment}</span>
      </p>
      <Button onClick={onTake}>{t("exams.takeProposal")}</Button>
    </section>
  );
}
