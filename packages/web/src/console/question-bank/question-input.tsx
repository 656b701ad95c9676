/** Edits a question of the bank: its type, its text, and its options or its correct answer. */
import { QUIZ_TYPES } from "@lectern/room";
import { Group, Select, Textarea, TextInput } from "@mantine/core";
import { useTranslation } from "../../texts/use-translation.ts";
import { OptionRows, type QuestionPartProps } from "./option-rows.tsx";
import { hasOptions, type QuestionValues, textOf, valuesOf, withType } from "./question-values.ts";

const MAX_TEXT = 1000;

type QuestionInputProps = { readonly value: string; readonly onChange: (value: string) => void };

export function QuestionInput({ value, onChange }: QuestionInputProps) {
  const { t } = useTranslation();
  const values = valuesOf(value);
  const set = (changed: QuestionValues) => onChange(textOf(changed));
  return (
    <div className="question-input">
      <Select
        label={t("questionBank.type")}
        data={QUIZ_TYPES.map((type) => ({ value: type, label: t(`questionBank.types.${type}`) }))}
        value={values.type}
        allowDeselect={false}
        onChange={(chosen) => set(withType(values, QUIZ_TYPES.find((type) => type === chosen) ?? values.type))}
      />
      <Textarea
        label={t("questionBank.text")}
        required
        autosize
        minRows={2}
        maxLength={MAX_TEXT}
        autoComplete="off"
        value={values.text}
        onChange={(event) => set({ ...values, text: event.target.value })}
      />
      {hasOptions(values.type) ? <OptionRows values={values} onChange={set} /> : <CorrectAnswer values={values} onChange={set} />}
    </div>
  );
}

/** Of a question without options. */
function CorrectAnswer({ values, onChange }: QuestionPartProps) {
  const { t } = useTranslation();
  if (values.type === "boolean")
    return (
      <Select
        label={t("questionBank.correct")}
        description={t("questionBank.pollHint")}
        placeholder={t("questionBank.none")}
        clearable
        data={[true, false].map((isTrue) => ({
          value: String(isTrue),
          label: t(isTrue ? "questionBank.true" : "questionBank.false"),
        }))}
        value={values.truth || null}
        onChange={(truth) => onChange({ ...values, truth: truth ?? "" })}
      />
    );
  if (values.type === "text")
    return (
      <Textarea
        label={t("questionBank.correctTexts")}
        description={t("questionBank.textsHint")}
        autosize
        minRows={2}
        autoComplete="off"
        value={values.texts}
        onChange={(event) => onChange({ ...values, texts: event.target.value })}
      />
    );
  return (
    <Group grow align="end">
      <TextInput
        label={t("questionBank.correct")}
        description={t("questionBank.pollHint")}
        inputMode="decimal"
        autoComplete="off"
        value={values.number}
        onChange={(event) => onChange({ ...values, number: event.target.value })}
      />
      <TextInput
        label={t("questionBank.tolerance")}
        description={t("questionBank.toleranceHint")}
        leftSection="±"
        inputMode="decimal"
        autoComplete="off"
        disabled={values.number.trim() === ""}
        value={values.tolerance}
        onChange={(event) => onChange({ ...values, tolerance: event.target.value })}
      />
    </Group>
  );
}
