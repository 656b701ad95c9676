/** Shows how urgent an alarm is, as a word with a colour. */
import type { Alarm } from "@lectern/client";
import { useTranslation } from "../../texts/use-translation.ts";
import "./alarms.css";

export function SeverityBadge({ severity }: { severity: Alarm["severity"] }) {
  const { t } = useTranslation();
  return <span className={`severity ${severity}`}>{t(`alarmSeverities.${severity}`)}</span>;
}
