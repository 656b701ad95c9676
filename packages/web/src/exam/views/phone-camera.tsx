/** Shows the page of a phone that is the second camera of an attempt: its picture, where to put it, and whether it arrives. */
import { Button } from "@lectern/ui";
import { TURN_CAMERA_ICON } from "@lectern/ui/icons";
import { useEffect, useState, useSyncExternalStore } from "react";
import { addTranslations } from "../../i18n.ts";
import { keepAwake } from "../../studio/publish/broadcast/keep-page.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { codeOfAddress } from "../session/exam-code.ts";
import { WATCHED_MESSAGES } from "../supervision/messages.ts";
import { pictureWord } from "../supervision/picture-words.ts";
import { startSupervision } from "../supervision/start-supervision.ts";
import type { SupervisionSession } from "../supervision/supervision-session.ts";
import { OwnPicture } from "../supervision/waiting-checks.tsx";
import { ExamCard } from "./exam-card.tsx";
import "../supervision/watched.css";

addTranslations(WATCHED_MESSAGES);

export function PhoneCamera({ token }: { readonly token: string }) {
  const { t } = useTranslation();
  const [facing, setFacing] = useState<"user" | "environment">("environment");
  const [supervision, setSupervision] = useState<SupervisionSession | null>(null);
  useEffect(() => keepAwake(), []);
  useEffect(() => {
    const exam = codeOfAddress(location.pathname);
    const session = startSupervision({ exam, token, hasCamera: true, cameraAs: "phone", facing });
    setSupervision(session);
    return () => session.close();
  }, [token, facing]);
  return (
    <ExamCard title={t("watched.phonePage.title")}>
      {supervision ? <PhonePicture supervision={supervision} /> : null}
      <Button icon={TURN_CAMERA_ICON} onClick={() => setFacing(facing === "user" ? "environment" : "user")}>
        {t(facing === "user" ? "watched.phonePage.back" : "watched.phonePage.front")}
      </Button>
      <p>{t("watched.phonePage.place")}</p>
    </ExamCard>
  );
}

function PhonePicture({ supervision }: { readonly supervision: SupervisionSession }) {
  const { t } = useTranslation();
  const { camera, isOver } = useSyncExternalStore(supervision.listen, supervision.snapshot);
  const word = pictureWord(camera);
  if (isOver) return <p role="status">{t("watched.phonePage.over")}</p>;
  return (
    <>
      <OwnPicture stream={camera.stream} isMirror={false} />
      <p role="status" className="watched-line" data-state={word}>
        {camera.problem
          ? t(`watched.problem.${camera.problem}`)
          : t(word === "on" ? "watched.phonePage.live" : "watched.phonePage.waiting")}
      </p>
      {word === "stopped" || word === "off" ? (
        <Button kind="primary" onClick={() => void supervision.openCamera()}>
          {t("watched.openCamera")}
        </Button>
      ) : null}
    </>
  );
}
