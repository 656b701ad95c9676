/** Shows the on-call times and the quiet hours of a channel of alarms, as an input of its form. */
import type { Field } from "../list/fields-form.tsx";
import { TimeWindows } from "../list/time-windows.tsx";
import { type TimeWindow, windowsOf, windowsText } from "../list/week-windows.ts";
import type { HoursName } from "./channel-fields.ts";

/** What a time that is added begins with: the days of a school, and every night. */
const DEFAULT_HOURS = {
  onCall: { days: [1, 2, 3, 4, 5], from: "07:30", to: "18:00" },
  quiet: { days: [1, 2, 3, 4, 5, 6, 7], from: "22:00", to: "07:00" },
} satisfies Record<HoursName, TimeWindow>;
/** The server takes no more of each. */
const MAX_HOURS = 14;

export function hoursInput(name: HoursName, label: string): NonNullable<Field["input"]> {
  return (value, onChange, { hint, mistake }) => (
    <TimeWindows
      key={name}
      label={label}
      hint={hint}
      windows={windowsOf(value)}
      onChange={(windows) => onChange(windowsText(windows))}
      usual={DEFAULT_HOURS[name]}
      most={MAX_HOURS}
      error={mistake}
    />
  );
}
