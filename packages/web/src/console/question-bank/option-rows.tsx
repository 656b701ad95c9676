/** Shows the options of a question, one in a row, with a mark at those that are correct. Enter goes to the next one, or adds it. */
import { MAX_OPTIONS } from "@lectern/room";
import { Button, Checkbox, CloseButton, Fieldset, TextInput } from "@mantine/core";
import { type KeyboardEvent, useRef } from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "../../texts/use-translation.ts";
import { letterOf, type QuestionValues, withAnotherOption, withOption } from "./question-values.ts";

const MIN_OPTIONS = 2;
const MAX_LETTERS = 200;

export type QuestionPartProps = { readonly values: QuestionValues; readonly onChange: (values: QuestionValues) => void };

export function OptionRows({ values, onChange }: QuestionPartProps) {
  const { t } = useTranslation();
  const { options } = values;
  const rows = useRef<HTMLDivElement>(null);
  const focus = (place: number) => rows.current?.querySelectorAll<HTMLInputElement>("input[type=text]")[place]?.focus();
  const onKeyDown = (event: KeyboardEvent, place: number): void => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    // What is typed next belongs to the next row.
    if (place === options.length - 1) flushSync(() => onChange(withAnotherOption(values)));
    focus(place + 1);
  };
  const remove = (place: number): void => {
    onChange({ ...values, options: options.toSpliced(place, 1) });
    focus(place === 0 ? 1 : place - 1);
  };
  return (
    <Fieldset legend={t("questionBank.options")} className="question-options">
      <p className="text-muted">{t(values.type === "single" ? "questionBank.singleHint" : "questionBank.multipleHint")}</p>
      <div ref={rows}>
        {options.map((option, place) => {
          const letter = letterOf(place);
          return (
            <div key={option.id} className="question-option">
              <Checkbox
                aria-label={t("questionBank.isCorrect", { letter })}
                checked={option.isCorrect}
                onChange={(event) => onChange(withOption(values, { ...option, isCorrect: event.target.checked }))}
              />
              <TextInput
                type="text"
                aria-label={t("questionBank.option", { letter })}
                leftSection={letter}
                maxLength={MAX_LETTERS}
                autoComplete="off"
                value={option.text}
                onChange={(event) => onChange(withOption(values, { ...option, text: event.target.value }))}
                onKeyDown={(event) => onKeyDown(event, place)}
              />
              {options.length > MIN_OPTIONS ? (
                <CloseButton
                  size={44}
                  iconSize={18}
                  aria-label={t("questionBank.removeOption", { letter })}
                  onClick={() => remove(place)}
                />
              ) : null}
            </div>
          );
        })}
      </div>
      <Button
        variant="default"
        disabled={options.length >= MAX_OPTIONS}
        onClick={() => {
          flushSync(() => onChange(withAnotherOption(values)));
          focus(options.length);
        }}
      >
        {t("questionBank.addOption")}
      </Button>
    </Fieldset>
  );
}
