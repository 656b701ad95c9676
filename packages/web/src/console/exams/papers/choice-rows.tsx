/** Edits the options of a question, one in a row, with a mark at those that are right. Enter goes to the next one, or adds it. */
import { LIMITS, type Option } from "@lectern/exam";
import { Button, Checkbox, CloseButton, Fieldset, Radio, TextInput } from "@mantine/core";
import { type KeyboardEvent, useId, useRef } from "react";
import { flushSync } from "react-dom";
import { letterOf } from "../../../exam/paper/letters.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { newOption } from "./paper-draft.ts";

type ChoiceRowsProps = {
  readonly options: readonly Option[];
  readonly right: readonly string[];
  readonly isSeveral: boolean;
  readonly onChange: (options: readonly Option[], right: readonly string[]) => void;
};

export function ChoiceRows({ options, right, isSeveral, onChange }: ChoiceRowsProps) {
  const { t } = useTranslation();
  const name = useId();
  const rows = useRef<HTMLDivElement>(null);
  const focus = (at: number) => rows.current?.querySelectorAll<HTMLInputElement>("input[type=text]")[at]?.focus();
  const change = (changed: Option) =>
    onChange(
      options.map((option) => (option.id === changed.id ? changed : option)),
      right,
    );
  const mark = (id: string, isRight: boolean): void => {
    if (!isSeveral) return onChange(options, [id]);
    onChange(options, isRight ? [...right, id] : right.filter((one) => one !== id));
  };
  const add = (): void => {
    if (options.length >= LIMITS.maxOptions) return;
    flushSync(() => onChange([...options, newOption(options)], right));
    focus(options.length);
  };
  const onKeyDown = (event: KeyboardEvent, at: number): void => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) return;
    event.preventDefault();
    if (at === options.length - 1) add();
    else focus(at + 1);
  };
  const Mark = isSeveral ? Checkbox : Radio;
  return (
    <Fieldset legend={t("exams.options")} className="question-options">
      <p className="text-muted">{t(isSeveral ? "exams.multipleHint" : "exams.singleHint")}</p>
      <div ref={rows}>
        {options.map((option, at) => {
          const letter = letterOf(at);
          return (
            <div key={option.id} className="question-option paper-option">
              <Mark
                name={name}
                aria-label={t("exams.isRight", { letter })}
                checked={right.includes(option.id)}
                onChange={(event) => mark(option.id, event.target.checked)}
              />
              <TextInput
                type="text"
                aria-label={t("exams.option", { letter })}
                leftSection={letter}
                maxLength={LIMITS.optionLetters}
                autoComplete="off"
                dir="auto"
                value={option.text}
                onChange={(event) => change({ ...option, text: event.target.value })}
                onKeyDown={(event) => onKeyDown(event, at)}
              />
              <Checkbox
                className="paper-anchor"
                label={t("exams.anchored")}
                checked={option.isAnchored ?? false}
                onChange={(event) => {
                  const { isAnchored: _, ...rest } = option;
                  change(event.target.checked ? { ...rest, isAnchored: true } : rest);
                }}
              />
              {options.length > LIMITS.minOptions ? (
                <CloseButton
                  size={44}
                  iconSize={18}
                  aria-label={t("exams.removeOption", { letter })}
                  onClick={() =>
                    onChange(
                      options.filter(({ id }) => id !== option.id),
                      right.filter((id) => id !== option.id),
                    )
                  }
                />
              ) : null}
            </div>
          );
        })}
      </div>
      <Button variant="default" disabled={options.length >= LIMITS.maxOptions} onClick={add}>
        {t("exams.addOption")}
      </Button>
    </Fieldset>
  );
}
