/** Shows the figures of lesson quality, of one lesson or of many, against their goals. */
import type { QualityReportRow } from "@lectern/client";
import { useTranslation } from "../texts/use-translation.ts";
import { isComplaintGood, isCompletionGood, LEAST_COMPLETION, MOST_COMPLAINTS, shareText } from "./quality-goals.ts";
import "./lesson-quality.css";

type Figures = Pick<
  QualityReportRow,
  "completionRate" | "complaintRate" | "stallRatio" | "viewers" | "affected" | "complainedWithoutView"
>;

export function QualityFigures({ total }: { readonly total: Figures }) {
  const { t, i18n } = useTranslation();
  const { complainedWithoutView: unseen } = total;
  const share = (value: number | null) => shareText(value, i18n.language);
  const figures = [
    {
      name: "completed",
      value: share(total.completionRate),
      isGood: isCompletionGood(total.completionRate),
      hint: t("lessonQuality.completedGoal", { value: share(LEAST_COMPLETION) }),
    },
    {
      name: "complaints",
      value: share(total.complaintRate),
      isGood: isComplaintGood(total.complaintRate),
      hint: [
        t("lessonQuality.complaintsGoal", { value: share(MOST_COMPLAINTS) }),
        ...(unseen === 0 ? [] : [t("lessonQuality.complaintsUnseen", { count: unseen })]),
      ].join(" "),
    },
    { name: "stalled", value: share(total.stallRatio), isGood: true, hint: t("lessonQuality.stalledHint") },
    { name: "viewers", value: String(total.viewers), isGood: true, hint: "" },
    { name: "affected", value: String(total.affected), isGood: true, hint: t("lessonQuality.affectedHint") },
  ];
  return (
    <dl className="quality-figures">
      {figures.map(({ name, value, isGood, hint }) => (
        <div key={name}>
          <dt>{t(`lessonQuality.${name}`)}</dt>
          <dd>
            <span className={isGood ? "figure" : "figure error"}>{value}</span>
            {hint === "" ? null : <small className="text-muted">{hint}</small>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
