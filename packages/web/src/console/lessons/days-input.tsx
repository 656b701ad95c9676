/** Shows the days of the week on which a lesson repeats, as an input of a form. */
import { Chip, Input } from "@mantine/core";
import { useTranslation } from "../../texts/use-translation.ts";
import type { Values } from "../list/fields-form.tsx";
import { DAYS, dayName } from "../list/week-windows.ts";
import { repeatDaysOf } from "./series-pattern.ts";

type DaysInputProps = { readonly values: Values; readonly mistake: string | undefined; readonly onChange: (value: string) => void };

/** One of them stays chosen. */
export function DaysInput({ values, mistake, onChange }: DaysInputProps) {
  const { t, i18n } = useTranslation();
  const chosen = repeatDaysOf(values).map(String);
  return (
    <Input.Wrapper label={t("series.days")} error={mistake} labelElement="div">
      <Chip.Group multiple value={chosen} onChange={(days) => onChange((days.length > 0 ? days.toSorted() : chosen).join(" "))}>
        <div className="repeat-days">
          {DAYS.map((day) => (
            <Chip key={day} value={String(day)} aria-label={dayName(day, i18n.language, "long")}>
              {dayName(day, i18n.language, "short")}
            </Chip>
          ))}
        </div>
      </Chip.Group>
    </Input.Wrapper>
  );
}
