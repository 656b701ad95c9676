/** Shows the teacher's picture and how it gets to the students: from this browser, or from streaming software. Before class and during it. */

import type { Lesson } from "@lectern/client";
import type { LecternPlayer } from "@lectern/player";
import { serverClock } from "@lectern/player/server-clock";
import { type ReactNode, useEffect, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { forgetLiveMark, type LiveMark, type PublishWith } from "./devices/remembered.ts";
import { DeviceTrouble } from "./parts/device-trouble.tsx";
import { OwnMirror, OwnVideo } from "./parts/own-video.tsx";
import { StageRow } from "./parts/stage-row.tsx";
import type { MeasuredUplink } from "./parts/use-measured-uplink.ts";
import { type Publishing, stopPublishing, usePublishing } from "./parts/use-publishing.ts";
import { useTeachingPage } from "./parts/use-teaching-page.ts";
import { ObsSwitch } from "./prepare/obs-switch.tsx";
import { Prepare } from "./prepare/prepare.tsx";
import { SecondStudio } from "./prepare/second-studio.tsx";
import { Preview, PreviewDelay, PreviewVideo } from "./preview.tsx";
import { SoftwareStage } from "./software-stage.tsx";
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
  readonly isOnStage: boolean;
  /** Whether the server has said so, or cannot be asked. */
  readonly isKnown: boolean;
  /** What is live comes from software. */
  readonly isOfSoftware: boolean;
  readonly uplinkKbps: number | null;
  readonly measured: MeasuredUplink;
  readonly publishWith: PublishWith;
  /** The lesson is over: nothing is shown, and nothing published. */
  readonly isHidden: boolean;
  readonly onPublishWith: (choice: PublishWith) => void;
};

export function PublishTile(props: PublishTileProps) {
  const { lesson, access, isLive, isOnStage, isKnown, uplinkKbps, measured, publishWith, isHidden, onPublishWith } = props;
  const publishing = usePublishing(lesson, access, measured);
  useEffect(() => {
    if (!isHidden || !publishing) return;
    if (publishing.state.phase !== "off") stopPublishing(publishing);
    publishing.capture.closeDevices();
  }, [isHidden, publishing]);
  const capture = publishing?.capture ?? null;
  const isOff = publishing === null || publishing.state.phase === "off";
  const isBySoftware = publishWith === "software" && isOff;
  const { mark, waiting, isSecond, wasSecond, goOn } = useTeachingPage(props, publishing, isOff);
  useEffect(() => {
    // Nobody wants to be filmed by a page that does not publish.
    if (isBySoftware || isSecond) capture?.closeDevices();
  }, [isBySoftware, isSecond, capture]);
  if (isHidden) return null;
  const choice = <ObsSwitch publishWith={publishWith} onPublishWith={onPublishWith} />;
  if (isBySoftware)
    return (
      <SoftwareStage
        lesson={lesson}
        access={access}
        isLive={isLive}
        isOnStage={isOnStage}
        uplinkKbps={uplinkKbps}
        measured={measured}
        onBrowser={() => onPublishWith("browser")}
      />
    );
  if (publishing === null)
    return (
      <Preview
        lesson={lesson}
        isLive={isLive}
        isOnStage={isOnStage}
        notes={<DeviceTrouble kind="camera" problem={window.isSecureContext ? "unsupported" : "insecure"} />}
      >
        <div className="stage-panel">{choice}</div>
      </Preview>
    );
  if (isSecond) return <Preview lesson={lesson} isLive={isLive} isOnStage={isOnStage} notes={<SecondStudio onTeach={goOn} />} />;
  const forget = (): void => {
    forgetLiveMark();
    goOn();
  };
  const goLive = (): void => {
    goOn();
    publishing.broadcast.start("main");
  };
  const notes = (
    <>
      {isOff && lesson.state === "ended" ? <ReopenNote /> : null}
      {waiting ? (
        <Continue onContinue={() => void continueClass(publishing, waiting).then(goOn)} onAfresh={forget} />
      ) : (
        <PhaseNotes publishing={publishing} onGoLive={goLive} />
      )}
    </>
  );
  return (
    <StageTile lesson={lesson} publishing={publishing} isLive={isLive} notes={notes}>
      {isOff && mark === null && (isKnown || lesson.state !== "live") ? (
        <div className="stage-panel">
          <Prepare
            publishing={publishing}
            isKnown={isKnown}
            choice={choice}
            isSoon={isSoon(lesson) && !wasSecond}
            onGoLive={goLive}
          />
        </div>
      ) : null}
    </StageTile>
  );
}

function ReopenNote() {
  const { t } = useTranslation();
  return (
    <p role="status" className="stage-note">
      {t("publishing.ended.reopenByPublishing")}
    </p>
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

/** What lies over the stage: decisions, and what the teacher has to know now. */
function PhaseNotes({ publishing, onGoLive }: { readonly publishing: Publishing; readonly onGoLive: () => void }) {
  const { phase } = publishing.state;
  const isDecision = phase === "present" || phase === "refused";
  return (
    <>
      {phase === "present" ? <PublisherPresent publishing={publishing} /> : null}
      {phase === "refused" ? <Refused publishing={publishing} onGoLive={onGoLive} /> : null}
      {isDecision || phase === "off" ? null : <LiveStatus publishing={publishing} />}
      <Notice publishing={publishing} />
      {phase === "off" ? null : <TeachDock publishing={publishing} />}
    </>
  );
}

type StageTileProps = {
  readonly lesson: Lesson;
  readonly publishing: Publishing;
  readonly isLive: boolean;
  readonly notes: ReactNode;
  readonly children: ReactNode;
};

/** The own picture without delay; once it is live, also as it arrives at the students. */
function StageTile({ lesson, publishing: { captured, state }, isLive, notes, children }: StageTileProps) {
  const { t } = useTranslation();
  const [asStudents, setAsStudents] = useState(false);
  const [player, setPlayer] = useState<LecternPlayer | null>(null);
  const isPublishing = state.phase === "live" || state.phase === "reconnecting";
  const choice = isLive ? (
    <button type="button" className="view-choice" aria-pressed={asStudents} onClick={() => setAsStudents(!asStudents)}>
      {t("preview")}
    </button>
  ) : null;
  const isPreview = isLive && asStudents;
  // One stage for both: what is written on the board, and the way back from it, stay.
  return (
    <section className="preview" aria-label={t(isPreview ? "preview" : "publishing.title")}>
      <StageRow
        className={isPublishing ? "on-air" : ""}
        notes={
          <>
            {notes}
            {isPreview ? <PreviewDelay player={player} /> : null}
          </>
        }
        over={
          <>
            {isPublishing ? <OwnMirror captured={captured} /> : null}
            {choice}
          </>
        }
      >
        {isPreview ? (
          <PreviewVideo lesson={lesson} isOnStage onPlayer={setPlayer} />
        ) : (
          <OwnVideo captured={captured} isOnAir={isPublishing} />
        )}
      </StageRow>
      {children}
    </section>
  );
}
