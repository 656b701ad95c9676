/** Edits one question of a paper: its text, what is right, its points, and what belongs to it. */
import { type AuthoredQuestion, LIMITS, type Passage } from "@lectern/exam";
import { Select, TagsInput, Textarea, TextInput } from "@mantine/core";
import { RichText } from "../../../exam/paper/rich-text.tsx";
import { useTranslation } from "../../../texts/use-translation.ts";
import { AnswerEditor } from "./answer-editor.tsx";
import { MediaRows } from "./media-rows.tsx";

const HAS_FORMULA = /\$[^$]+\$/;
const DIFFICULTIES = ["1", "2", "3", "4", "5"] as const;

type QuestionEditorProps = {
  readonly authored: AuthoredQuestion;
  readonly passages: readonly Passage[];
  readonly onChange: (authored: AuthoredQuestion) => void;
};

export function QuestionEditor({ authored, passages, onChange }: QuestionEditorProps) {
  const { t } = useTranslation();
  const { question, explanation = "" } = authored;
  const change = (changed: object) => onChange({ ...authored, question: { ...question, ...changed } });
  /** Without the field where there is none. */
  const changeOptional = (name: "passage" | "knowledge" | "difficulty" | "media", value: unknown) => {
    const { [name]: _, ...rest } = question;
    onChange({ ...authored, question: (value === undefined ? rest : { ...rest, [name]: value }) as typeof question });
  };
  return (
    <div className="paper-question-editor">
      <Textarea
        label={t("exams.text")}
        description={question.kind === "gaps" ? t("exams.gapsHint", { mark: "{{g1}}" }) : t("exams.formulaHint")}
        required
        autosize
        minRows={2}
        maxLength={LIMITS.textLetters}
        autoComplete="off"
        dir="auto"
        value={question.text}
        onChange={(event) => change({ text: event.target.value })}
      />
      {HAS_FORMULA.test(question.text) ? (
        <p className="formula-shown">
          <RichText text={question.text} />
        </p>
      ) : null}
      <MediaRows media={question.media ?? []} onChange={(media) => changeOptional("media", media.length > 0 ? media : undefined)} />
      <AnswerEditor authored={authored} onChange={onChange} />
      <QuestionFields question={question} passages={passages} onChange={change} onChangeOptional={changeOptional} />
      <TagsInput
        label={t("exams.knowledge")}
        description={t("exams.knowledgeHint")}
        maxTags={LIMITS.knowledge}
        maxLength={LIMITS.knowledgeLetters}
        value={[...(question.knowledge ?? [])]}
        onChange={(value) => changeOptional("knowledge", value.length > 0 ? value : undefined)}
      />
      <Textarea
        label={t("exams.explanation")}
        description={t("exams.explanationHint")}
        autosize
        minRows={1}
        maxLength={LIMITS.textLetters}
        autoComplete="off"
        dir="auto"
        value={explanation}
        onChange={(event) => {
          const { explanation: _, ...rest } = authored;
          onChange(event.target.value === "" ? rest : { ...rest, explanation: event.target.value });
        }}
      />
    </div>
  );
}

type QuestionFieldsProps = {
  readonly question: AuthoredQuestion["question"];
  readonly passages: readonly Passage[];
  readonly onChange: (changed: object) => void;
  /** @param value undefined: the question has none */
  readonly onChangeOptional: (name: "passage" | "difficulty", value: unknown) => void;
};

function QuestionFields({ question, passages, onChange, onChangeOptional }: QuestionFieldsProps) {
  const { t } = useTranslation();
  return (
    <div className="paper-question-fields">
      <TextInput
        type="number"
        label={t("exams.points")}
        min={0.5}
        max={LIMITS.points}
        step={0.5}
        required
        value={Number.isFinite(question.points) && question.points > 0 ? String(question.points) : ""}
        onChange={(event) => onChange({ points: Number(event.target.value) })}
      />
      <Select
        label={t("exams.difficulty")}
        placeholder={t("exams.none")}
        clearable
        data={DIFFICULTIES.map((value) => ({ value, label: t(`exams.difficulties.${value}`) }))}
        value={question.difficulty === undefined ? null : String(question.difficulty)}
        onChange={(value) => onChangeOptional("difficulty", value === null ? undefined : Number(value))}
      />
      {passages.length > 0 ? (
        <Select
          label={t("exams.passage")}
          placeholder={t("exams.none")}
          clearable
          data={passages.map(({ id, title }, at) => ({
            value: id,
            label: title || t("exams.passageNumber", { number: at + 1 }),
          }))}
          value={question.passage ?? null}
          onChange={(value) => onChangeOptional("passage", value ?? undefined)}
        />
      ) : null}
    </div>
  );
}
