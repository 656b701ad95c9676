/** Shows the form fields with which a lesson repeats, and with which a whole series is changed. */
import type { LessonSeries } from "@lectern/client";
import type { Translate } from "../../texts/use-translation.ts";
import type { Field, Values } from "../list/fields-form.tsx";
import { TimeWindows } from "../list/time-windows.tsx";
import { windowsOf, windowsText } from "../list/week-windows.ts";
import { DaysInput } from "./days-input.tsx";
import { NEVER } from "./series-pattern.ts";
import { UntilInput } from "./until-input.tsx";

const WEEKS = [1, 2, 3, 4];
/** The server takes no more. */
const MAX_TIMES = 20;
const DEFAULTS = { days: [1], from: "09:00", to: "09:45" };

function everyName(weeks: number, t: Translate): string {
  return weeks === 1 ? t("series.everyWeek") : t("series.everyWeeks", { count: weeks });
}

/** Of a new lesson. */
export function repeatFields(t: Translate): readonly Field[] {
  const repeats = ({ repeat }: Values) => repeat !== NEVER;
  const every = WEEKS.map((weeks) => ({ value: String(weeks), label: everyName(weeks, t) }));
  return [
    {
      name: "repeat",
      label: t("series.repeats"),
      required: true,
      value: NEVER,
      options: [{ value: NEVER, label: t("series.never") }, ...every],
    },
    {
      name: "repeatDays",
      path: "weekly",
      label: t("series.days"),
      isShown: repeats,
      input: (_, onChange, { mistake, values }) => (
        <DaysInput key="repeatDays" values={values} mistake={mistake} onChange={onChange} />
      ),
    },
    untilField("", t, repeats),
  ];
}

/** Of a whole series. @param isShown where the form may also change one lesson */
export function patternFields(series: LessonSeries, t: Translate, isShown?: (values: Values) => boolean): readonly Field[] {
  const known = WEEKS.includes(series.everyWeeks) ? WEEKS : [...WEEKS, series.everyWeeks];
  const when = isShown ? { isShown } : {};
  return [
    {
      name: "weekly",
      label: t("series.times"),
      hint: t("series.addTimesHint"),
      value: windowsText(series.weekly),
      ...when,
      input: (value, onChange, { hint, mistake }) => (
        <TimeWindows
          key="weekly"
          label={t("series.times")}
          hint={hint}
          windows={windowsOf(value)}
          onChange={(windows) => onChange(windowsText(windows))}
          usual={DEFAULTS}
          least={1}
          most={MAX_TIMES}
          error={mistake}
        />
      ),
    },
    {
      name: "everyWeeks",
      label: t("series.repeats"),
      required: true,
      value: String(series.everyWeeks),
      options: known.map((weeks) => ({ value: String(weeks), label: everyName(weeks, t) })),
      ...when,
    },
    untilField(series.endsOn ?? "", t, isShown),
    {
      name: "skipHolidays",
      label: t("series.skipHolidays"),
      required: true,
      isFolded: true,
      value: series.skipHolidays ? "yes" : "no",
      options: (["yes", "no"] as const).map((value) => ({ value, label: t(value) })),
      ...when,
    },
  ];
}

/** What the fields of a series stand for. A last day replaces the number of lessons. */
export function patternBody(series: LessonSeries, { weekly = "", everyWeeks = "1", until = "", skipHolidays }: Values) {
  const isEndChanged = until !== (series.endsOn ?? "");
  return {
    weekly: windowsOf(weekly).map(({ days, from, to }) => ({ days: [...days], from, to })),
    everyWeeks: Number(everyWeeks),
    skipHolidays: skipHolidays !== "no",
    ...(isEndChanged ? { endsOn: until || null, count: null } : {}),
  };
}

function untilField(value: string, t: Translate, isShown?: (values: Values) => boolean): Field {
  return {
    name: "until",
    path: "endsOn",
    label: t("series.until"),
    value,
    ...(isShown ? { isShown } : {}),
    input: (text, onChange, { mistake }) => <UntilInput key="until" value={text} mistake={mistake} onChange={onChange} />,
  };
}
