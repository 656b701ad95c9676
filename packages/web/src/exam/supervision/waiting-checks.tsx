/** Shows in the waiting room whether what is filmed works: the own picture, the screen, and the code that makes a phone the second camera. */
import { Button, Icon } from "@lectern/ui";
import { CAMERA_ICON, CHECK_ICON, SCREEN_ICON, WARNING_ICON } from "@lectern/ui/icons";
import { type ReactNode, useSyncExternalStore } from "react";
import { addTranslations } from "../../i18n.ts";
import { useStreamVideo } from "../../player/use-stream-video.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { SupervisionTerms } from "../attempt/exam-types.ts";
import { WATCHED_MESSAGES } from "./messages.ts";
import { PhoneCode } from "./phone-code.tsx";
import { pictureWord } from "./picture-words.ts";
import type { PictureState, SupervisionSession } from "./supervision-session.ts";
import "./watched.css";

addTranslations(WATCHED_MESSAGES);

type WaitingChecksProps = { readonly supervision: SupervisionSession; readonly terms: SupervisionTerms };

export function WaitingChecks({ supervision, terms }: WaitingChecksProps) {
  const { t } = useTranslation();
  const state = useSyncExternalStore(supervision.listen, supervision.snapshot);
  return (
    <section className="watched-checks" aria-labelledby="watched-checks">
      <h2 id="watched-checks">{t("watched.checks")}</h2>
      {terms.camera === "none" ? null : (
        <>
          <OwnPicture stream={state.camera.stream} />
          <PictureLine kind="camera" picture={state.camera}>
            <Button kind="primary" icon={CAMERA_ICON} onClick={() => void supervision.openCamera()}>
              {t("watched.openCamera")}
            </Button>
          </PictureLine>
        </>
      )}
      {!terms.screen ? null : (
        <PictureLine kind="screen" picture={state.screen}>
          <Button kind="primary" icon={SCREEN_ICON} onClick={() => void supervision.shareScreen()}>
            {t(state.screen.phase === "off" ? "watched.shareScreen" : "watched.shareAgain")}
          </Button>
        </PictureLine>
      )}
      {terms.phone ? <PhoneCode phone={state.phone} /> : null}
    </section>
  );
}

/** @param isMirror the person looks into it, as into a mirror. Default: true */
export function OwnPicture({ stream, isMirror = true }: { readonly stream: MediaStream | null; readonly isMirror?: boolean }) {
  const { t } = useTranslation();
  const video = useStreamVideo(stream);
  return (
    <video
      ref={video}
      className={isMirror ? "watched-picture mirrored" : "watched-picture"}
      muted
      playsInline
      aria-label={t("watched.ownPicture")}
    />
  );
}

type PictureLineProps = {
  readonly kind: "camera" | "screen";
  readonly picture: PictureState;
  /** The button that opens it. */
  readonly children: ReactNode;
};

function PictureLine({ kind, picture, children }: PictureLineProps) {
  const { t } = useTranslation();
  const word = pictureWord(picture);
  const isOff = word === "off" || word === "stopped";
  return (
    <div className="watched-line" data-state={word}>
      <Icon drawing={word === "on" ? CHECK_ICON : isOff ? WARNING_ICON : kind === "camera" ? CAMERA_ICON : SCREEN_ICON} />
      <p role="status">{isOff && picture.problem ? t(`watched.problem.${picture.problem}`) : t(`watched.${kind}.${word}`)}</p>
      {isOff ? children : null}
    </div>
  );
}
