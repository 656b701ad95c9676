/** Shows the criteria of a rubric, to be ticked where an answer meets them. */
import type { Criterion } from "@lectern/exam";
import { Checkbox, Fieldset } from "@mantine/core";
import { useTranslation } from "../../../texts/use-translation.ts";

/** Those that have a key. */
const KEYS = 9;

type CriteriaBoxesProps = {
  readonly criteria: readonly Criterion[];
  readonly met: readonly string[];
  readonly onToggle: (id: string) => void;
};

export function CriteriaBoxes({ criteria, met, onToggle }: CriteriaBoxesProps) {
  const { t } = useTranslation();
  if (criteria.length === 0) return null;
  return (
    <Fieldset legend={t("exams.criteria")} className="mark-criteria">
      {criteria.map((one, at) => (
        <Checkbox
          key={one.id}
          checked={met.includes(one.id)}
          label={
            <>
              {at < KEYS ? <kbd>⇧{at + 1}</kbd> : null} <span dir="auto">{one.text}</span>{" "}
              <span className="text-muted">{t("exams.pointCount", { count: one.points })}</span>
            </>
          }
          onChange={() => onToggle(one.id)}
        />
      ))}
    </Fieldset>
  );
}
