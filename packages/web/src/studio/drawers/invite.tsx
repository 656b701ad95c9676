/** Shows link, lesson code and QR code to invite students, and who may come in with them. */
import type { Lesson } from "@lectern/client";
import { QrCode } from "../../components/qr-code.tsx";
import { PhoneLinkNote } from "../../phone-links/phone-link-note.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import { Copyable } from "../frame/copyable.tsx";
import { DoorControls } from "./door-controls.tsx";

export function Invite({ lesson }: { lesson: Lesson }) {
  const { t } = useTranslation();
  if (!lesson.joinUrl || !lesson.code) return null;
  return (
    <section className="tile invite" aria-label={t("invite")}>
      <h2>{t("invite")}</h2>
      <div className="row">
        <QrCode text={lesson.joinUrl} label={t("inviteQr")} />
        <div className="copyables">
          <Copyable label={t("link")} text={lesson.joinUrl} />
          <Copyable label={t("lessonCode")} text={`${lesson.code.slice(0, 4)}-${lesson.code.slice(4)}`} />
        </div>
      </div>
      <PhoneLinkNote link={lesson.joinUrl} />
      <DoorControls lesson={lesson} />
    </section>
  );
}
