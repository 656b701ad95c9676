/** Edits pairs: each row has a left side and the right one that belongs to it; further right sides belong to none. */
import { LIMITS, type Option } from "@lectern/exam";
import { Button, CloseButton, Fieldset, TextInput } from "@mantine/core";
import { useTranslation } from "../../../texts/use-translation.ts";
import type { AnswerPartProps } from "./answer-part.tsx";
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
            <PairRow
              key={one.id}
              number={at + 1}
              left={one.text}
              right={right.find(({ id }) => id === rightId)?.text ?? ""}
              onLeft={(text) => set({ left: withText(left, one.id, text) })}
              onRight={(text) => set({ right: withText(right, rightId, text) })}
              onRemove={left.length > LIMITS.minOptions ? () => removePair(one.id) : null}
            />
          );
        })}
      </div>
      {others.map((other, at) => (
        <div key={other.id} className="paper-pair">
          <span className="text-muted">{t("exams.extraRight")}</span>
          <span aria-hidden="true" />
          <SideInput
            label={t("exams.extraRightNumber", { number: at + 1 })}
            text={other.text}
            onChange={(text) => set({ right: withText(right, other.id, text) })}
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

function withText(options: readonly Option[], id: string, text: string): readonly Option[] {
  return options.map((option) => (option.id === id ? { ...option, text } : option));
}

type PairRowProps = {
  readonly number: number;
  readonly left: string;
  readonly right: string;
  readonly onLeft: (text: string) => void;
  readonly onRight: (text: string) => void;
  /** Null: there are too few. */
  readonly onRemove: (() => void) | null;
};

function PairRow({ number, left, right, onLeft, onRight, onRemove }: PairRowProps) {
  const { t } = useTranslation();
  return (
    <div className="paper-pair">
      <SideInput label={t("exams.pairLeft", { number })} text={left} onChange={onLeft} />
      <span aria-hidden="true">→</span>
      <SideInput label={t("exams.pairRight", { number })} text={right} onChange={onRight} />
      {onRemove ? <CloseButton size={44} iconSize={18} aria-label={t("exams.removePair", { number })} onClick={onRemove} /> : null}
    </div>
  );
}

type SideInputProps = { readonly label: string; readonly text: string; readonly onChange: (text: string) => void };

function SideInput({ label, text, onChange }: SideInputProps) {
  return (
    <TextInput
      aria-label={label}
      maxLength={LIMITS.optionLetters}
      autoComplete="off"
      dir="auto"
      value={text}
      onChange={(event) => onChange(event.target.value)}
    />
  );
}
