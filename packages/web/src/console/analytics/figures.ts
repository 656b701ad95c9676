/** Provides figures of analytics in words: durations, shares and counts, as the language writes them. */
import { useTranslation } from "../../texts/use-translation.ts";

const MINUTE_MS = 60_000;

export type Figures = {
  readonly count: (value: number) => string;
  /** Minutes, or hours where there are many. */
  readonly time: (ms: number | null) => string;
  readonly share: (value: number | null) => string;
};

export function useFigures(): Figures {
  const { t, i18n } = useTranslation();
  const number = (value: number, digits = 0) =>
    new Intl.NumberFormat(i18n.language, { maximumFractionDigits: digits }).format(value);
  return {
    count: (value) => number(value),
    time: (ms) => {
      if (ms === null) return "–";
      const minutes = ms / MINUTE_MS;
      return minutes < 100
        ? t("analytics.minutes", { value: number(minutes, minutes < 10 ? 1 : 0) })
        : t("analytics.hours", { value: number(minutes / 60, minutes < 6000 ? 1 : 0) });
    },
    share: (value) =>
      value === null ? "–" : new Intl.NumberFormat(i18n.language, { style: "percent", maximumFractionDigits: 1 }).format(value),
  };
}
