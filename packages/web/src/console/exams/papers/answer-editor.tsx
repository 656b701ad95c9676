/** Edits what is right for a question, in the way of its kind. */
import type { AuthoredQuestion, EssayQuestion, Question, Scoring, Solution, SpeakingQuestion } from "@lectern/exam";
import { LIMITS } from "@lectern/exam";
import { Radio, Select, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "../../../texts/use-translation.ts";
import { type AnswerPartProps, CaseBox, lines } from "./answer-part.tsx";
import { ChoiceRows } from "./choice-rows.tsx";
import { CriteriaRows } from "./criteria-rows.tsx";
import { GapRows } from "./gap-rows.tsx";
import { MatchingRows } from "./matching-rows.tsx";
import { OrderRows } from "./order-rows.tsx";

type AnswerEditorProps = { readonly authored: AuthoredQuestion; readonly onChange: (authored: AuthoredQuestion) => void };

export function AnswerEditor({ authored, onChange }: AnswerEditorProps) {
  const { solution } = authored;
  return (
    <>
      <Answer authored={authored} onChange={onChange} />
      {"scoring" in solution ? (
        <ScoringSelect solution={solution} onChange={(scoring) => onChange({ ...authored, solution: { ...solution, scoring } })} />
      ) : null}
    </>
  );
}

function Answer({ authored, onChange }: AnswerEditorProps) {
  const { t } = useTranslation();
  const { question, solution } = authored;
  const set = (changed: { readonly question: Question; readonly solution: Solution }) => onChange({ ...authored, ...changed });
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
      <ChoiceRows
        options={question.options}
        right={solution.right}
        isSeveral
        onChange={(options, right) => set({ question: { ...question, options }, solution: { ...solution, right } })}
      />
    );
  if (question.kind === "boolean" && solution.kind === "boolean")
    return <Truth question={question} solution={solution} onChange={set} />;
  if (question.kind === "gaps" && solution.kind === "gaps")
    return <GapRows question={question} solution={solution} onChange={set} />;
  if (question.kind === "matching" && solution.kind === "matching")
    return <MatchingRows question={question} solution={solution} onChange={set} />;
  if (question.kind === "ordering" && solution.kind === "ordering")
    return <OrderRows question={question} solution={solution} onChange={set} />;
  if (question.kind === "text" && solution.kind === "text")
    return <ShortText question={question} solution={solution} onChange={set} />;
  if (question.kind === "essay" && solution.kind === "essay")
    return <Essay question={question} solution={solution} onChange={set} />;
  if (question.kind === "speaking" && solution.kind === "speaking")
    return <Speaking question={question} solution={solution} onChange={set} />;
  return <p className="text-muted">{t("exams.cannotEdit")}</p>;
}

function Truth({ question, solution, onChange }: AnswerPartProps<"boolean">) {
  const { t } = useTranslation();
  return (
    <Radio.Group
      label={t("exams.right")}
      value={String(solution.right)}
      onChange={(value) => onChange({ question, solution: { ...solution, right: value === "true" } })}
    >
      <div className="paper-radios">
        <Radio value="true" label={t("paper.true")} />
        <Radio value="false" label={t("paper.false")} />
      </div>
    </Radio.Group>
  );
}

function ShortText({ question, solution, onChange }: AnswerPartProps<"text">) {
  const { t } = useTranslation();
  const { accepted } = solution;
  const set = (changed: Partial<typeof accepted>) =>
    onChange({ question, solution: { ...solution, accepted: { ...accepted, ...changed } } });
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
        onChange={(event) => set({ texts: lines(event.target.value) })}
      />
      <CaseBox isCaseSensitive={accepted.isCaseSensitive ?? false} onChange={(isCaseSensitive) => set({ isCaseSensitive })} />
    </>
  );
}

type MarkedSolution = Extract<Solution, { rubric: string }>;
type MarkedProps<Marked extends Question> = {
  readonly question: Marked;
  readonly solution: MarkedSolution;
  readonly onChange: (changed: { readonly question: Question; readonly solution: Solution }) => void;
};

function Essay({ question, solution, onChange }: MarkedProps<EssayQuestion>) {
  const { t } = useTranslation();
  return (
    <>
      <Marking of={question.points} solution={solution} onChange={(marked) => onChange({ question, solution: marked })} />
      <Radio.Group
        label={t("exams.essayForm")}
        value={question.form}
        onChange={(form) => {
          const { maxLetters: _, ...rest } = question;
          onChange({ question: { ...rest, form: form === "photos" ? "photos" : "typed" }, solution });
        }}
      >
        <div className="paper-radios">
          <Radio value="typed" label={t("exams.essayTyped")} />
          <Radio value="photos" label={t("exams.essayPhotos", { count: LIMITS.uploads })} />
        </div>
      </Radio.Group>
      {question.form === "typed" ? (
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
            onChange({ question: most > 0 ? { ...rest, maxLetters: most } : rest, solution });
          }}
        />
      ) : null}
    </>
  );
}

function Speaking({ question, solution, onChange }: MarkedProps<SpeakingQuestion>) {
  const { t } = useTranslation();
  return (
    <>
      <Marking of={question.points} solution={solution} onChange={(marked) => onChange({ question, solution: marked })} />
      <TextInput
        type="number"
        label={t("exams.maxSeconds")}
        description={t("exams.maxSecondsHint", { count: LIMITS.speakingSeconds })}
        min={1}
        max={LIMITS.speakingSeconds}
        value={question.maxSeconds || ""}
        onChange={(event) => onChange({ question: { ...question, maxSeconds: Math.floor(Number(event.target.value)) }, solution })}
      />
    </>
  );
}

type MarkingProps = {
  /** Of the question. */
  readonly of: number;
  readonly solution: MarkedSolution;
  readonly onChange: (solution: MarkedSolution) => void;
};

/** What those who mark go by. */
function Marking({ of, solution, onChange }: MarkingProps) {
  const { t } = useTranslation();
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
        onChange={(event) => onChange({ ...solution, rubric: event.target.value })}
      />
      <CriteriaRows
        criteria={solution.criteria ?? []}
        of={of}
        onChange={(criteria) => {
          const { criteria: _, ...rest } = solution;
          onChange(criteria.length > 0 ? { ...rest, criteria } : rest);
        }}
      />
    </>
  );
}

type Scored = Extract<Solution, { scoring: Scoring }>;
type ScoringSelectProps = { readonly solution: Scored; readonly onChange: (scoring: Scoring) => void };

function ScoringSelect({ solution: { kind, scoring }, onChange }: ScoringSelectProps) {
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
