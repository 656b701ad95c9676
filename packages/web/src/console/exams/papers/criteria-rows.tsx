/** Edits the criteria of a rubric: what gives points, each by itself. */
import { type Criterion, LIMITS } from "@lectern/exam";
import { Button, CloseButton, Fieldset, TextInput } from "@mantine/core";
import { useTranslation } from "../../../texts/use-translation.ts";
import { newOption } from "./paper-draft.ts";

type CriteriaRowsProps = {
  readonly criteria: readonly Criterion[];
  /** Of the question. */
  readonly of: number;
  readonly onChange: (criteria: readonly Criterion[]) => void;
};

export function CriteriaRows({ criteria, of, onChange }: CriteriaRowsProps) {
  const { t } = useTranslation();
  const set = (changed: Criterion) => onChange(criteria.map((one) => (one.id === changed.id ? changed : one)));
  const sum = criteria.reduce((total, { points }) => total + points, 0);
  return (
    <Fieldset legend={t("exams.criteria")} className="question-options">
      <p className="text-muted">{t("exams.criteriaHint")}</p>
      {criteria.map((criterion, at) => (
        <div key={criterion.id} className="paper-criterion">
          <TextInput
            aria-label={t("exams.criterion", { number: at + 1 })}
            maxLength={LIMITS.criterionLetters}
            autoComplete="off"
            dir="auto"
            value={criterion.text}
            onChange={(event) => set({ ...criterion, text: event.target.value })}
          />
          <TextInput
            type="number"
            aria-label={t("exams.criterionPoints", { number: at + 1 })}
            min={0.5}
            max={of}
            step={0.5}
            value={criterion.points}
            onChange={(event) => set({ ...criterion, points: Number(event.target.value) })}
          />
          <CloseButton
            size={44}
            iconSize={18}
            aria-label={t("exams.removeCriterion", { number: at + 1 })}
            onClick={() => onChange(criteria.filter(({ id }) => id !== criterion.id))}
          />
        </div>
      ))}
      {criteria.length > 0 ? <p className="text-muted">{t("exams.criteriaSum", { sum, of })}</p> : null}
      <Button
        variant="default"
        disabled={criteria.length >= LIMITS.criteria}
        onClick={() =>
          onChange([...criteria, { id: newOption(criteria, "c").id, text: "", points: sum < of ? Math.min(1, of - sum) : 0.5 }])
        }
      >
        {t("exams.addCriterion")}
      </Button>
    </Fieldset>
  );
}
