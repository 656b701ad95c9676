/** Edits items in their right order; candidates get them shuffled. */
import { LIMITS, type Option } from "@lectern/exam";
import { Button as IconButton } from "@lectern/ui";
import { DOWN_ICON, UP_ICON } from "@lectern/ui/icons";
import { Button, CloseButton, Fieldset, TextInput } from "@mantine/core";
import { useTranslation } from "../../../texts/use-translation.ts";
import type { AnswerPartProps } from "./answer-part.tsx";
import { moved, newOption } from "./paper-draft.ts";

export function OrderRows({ question, solution, onChange }: AnswerPartProps<"ordering">) {
  const { t } = useTranslation();
  const { items } = question;
  const ordered = solution.order.flatMap((id) => items.find((item) => item.id === id) ?? []);
  const set = (changed: readonly Option[]) =>
    onChange({ question: { ...question, items: changed }, solution: { ...solution, order: changed.map(({ id }) => id) } });
  return (
    <Fieldset legend={t("exams.items")} className="question-options">
      <p className="text-muted">{t("exams.itemsHint")}</p>
      <div>
        {ordered.map((item, at) => (
          <div key={item.id} className="paper-item">
            <TextInput
              aria-label={t("exams.item", { number: at + 1 })}
              leftSection={at + 1}
              maxLength={LIMITS.optionLetters}
              autoComplete="off"
              dir="auto"
              value={item.text}
              onChange={(event) => set(ordered.map((one) => (one.id === item.id ? { ...one, text: event.target.value } : one)))}
            />
            <span className="paper-buttons">
              <IconButton
                kind="quiet"
                icon={UP_ICON}
                aria-label={t("exams.itemUp", { number: at + 1 })}
                disabled={at === 0}
                onClick={() => set(moved(ordered, at, -1))}
              />
              <IconButton
                kind="quiet"
                icon={DOWN_ICON}
                aria-label={t("exams.itemDown", { number: at + 1 })}
                disabled={at === ordered.length - 1}
                onClick={() => set(moved(ordered, at, 1))}
              />
              {ordered.length > LIMITS.minOptions ? (
                <CloseButton
                  size={44}
                  iconSize={18}
                  aria-label={t("exams.removeItem", { number: at + 1 })}
                  onClick={() => set(ordered.filter(({ id }) => id !== item.id))}
                />
              ) : null}
            </span>
          </div>
        ))}
      </div>
      <Button
        variant="default"
        disabled={ordered.length >= LIMITS.maxOptions}
        onClick={() => set([...ordered, newOption(ordered, "i")])}
      >
        {t("exams.addItem")}
      </Button>
    </Fieldset>
  );
}
