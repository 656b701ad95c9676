/** Shows school, title and teacher of a lesson, and when it starts. */

import { formatDateTime } from "../language.ts";
import { useNow } from "../schedule/use-now.ts";
import { useTranslation } from "../texts/use-translation.ts";
import type { Invitation } from "./lesson-door.ts";
import { startNotice } from "./lesson-time.ts";

export function LessonTitle({ invitation }: { invitation: Invitation }) {
  const { t } = useTranslation();
  return (
    <div>
      <p className="text-muted">{invitation.school}</p>
      <h1>{invitation.title}</h1>
      {invitation.teacher ? <p className="text-muted">{t("with", { teacher: invitation.teacher })}</p> : null}
    </div>
  );
}

type LessonStartProps = {
  readonly invitation: Invitation;
  /** The stage says already that the lesson has not begun. */
  readonly saysStage?: boolean;
};

export function LessonStart({ invitation, saysStage = false }: LessonStartProps) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const notice = startNotice(invitation, now);
  switch (notice.kind) {
    case "live":
      return <p className="live">{t("liveNow")}</p>;
    case "date":
      return <p>{t("starts", { time: formatDateTime(notice.startsAt, i18n.language) })}</p>;
    case "countdown":
      return <p>{t("startsIn", { time: waitText(notice.seconds, i18n.language) })}</p>;
    default:
      return saysStage ? null : <p>{t(notice.kind === "ended" ? "ended" : "notStarted")}</p>;
  }
}

/** In minutes, and at last in seconds. `23:34` would be read as a time of the day. */
function waitText(seconds: number, language: string): string {
  const [value, unit] = seconds > 60 ? [Math.ceil(seconds / 60), "minute"] : [seconds, "second"];
  return new Intl.NumberFormat(language, { style: "unit", unit, unitDisplay: "long" }).format(value);
}
