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
  return (
    <Fieldset legend={t("exams.options")} className="question-options">
      <p className="text-muted">{t(isSeveral ? "exams.multipleHint" : "exams.singleHint")}</p>
      <div ref={rows}>
        {options.map((option, at) => (
          <ChoiceRow
            key={option.id}
            name={name}
            letter={letterOf(at)}
            option={option}
            isRight={right.includes(option.id)}
            isSeveral={isSeveral}
            onMark={(isRight) => mark(option.id, isRight)}
            onChange={change}
            onKeyDown={(event) => onKeyDown(event, at)}
            onRemove={
              options.length > LIMITS.minOptions
                ? () =>
                    onChange(
                      options.filter(({ id }) => id !== option.id),
                      right.filter((id) => id !== option.id),
                    )
                : null
            }
          />
        ))}
      </div>
      <Button variant="default" disabled={options.length >= LIMITS.maxOptions} onClick={add}>
        {t("exams.addOption")}
      </Button>
    </Fieldset>
  );
}

type ChoiceRowProps = {
  readonly name: string;
  readonly letter: string;
  readonly option: Option;
  readonly isRight: boolean;
  readonly isSeveral: boolean;
  readonly onMark: (isRight: boolean) => void;
  readonly onChange: (option: Option) => void;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  /** Null: there are too few. */
  readonly onRemove: (() => void) | null;
};

function ChoiceRow({ name, letter, option, isRight, isSeveral, onMark, onChange, onKeyDown, onRemove }: ChoiceRowProps) {
  const { t } = useTranslation();
  const Mark = isSeveral ? Checkbox : Radio;
  return (
    <div className="question-option paper-option">
      <Mark
        name={name}
        aria-label={t("exams.isRight", { letter })}
        checked={isRight}
        onChange={(event) => onMark(event.target.checked)}
      />
      <TextInput
        type="text"
        aria-label={t("exams.option", { letter })}
        leftSection={letter}
        maxLength={LIMITS.optionLetters}
        autoComplete="off"
        dir="auto"
        value={option.text}
        onChange={(event) => onChange({ ...option, text: event.target.value })}
        onKeyDown={onKeyDown}
      />
      <Checkbox
        className="paper-anchor"
        label={t("exams.anchored")}
        checked={option.isAnchored ?? false}
        onChange={(event) => {
          const { isAnchored: _, ...rest } = option;
          onChange(event.target.checked ? { ...rest, isAnchored: true } : rest);
        }}
      />
      {onRemove ? (
        <CloseButton size={44} iconSize={18} aria-label={t("exams.removeOption", { letter })} onClick={onRemove} />
      ) : null}
    </div>
  );
}
