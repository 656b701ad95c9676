/** Shows school, title and teacher of a lesson, and when it starts. */
import { formatDuration } from "@lectern/player/format-duration";
import { useTranslation } from "../i18n.ts";
import { formatDateTime } from "../language.ts";
import { useNow } from "../schedule/use-now.ts";
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

export function LessonStart({ invitation }: { invitation: Invitation }) {
  const { t, i18n } = useTranslation();
  const now = useNow();
  const notice = startNotice(invitation, now);
  switch (notice.kind) {
    case "live":
      return <p className="live">{t("liveNow")}</p>;
    case "date":
      return <p>{t("starts", { time: formatDateTime(notice.startsAt, i18n.language) })}</p>;
    case "countdown":
      return <p>{t("startsIn", { time: formatDuration(notice.seconds) })}</p>;
    default:
      return <p>{t(notice.kind === "ended" ? "ended" : "notStarted")}</p>;
  }
}
