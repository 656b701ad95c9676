/** Shows who has acknowledged an alarm, and when. An API key has no name. */
import type { Alarm } from "@lectern/client";
import { useTranslation } from "../../texts/use-translation.ts";
import { useFormatTime } from "../school/school-time.ts";

export function Acknowledger({
  alarm: { acknowledgedAt, acknowledgedBy },
}: {
  alarm: Pick<Alarm, "acknowledgedAt" | "acknowledgedBy">;
}) {
  const { t } = useTranslation();
  const time = useFormatTime();
  if (acknowledgedAt === null) return <span className="text-muted">{t("alarmPages.nobody")}</span>;
  const when = time(acknowledgedAt);
  return (
    <span className="wraps">
      {acknowledgedBy === null
        ? t("alarmPages.acknowledgedAt", { time: when })
        : t("alarmPages.acknowledgedBy", { name: acknowledgedBy, time: when })}
    </span>
  );
}
