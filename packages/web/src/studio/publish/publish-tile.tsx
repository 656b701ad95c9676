/** The teacher's picture and how it gets to the students: from this browser, or from streaming software. Before class and during it. */

import type { Lesson } from "@lectern/client";
import { serverClock } from "@lectern/player/server-clock";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { forgetLiveMark, type LiveMark, type PublishWith, readLiveMark } from "./devices/remembered.ts";
import { FailedAttempts } from "./failed-attempts.tsx";
import { DeviceTrouble } from "./parts/device-trouble.tsx";
import { OwnPicture } from "./parts/own-picture.tsx";
import { StageRow } from "./parts/stage-row.tsx";
import type { MeasuredUplink } from "./parts/use-measured-uplink.ts";
import { type Publishing, stopPublishing, usePublishing } from "./parts/use-publishing.ts";
import { ConnectionCheck } from "./prepare/checks.tsx";
import { Prepare } from "./prepare/prepare.tsx";
import { Preview } from "./preview.tsx";
import { Continue, PublisherPresent, Refused } from "./teach/decisions.tsx";
import { LiveStatus } from "./teach/live-status.tsx";
import { Notice } from "./teach/notice.tsx";
import { TeachDock } from "./teach/teach-dock.tsx";
import "./publish.css";

/** Devices are not opened by themselves for a lesson that is further away. */
const SOON_MS = 30 * 60_000;

type PublishTileProps = {
  readonly lesson: Lesson;
  readonly access: NonNullable<Lesson["stream"]>;
  /** Somebody publishes, as the server has it. */
  readonly isLive: boolean;
  readonly measured: MeasuredUplink;
  readonly publishWith: PublishWith;
  /** The lesson is over: nothing is shown, and nothing published. */
  readonly isHidden: boolean;
  readonly onPublishWith: (choice: PublishWith) => void;
};

export function PublishTile({ lesson, access, isLive, measured, publishWith, isHidden, onPublishWith }: PublishTileProps) {
  const { t } = useTranslation();
  const publishing = usePublishing(lesson, access, measured);
  const [mark, setMark] = useState(() => readLiveMark(lesson.id, serverClock.now()));
  useEffect(() => {
    if (!isHidden || !publishing) return;
    if (publishing.state.phase !== "off") stopPublishing(publishing);
    publishing.capture.closeDevices();
  }, [isHidden, publishing]);
  const capture = publishing?.capture ?? null;
  const isOff = publishing === null || publishing.state.phase === "off";
  const isBySoftware = publishWith === "software" && isOff;
  useEffect(() => {
    // Nobody wants to be filmed by a page that does not publish.
    if (isBySoftware) capture?.closeDevices();
  }, [isBySoftware, capture]);
  if (isHidden) return null;
  const choice = isOff ? <PublishWithChoice {...{ publishWith, onPublishWith }} /> : null;
  if (isBySoftware)
    return (
      <Preview isLive={isLive} choice={choice}>
        {isLive ? null : <p>{t("publishing.softwareHint")}</p>}
        {isLive ? null : <FailedAttempts />}
        <ol className="checks">
          <ConnectionCheck measured={measured} />
        </ol>
      </Preview>
    );
  if (publishing === null)
    return (
      <Preview isLive={isLive} choice={choice}>
        <DeviceTrouble kind="camera" problem={window.isSecureContext ? "unsupported" : "insecure"} />
      </Preview>
    );
  const isWaiting = isOff && mark !== null;
  const forget = (): void => {
    forgetLiveMark();
    setMark(null);
  };
  return (
    <StageTile publishing={publishing} isLive={isLive} choice={isWaiting ? null : choice}>
      {isOff && lesson.state === "ended" ? <p role="status">{t("publishing.ended.reopenByPublishing")}</p> : null}
      {isWaiting ? (
        <Continue onContinue={() => void continueClass(publishing, mark).then(() => setMark(null))} onAfresh={forget} />
      ) : (
        <Phase publishing={publishing} isSoon={isSoon(lesson)} onLive={() => setMark(null)} />
      )}
    </StageTile>
  );
}

/** Opens the devices as they were; a screen has to be chosen again, as browsers want it. */
async function continueClass({ capture, broadcast }: Publishing, { source, isMuted, isCameraOff }: LiveMark): Promise<void> {
  capture.setMuted(isMuted);
  if (isCameraOff) await capture.setCameraOff(true);
  if (source === "sound" || source === "screen" || source === "both") await capture.chooseSource(source);
  await capture.open();
  broadcast.start("main", true);
}

/** Whether a person who opens the studio is about to teach. */
function isSoon({ state, startsAt }: Lesson): boolean {
  return state === "live" || startsAt === null || Date.parse(startsAt) - serverClock.now() < SOON_MS;
}

type PhaseProps = {
  readonly publishing: Publishing;
  readonly isSoon: boolean;
  readonly onLive: () => void;
};

function Phase({ publishing, isSoon, onLive }: PhaseProps) {
  const { broadcast, state } = publishing;
  const goLive = (): void => {
    onLive();
    broadcast.start("main");
  };
  if (state.phase === "off")
    return (
      <>
        <Notice publishing={publishing} />
        <Prepare publishing={publishing} isSoon={isSoon} onGoLive={goLive} />
      </>
    );
  return (
    <>
      {state.phase === "present" ? <PublisherPresent publishing={publishing} /> : null}
      {state.phase === "refused" ? <Refused publishing={publishing} onGoLive={goLive} /> : null}
      {state.phase === "present" || state.phase === "refused" ? null : <LiveStatus publishing={publishing} />}
      <Notice publishing={publishing} />
      <TeachDock publishing={publishing} />
    </>
  );
}

type StageTileProps = {
  readonly publishing: Publishing;
  readonly isLive: boolean;
  readonly choice: ReactNode;
  readonly children: ReactNode;
};

/** The own picture without delay; once it is live, also as students see it. */
function StageTile({ publishing: { captured, state }, isLive, choice, children }: StageTileProps) {
  const { t } = useTranslation();
  const [asStudents, setAsStudents] = useState(false);
  const isPublishing = state.phase === "live" || state.phase === "reconnecting";
  const pictureChoice = isLive ? (
    <fieldset className="chips">
      <legend className="only-spoken">{t("publishing.pictureChoice")}</legend>
      <button type="button" className="button small" aria-pressed={!asStudents} onClick={() => setAsStudents(false)}>
        {t("publishing.ownPicture")}
      </button>
      <button type="button" className="button small" aria-pressed={asStudents} onClick={() => setAsStudents(true)}>
        {t("preview")}
      </button>
    </fieldset>
  ) : null;
  const choices = (
    <>
      {choice}
      {pictureChoice}
    </>
  );
  if (isLive && asStudents)
    return (
      <Preview isLive={isLive} choice={choices}>
        {children}
      </Preview>
    );
  return (
    <section className={state.phase === "off" ? "tile preview preparing" : "tile preview"} aria-label={t("publishing.title")}>
      <div className="row stage-head">
        <h2>{t("publishing.ownPicture")}</h2>
        {choices}
      </div>
      <StageRow className={isPublishing ? "on-air" : ""}>
        <OwnPicture captured={captured} />
      </StageRow>
      {children}
    </section>
  );
}

function PublishWithChoice({ publishWith, onPublishWith }: Pick<PublishTileProps, "publishWith" | "onPublishWith">) {
  const { t } = useTranslation();
  return (
    <fieldset className="chips">
      <legend className="only-spoken">{t("publishing.withLabel")}</legend>
      {(["browser", "software"] as const).map((one) => (
        <button
          key={one}
          type="button"
          className="button small"
          aria-pressed={publishWith === one}
          onClick={() => onPublishWith(one)}
        >
          {t(`publishing.with.${one}`)}
        </button>
      ))}
    </fieldset>
  );
}
