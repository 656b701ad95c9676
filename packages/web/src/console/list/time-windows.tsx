/** Shows times of the week as rows of a form: days, beginning and end. */
import { Button, Checkbox, Input, TextInput } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { DAYS, dayName, type TimeWindow } from "./week-windows.ts";
import "./time-windows.css";

type TimeWindowsProps = {
  readonly label: string;
  readonly hint: ReactNode;
  readonly windows: readonly TimeWindow[];
  readonly onChange: (windows: readonly TimeWindow[]) => void;
  /** What a time that is added begins with. */
  readonly usual: TimeWindow;
  /** Default: none need be there. */
  readonly least?: number;
  /** Default: no bound. */
  readonly most?: number;
  /** What is wrong with them. */
  readonly error?: string | undefined;
};

export function TimeWindows({ label, hint, windows, onChange, usual, least = 0, most, error }: TimeWindowsProps) {
  const { t } = useTranslation();
  return (
    <Input.Wrapper label={label} description={hint} error={error} labelElement="div" className="time-windows">
      {windows.map((window, index) => (
        <WindowRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a time has no other identity
          key={index}
          label={label}
          window={window}
          number={index + 1}
          onChange={(changed) => onChange(windows.with(index, changed))}
          onRemove={windows.length > least ? () => onChange(windows.toSpliced(index, 1)) : null}
        />
      ))}
      {most !== undefined && windows.length >= most ? null : (
        <Button variant="default" aria-label={t("timeWindows.addTo", { label })} onClick={() => onChange([...windows, usual])}>
          {t("timeWindows.add")}
        </Button>
      )}
    </Input.Wrapper>
  );
}

type WindowRowProps = {
  /** Of all of them: a form may have several such fields. */
  readonly label: string;
  readonly window: TimeWindow;
  readonly number: number;
  readonly onChange: (window: TimeWindow) => void;
  /** Null where it must stay. */
  readonly onRemove: (() => void) | null;
};

function WindowRow({ label, window, number, onChange, onRemove }: WindowRowProps) {
  const { t, i18n } = useTranslation();
  const { days, from, to } = window;
  const withDay = (day: number, isOpen: boolean) =>
    onChange({ ...window, days: DAYS.filter((one) => (one === day ? isOpen : days.includes(one))) });
  return (
    <fieldset className="time-window" aria-label={t("timeWindows.numberOf", { label, number })}>
      <legend>{t("timeWindows.number", { number })}</legend>
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
        label={t("timeWindows.from")}
        required
        withAsterisk={false}
        value={from}
        onChange={(event) => onChange({ ...window, from: event.target.value })}
      />
      <TextInput
        type="time"
        label={t("timeWindows.to")}
        required
        withAsterisk={false}
        value={to}
        onChange={(event) => onChange({ ...window, to: event.target.value })}
      />
      {onRemove ? (
        <Button variant="default" aria-label={t("timeWindows.removeOf", { label, number })} onClick={onRemove}>
          {t("policies.remove")}
        </Button>
      ) : null}
    </fieldset>
  );
}
