/** Edits the gaps of a text: where one is, and what may stand in it. */
import { type AcceptedNumber, type AcceptedTexts, type GapsQuestion, LIMITS, readNumber } from "@lectern/exam";
import { Button, CloseButton, Fieldset, Select, Textarea, TextInput } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "../../../texts/use-translation.ts";
import { type AnswerPartProps, CaseBox, lines } from "./answer-part.tsx";
import { freeId } from "./paper-draft.ts";

type Gap = GapsQuestion["gaps"][number];
type Accepted = AcceptedTexts | AcceptedNumber;

export function GapRows({ question, solution, onChange }: AnswerPartProps<"gaps">) {
  const { t } = useTranslation();
  const set = (gaps: readonly Gap[], accepted: Readonly<Record<string, Accepted>>, text = question.text) =>
    onChange({ question: { ...question, gaps, text }, solution: { ...solution, accepted } });
  const add = (): void => {
    const id = freeId(
      "g",
      question.gaps.map((gap) => gap.id),
    );
    const space = question.text === "" || /\s$/.test(question.text) ? "" : " ";
    set(
      [...question.gaps, { id, form: "text" }],
      { ...solution.accepted, [id]: { texts: [] } },
      `${question.text}${space}{{${id}}}`,
    );
  };
  const remove = (id: string): void => {
    const { [id]: _, ...accepted } = solution.accepted;
    set(
      question.gaps.filter((gap) => gap.id !== id),
      accepted,
      question.text.replaceAll(`{{${id}}}`, "").replace(/ {2,}/g, " ").trimEnd(),
    );
  };
  const setForm = (gap: Gap, form: Gap["form"]): void => {
    const { unit: _, ...rest } = gap;
    const gaps = question.gaps.map((one) => (one.id === gap.id ? { ...rest, form } : one));
    set(gaps, { ...solution.accepted, [gap.id]: form === "text" ? { texts: [] } : { value: 0, tolerance: 0 } });
  };
  /** The unit of a number stands behind the gap. */
  const setAccepted = (gap: Gap, accepted: Accepted): void => {
    const { unit: _, ...rest } = gap;
    const unit = "unit" in accepted && accepted.unit ? { unit: accepted.unit } : {};
    const gaps = question.gaps.map((one) => (one.id === gap.id ? { ...rest, ...unit } : one));
    set(gaps, { ...solution.accepted, [gap.id]: accepted });
  };
  return (
    <Fieldset legend={t("exams.gaps")} className="question-options">
      {question.gaps.map((gap, at) => (
        <GapRow
          key={gap.id}
          gap={gap}
          number={at + 1}
          accepted={solution.accepted[gap.id]}
          onForm={(form) => setForm(gap, form)}
          onChange={(accepted) => setAccepted(gap, accepted)}
          onRemove={question.gaps.length > 1 ? () => remove(gap.id) : null}
        />
      ))}
      <Button variant="default" disabled={question.gaps.length >= LIMITS.gaps} onClick={add}>
        {t("exams.addGap")}
      </Button>
    </Fieldset>
  );
}

type GapRowProps = {
  readonly gap: Gap;
  readonly number: number;
  readonly accepted: Accepted | undefined;
  readonly onForm: (form: Gap["form"]) => void;
  readonly onChange: (accepted: Accepted) => void;
  /** Null: it is the only one. */
  readonly onRemove: (() => void) | null;
};

function GapRow({ gap, number, accepted, onForm, onChange, onRemove }: GapRowProps) {
  const { t } = useTranslation();
  return (
    <div className="paper-gap">
      <div className="paper-gap-head">
        <strong>
          {t("paper.gap", { number })} <code dir="ltr">{`{{${gap.id}}}`}</code>
        </strong>
        <Select
          aria-label={t("exams.gapForm", { number })}
          allowDeselect={false}
          data={(["text", "number"] as const).map((value) => ({ value, label: t(`exams.gapForms.${value}`) }))}
          value={gap.form}
          onChange={(form) => onForm(form === "number" ? "number" : "text")}
        />
        {onRemove ? <CloseButton size={44} iconSize={18} aria-label={t("exams.removeGap", { number })} onClick={onRemove} /> : null}
      </div>
      {accepted === undefined ? null : "texts" in accepted ? (
        <TextsOfGap number={number} accepted={accepted} onChange={onChange} />
      ) : (
        <NumberOfGap accepted={accepted} onChange={onChange} />
      )}
    </div>
  );
}

type TextsOfGapProps = {
  readonly number: number;
  readonly accepted: AcceptedTexts;
  readonly onChange: (accepted: AcceptedTexts) => void;
};

function TextsOfGap({ number, accepted, onChange }: TextsOfGapProps) {
  const { t } = useTranslation();
  return (
    <>
      <Textarea
        label={t("exams.acceptedOfGap", { number })}
        description={t("exams.acceptedOfGapHint")}
        autosize
        minRows={1}
        autoComplete="off"
        dir="auto"
        value={accepted.texts.join("\n")}
        onChange={(event) => onChange({ ...accepted, texts: lines(event.target.value) })}
      />
      <CaseBox
        isCaseSensitive={accepted.isCaseSensitive ?? false}
        onChange={(isCaseSensitive) => onChange({ ...accepted, isCaseSensitive })}
      />
    </>
  );
}

type NumberOfGapProps = { readonly accepted: AcceptedNumber; readonly onChange: (accepted: AcceptedNumber) => void };

/** Null: it is no number, or could be read as two, or has a unit, which stands in a field of its own. */
function read(typed: string): number | null {
  if (typed.trim() === "") return 0;
  const { values = [], unit = "" } = readNumber(typed) ?? {};
  return values.length === 1 && unit === "" ? (values[0] ?? null) : null;
}

/** What is typed stays until it is a number. */
function NumberOfGap({ accepted, onChange }: NumberOfGapProps) {
  const { t } = useTranslation();
  const [value, setValue] = useState(String(accepted.value));
  const [tolerance, setTolerance] = useState(accepted.tolerance === 0 ? "" : String(accepted.tolerance));
  const { unit = "" } = accepted;
  const [number, near] = [read(value), read(tolerance)];
  return (
    <div className="paper-question-fields">
      <TextInput
        label={t("exams.rightNumber")}
        inputMode="decimal"
        autoComplete="off"
        required
        value={value}
        {...(number === null ? { error: t("exams.noNumber") } : {})}
        onChange={(event) => {
          setValue(event.target.value);
          const next = read(event.target.value);
          if (next !== null) onChange({ ...accepted, value: next });
        }}
      />
      <TextInput
        label={t("exams.tolerance")}
        leftSection="±"
        inputMode="decimal"
        autoComplete="off"
        value={tolerance}
        {...(near === null || near < 0 ? { error: t("exams.noNumber") } : {})}
        onChange={(event) => {
          setTolerance(event.target.value);
          const next = read(event.target.value);
          if (next !== null && next >= 0) onChange({ ...accepted, tolerance: next });
        }}
      />
      <TextInput
        label={t("exams.unit")}
        autoComplete="off"
        maxLength={LIMITS.unitLetters}
        value={unit}
        onChange={(event) => {
          const { unit: _, ...rest } = accepted;
          onChange(event.target.value === "" ? rest : { ...rest, unit: event.target.value });
        }}
      />
    </div>
  );
}
