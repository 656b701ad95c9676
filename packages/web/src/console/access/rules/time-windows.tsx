/** Times when it is open, as rows of a form: days, beginning and end. */
import { Button, Checkbox, Input, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { TimeWindow } from "./rule.ts";
import { dayName } from "./rule-sentence.ts";
import { USUAL_WINDOW, windowsOf, windowsText } from "./rule-values.ts";

const DAYS = [1, 2, 3, 4, 5, 6, 7];

type TimeWindowsProps = { readonly value: string; readonly onChange: (value: string) => void };

export function TimeWindows({ value, onChange }: TimeWindowsProps) {
  const { t } = useTranslation();
  const windows = windowsOf(value);
  const set = (next: readonly TimeWindow[]) => onChange(windowsText(next));
  return (
    <Input.Wrapper label={t("rules.windows")} description={t("rules.windowsHint")} labelElement="div" className="time-windows">
      {windows.map((window, index) => (
        <WindowRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a time has no other identity
          key={index}
          window={window}
          number={index + 1}
          onChange={(changed) => set(windows.with(index, changed))}
          onRemove={windows.length > 1 ? () => set(windows.toSpliced(index, 1)) : null}
        />
      ))}
      <Button variant="default" onClick={() => set([...windows, USUAL_WINDOW])}>
        {t("rules.addWindow")}
      </Button>
    </Input.Wrapper>
  );
}

type WindowRowProps = {
  readonly window: TimeWindow;
  readonly number: number;
  readonly onChange: (window: TimeWindow) => void;
  /** Null for the only one. */
  readonly onRemove: (() => void) | null;
};

function WindowRow({ window, number, onChange, onRemove }: WindowRowProps) {
  const { t, i18n } = useTranslation();
  const { days, from, to } = window;
  const withDay = (day: number, isOpen: boolean) =>
    onChange({ ...window, days: DAYS.filter((one) => (one === day ? isOpen : days.includes(one))) });
  return (
    <fieldset className="time-window">
      <legend>{t("rules.window", { number })}</legend>
      <div className="window-days">
        {DAYS.map((day) => (
          <Checkbox
            key={day}
            label={dayName(day, i18n.language, "short")}
            aria-label={dayName(day, i18n.language, "long")}
            checked={days.includes(day)}
            onChange={(event) => withDay(day, event.target.checked)}
          />
        ))}
      </div>
      <TextInput
        type="time"
        label={t("rules.from")}
        required
        withAsterisk={false}
        value={from}
        onChange={(event) => onChange({ ...window, from: event.target.value })}
      />
      <TextInput
        type="time"
        label={t("rules.to")}
        required
        withAsterisk={false}
        value={to}
        onChange={(event) => onChange({ ...window, to: event.target.value })}
      />
      {onRemove ? (
        <Button variant="default" aria-label={t("rules.removeWindow", { number })} onClick={onRemove}>
          {t("policies.remove")}
        </Button>
      ) : null}
    </fieldset>
  );
}
