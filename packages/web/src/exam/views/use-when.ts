/** Writes times and lengths of time in the page's language. */
import { useTranslation } from "../../texts/use-translation.ts";

const MINUTE = 60;
const HOUR = 3600;

/** A day and a time of the person's own time zone. */
export function useWhen(): (time: number) => string {
  const { i18n } = useTranslation();
  const format = new Intl.DateTimeFormat(i18n.language, { dateStyle: "full", timeStyle: "short" });
  return (time) => format.format(time);
}

export function useDuration(): (seconds: number) => string {
  const { t } = useTranslation();
  return (seconds) => {
    const [hours, minutes] = [Math.floor(seconds / HOUR), Math.ceil((seconds % HOUR) / MINUTE)];
    if (hours === 0) return t("exam.minutes", { count: minutes });
    return minutes === 0
      ? t("exam.hours", { count: hours })
      : `${t("exam.hours", { count: hours })} ${t("exam.minutes", { count: minutes })}`;
  };
}
