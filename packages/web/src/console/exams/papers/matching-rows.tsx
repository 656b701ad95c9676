/** Edits pairs: each row has a left side and the right one that belongs to it; further right sides belong to none. */
import { LIMITS, type Option } from "@lectern/exam";
import { Button, CloseButton, Fieldset, TextInput } from "@mantine/core";
import { useTranslation } from "../../../texts/use-translation.ts";
import type { AnswerPartProps } from "./answer-editor.tsx";
import { newOption } from "./paper-draft.ts";

export function MatchingRows({ question, solution, onChange }: AnswerPartProps<"matching">) {
  const { t } = useTranslation();
  const { left, right } = question;
  const { pairs } = solution;
  const set = (changed: { left?: readonly Option[]; right?: readonly Option[]; pairs?: typeof pairs }) =>
    onChange({
      question: { ...question, left: changed.left ?? left, right: changed.right ?? right },
      solution: { ...solution, pairs: changed.pairs ?? pairs },
    });
  const withText = (options: readonly Option[], id: string, text: string) =>
    options.map((option) => (option.id === id ? { ...option, text } : option));
  const others = right.filter(({ id }) => !Object.values(pairs).includes(id));
  const addPair = (): void => {
    const [one, other] = [newOption(left, "l"), newOption(right, "r")];
    set({ left: [...left, one], right: [...right, other], pairs: { ...pairs, [one.id]: other.id } });
  };
  /** A right side that another pair has too stays. */
  const removePair = (id: string): void => {
    const { [id]: rightId = "", ...rest } = pairs;
    const isShared = Object.values(rest).includes(rightId);
    set({
      left: left.filter((one) => one.id !== id),
      right: isShared ? right : right.filter((one) => one.id !== rightId),
      pairs: rest,
    });
  };
  return (
    <Fieldset legend={t("exams.pairs")} className="question-options">
      <p className="text-muted">{t("exams.pairsHint")}</p>
      <div>
        {left.map((one, at) => {
          const rightId = pairs[one.id] ?? "";
          return (
            <div key={one.id} className="paper-pair">
              <TextInput
                aria-label={t("exams.pairLeft", { number: at + 1 })}
                maxLength={LIMITS.optionLetters}
                autoComplete="off"
                dir="auto"
                value={one.text}
                onChange={(event) => set({ left: withText(left, one.id, event.target.value) })}
              />
              <span aria-hidden="true">→</span>
              <TextInput
                aria-label={t("exams.pairRight", { number: at + 1 })}
                maxLength={LIMITS.optionLetters}
                autoComplete="off"
                dir="auto"
                value={right.find(({ id }) => id === rightId)?.text ?? ""}
                onChange={(event) => set({ right: withText(right, rightId, event.target.value) })}
              />
              {left.length > LIMITS.minOptions ? (
                <CloseButton
                  size={44}
                  iconSize={18}
                  aria-label={t("exams.removePair", { number: at + 1 })}
                  onClick={() => removePair(one.id)}
                />
              ) : null}
            </div>
          );
        })}
      </div>
      {others.map((other, at) => (
        <div key={other.id} className="paper-pair">
          <span className="text-muted">{t("exams.extraRight")}</span>
          <span aria-hidden="true" />
          <TextInput
            aria-label={t("exams.extraRightNumber", { number: at + 1 })}
            maxLength={LIMITS.optionLetters}
            autoComplete="off"
            dir="auto"
            value={other.text}
            onChange={(event) => set({ right: withText(right, other.id, event.target.value) })}
          />
          <CloseButton
            size={44}
            iconSize={18}
            aria-label={t("exams.removeExtra", { number: at + 1 })}
            onClick={() => set({ right: right.filter(({ id }) => id !== other.id) })}
          />
        </div>
      ))}
      <div className="paper-buttons">
        <Button
          variant="default"
          disabled={left.length >= LIMITS.maxOptions || right.length >= LIMITS.maxOptions}
          onClick={addPair}
        >
          {t("exams.addPair")}
        </Button>
        <Button
          variant="default"
          disabled={right.length >= LIMITS.maxOptions}
          onClick={() => set({ right: [...right, newOption(right, "r")] })}
        >
          {t("exams.addExtra")}
        </Button>
      </div>
    </Fieldset>
  );
}
