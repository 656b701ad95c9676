/** Edits what is right for a question, in the way of its kind. */
import type { AuthoredQuestion, Question, Scoring, Solution } from "@lectern/exam";
import { LIMITS } from "@lectern/exam";
import { Checkbox, Radio, Select, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "../../../texts/use-translation.ts";
import { ChoiceRows } from "./choice-rows.tsx";
import { GapRows } from "./gap-rows.tsx";
import { MatchingRows } from "./matching-rows.tsx";
import { OrderRows } from "./order-rows.tsx";

export type Answered<Kind extends Solution["kind"]> = {
  readonly question: Extract<Question, { kind: Kind }>;
  readonly solution: Extract<Solution, { kind: Kind }>;
};
export type AnswerPartProps<Kind extends Solution["kind"]> = Answered<Kind> & {
  readonly onChange: (changed: Answered<Kind>) => void;
};

type AnswerEditorProps = { readonly authored: AuthoredQuestion; readonly onChange: (authored: AuthoredQuestion) => void };

export function AnswerEditor({ authored, onChange }: AnswerEditorProps) {
  const { t } = useTranslation();
  const { question, solution } = authored;
  const set = (changed: { readonly question: Question; readonly solution: Solution }) => onChange({ ...authored, ...changed });
  const scored = (scoring: Scoring) => onChange({ ...authored, solution: { ...solution, scoring } as Solution });
  if (question.kind === "single" && solution.kind === "single")
    return (
      <ChoiceRows
        options={question.options}
        right={[solution.right]}
        isSeveral={false}
        onChange={(options, [right = ""]) => set({ question: { ...question, options }, solution: { ...solution, right } })}
      />
    );
  if (question.kind === "multiple" && solution.kind === "multiple")
    return (
      <>
        <ChoiceRows
          options={question.options}
          right={solution.right}
          isSeveral
          onChange={(options, right) => set({ question: { ...question, options }, solution: { ...solution, right } })}
        />
        <ScoringSelect kind="multiple" scoring={solution.scoring} onChange={scored} />
      </>
    );
  if (solution.kind === "boolean")
    return (
      <Radio.Group
        label={t("exams.right")}
        value={String(solution.right)}
        onChange={(value) => onChange({ ...authored, solution: { ...solution, right: value === "true" } })}
      >
        <div className="paper-radios">
          <Radio value="true" label={t("paper.true")} />
          <Radio value="false" label={t("paper.false")} />
        </div>
      </Radio.Group>
    );
  if (question.kind === "gaps" && solution.kind === "gaps")
    return (
      <>
        <GapRows question={question} solution={solution} onChange={set} />
        <ScoringSelect kind="gaps" scoring={solution.scoring} onChange={scored} />
      </>
    );
  if (question.kind === "matching" && solution.kind === "matching")
    return (
      <>
        <MatchingRows question={question} solution={solution} onChange={set} />
        <ScoringSelect kind="matching" scoring={solution.scoring} onChange={scored} />
      </>
    );
  if (question.kind === "ordering" && solution.kind === "ordering")
    return (
      <>
        <OrderRows question={question} solution={solution} onChange={set} />
        <ScoringSelect kind="ordering" scoring={solution.scoring} onChange={scored} />
      </>
    );
  if (solution.kind === "text") {
    const { accepted } = solution;
    return (
      <>
        <Textarea
          label={t("exams.accepted")}
          description={t("exams.acceptedHint")}
          autosize
          minRows={2}
          autoComplete="off"
          dir="auto"
          value={accepted.texts.join("\n")}
          onChange={(event) =>
            onChange({ ...authored, solution: { ...solution, accepted: { ...accepted, texts: lines(event.target.value) } } })
          }
        />
        <CaseBox
          isCaseSensitive={accepted.isCaseSensitive ?? false}
          onChange={(isCaseSensitive) =>
            onChange({ ...authored, solution: { ...solution, accepted: { texts: accepted.texts, isCaseSensitive } } })
          }
        />
      </>
    );
  }
  if (question.kind === "essay" && solution.kind === "essay")
    return (
      <>
        <Textarea
          label={t("exams.rubric")}
          description={t("exams.rubricHint")}
          autosize
          minRows={3}
          maxLength={LIMITS.textLetters}
          dir="auto"
          value={solution.rubric}
          onChange={(event) => onChange({ ...authored, solution: { ...solution, rubric: event.target.value } })}
        />
        <TextInput
          type="number"
          label={t("exams.maxLetters")}
          description={t("exams.maxLettersHint", { count: LIMITS.essayLetters })}
          min={1}
          max={LIMITS.essayLetters}
          value={question.maxLetters ?? ""}
          onChange={(event) => {
            const { maxLetters: _, ...rest } = question;
            const most = Math.floor(Number(event.target.value));
            onChange({ ...authored, question: most > 0 ? { ...rest, maxLetters: most } : rest });
          }}
        />
      </>
    );
  return <p className="text-muted">{t("exams.cannotEdit")}</p>;
}

/** One in a line; empty lines at the end stay while somebody types. */
export function lines(text: string): readonly string[] {
  return text === "" ? [] : text.split("\n");
}

type ScoringSelectProps = {
  readonly kind: "multiple" | "gaps" | "matching" | "ordering";
  readonly scoring: Scoring;
  readonly onChange: (scoring: Scoring) => void;
};

function ScoringSelect({ kind, scoring, onChange }: ScoringSelectProps) {
  const { t } = useTranslation();
  return (
    <Select
      label={t("exams.scoring")}
      allowDeselect={false}
      data={[
        { value: "part", label: t(`exams.scoringPart.${kind}`) },
        { value: "all", label: t("exams.scoringAll") },
      ]}
      value={scoring}
      onChange={(value) => onChange(value === "all" ? "all" : "part")}
    />
  );
}

type CaseBoxProps = { readonly isCaseSensitive: boolean; readonly onChange: (isCaseSensitive: boolean) => void };

export function CaseBox({ isCaseSensitive, onChange }: CaseBoxProps) {
  const { t } = useTranslation();
  return (
    <Checkbox label={t("exams.caseSensitive")} checked={isCaseSensitive} onChange={(event) => onChange(event.target.checked)} />
  );
}
