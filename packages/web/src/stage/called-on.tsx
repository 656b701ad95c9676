/**
 * Shows the stage in a class: asks a student who is called on, lets the student be heard, and plays the others who are on stage where the lesson's
 * own stream does not have them. A student on stage hears the teacher by a stream of the teacher's own, and never itself.
 */

import type { LecternPlayer } from "@lectern/player";
import { Icon } from "@lectern/ui";
import { LEAVE_ICON } from "@lectern/ui/icons";
import { useEffect, useState } from "react";
import { addTranslations } from "../i18n.ts";
import type { Room } from "../room/use-room.ts";
import { useTranslation } from "../texts/use-translation.ts";
import { STAGE_MESSAGES } from "./messages.ts";
import { HeardStatus, OwnControls } from "./own-controls.tsx";
import { OwnLevel } from "./own-level.tsx";
import "./stage.css";
import { onStage, type Stage, stageOf } from "@lectern/room";
import { memberAddress, type StageKeys } from "./stage-keys.ts";
import { MemberTile, OwnTile } from "./tile.tsx";
import { useMemberPublisher } from "./use-member-publisher.ts";
import { type OwnDevices, useOwnMedia } from "./use-own-media.ts";
import { useStageKeys } from "./use-stage-keys.ts";
import { useStreams } from "./use-streams.ts";
import { CALLED_ON_PICTURE } from "./video-limits.ts";

addTranslations(STAGE_MESSAGES);

type CalledOnProps = {
  readonly room: Room;
  readonly player: LecternPlayer | null;
  /** The lesson is silent, because this person speaks in it. */
  readonly onSilence: (isSilent: boolean) => void;
};

export function CalledOn({ room, player, onSilence }: CalledOnProps) {
  const { t } = useTranslation();
  const stage = stageOf(room);
  const you = room.you?.id ?? "";
  const own = stage.people.find(({ person }) => person === you) ?? null;
  const isOn = own?.state === "on";
  const speakers = onStage(stage);
  const devices = useOwnMedia(own !== null);
  const playsStage = speakers.length > 0 && (isOn || !stage.layout.mixed);
  const { keys } = useStageKeys(room, playsStage ? `${isOn} ${stage.layout.mixed}` : null);
  const publishing = useMemberPublisher(isOn ? keys.publish : null, isOn ? devices.own.stream : null, false, CALLED_ON_PICTURE);
  useSilence(player, isOn, onSilence);
  if (own?.state === "invited") return <Question room={room} devices={devices} withCamera={own.camera} />;
  if (speakers.length === 0) return null;
  const media = stage.media.find(({ person }) => person === you) ?? null;
  return (
    <section className="on-stage" aria-label={t("stage.people")}>
      {isOn || playsStage ? (
        <div className="speaker-strip">
          {isOn && media ? <OwnTile media={media} stream={devices.own.stream} isSpeaking={false} /> : null}
          {playsStage ? <Others stage={stage} you={you} keys={keys} withHosts={isOn} /> : null}
        </div>
      ) : (
        <Names stage={stage} />
      )}
      {isOn && media ? (
        <div className="own-stage">
          <div className="heard">
            <HeardStatus state={publishing} devices={devices} />
            <OwnLevel stream={devices.own.stream} />
          </div>
          <div className="stage-buttons">
            <OwnControls room={room} devices={devices} media={media} />
            <button
              type="button"
              className="stage-button danger"
              onClick={() => void room.send("stage", { action: "leave" }).catch(() => {})}
            >
              <Icon drawing={LEAVE_ICON} />
              <span>{t("stage.leave")}</span>
            </button>
          </div>
        </div>
      ) : null}
    </section>
  );
}

type QuestionProps = { readonly room: Room; readonly devices: OwnDevices; readonly withCamera: boolean };

/** The microphone opens first: who accepts is heard. */
function Question({ room, devices: { media, own }, withCamera }: QuestionProps) {
  const { t } = useTranslation();
  const [isBusy, setIsBusy] = useState(false);
  const [failure, setFailure] = useState("");
  const accept = async (camera: boolean): Promise<void> => {
    setIsBusy(true);
    setFailure("");
    const isOpen = await media.setMicrophone(true);
    // Without a camera, the voice is enough.
    const shows = isOpen && camera && (await media.setCamera(true));
    if (isOpen) await room.send("stage", { action: "accept", camera: shows }).catch((error: Error) => setFailure(error.message));
    setIsBusy(false);
  };
  const problem = own.problem ? t(`stage.${own.problem.isDenied ? "denied" : "missing"}.${own.problem.kind}`) : failure;
  return (
    <section className="called-on" role="alertdialog" aria-labelledby="called-on" aria-describedby="called-on-hint">
      <h2 id="called-on">{t("stage.calledOn")}</h2>
      <p id="called-on-hint">{t("stage.calledOnHint")}</p>
      {problem ? <p role="alert">{problem}</p> : null}
      <div className="stage-buttons">
        <button type="button" className="button primary" disabled={isBusy} onClick={() => void accept(false)}>
          {t("stage.speak")}
        </button>
        {withCamera ? (
          <button type="button" className="button" disabled={isBusy} onClick={() => void accept(true)}>
            {t("stage.speakWithCamera")}
          </button>
        ) : null}
        <button
          type="button"
          className="button"
          disabled={isBusy}
          onClick={() => void room.send("stage", { action: "decline" }).catch(() => {})}
        >
          {t("stage.notNow")}
        </button>
      </div>
    </section>
  );
}

type OthersProps = { readonly stage: Stage; readonly you: string; readonly keys: StageKeys; readonly withHosts: boolean };

/** @param withHosts whether the teachers' own streams play too: for those on stage, who do not hear the lesson's */
function Others({ stage, you, keys: { play }, withHosts }: OthersProps) {
  const { onStream } = useStreams();
  const shown = stage.people.filter(({ person, state }) => person !== you && (state === "on" || (withHosts && state === "host")));
  return shown.map(({ person }) => {
    const media = stage.media.find((one) => one.person === person);
    if (!media || !play) return null;
    return <MemberTile key={person} address={memberAddress(play, person)} isSpeaking={false} media={media} onStream={onStream} />;
  });
}

/** The lesson's stream has them. */
function Names({ stage }: { readonly stage: Stage }) {
  const { t } = useTranslation();
  const names = onStage(stage).map(({ name }) => name);
  return (
    <p className="stage-status" role="status">
      {t("stage.speaking", { name: names.join(", ") })}
    </p>
  );
}

/** A person on stage does not play the lesson, in which the own voice is, whatever is pressed. */
function useSilence(player: LecternPlayer | null, isSilent: boolean, onSilence: (isSilent: boolean) => void): void {
  useEffect(() => {
    const video = player?.shadowRoot?.querySelector("video");
    if (!video || !isSilent) return;
    const before = video.muted;
    const silence = (): void => {
      video.muted = true;
    };
    silence();
    video.addEventListener("volumechange", silence);
    onSilence(true);
    return () => {
      video.removeEventListener("volumechange", silence);
      video.muted = before;
      onSilence(false);
    };
  }, [player, isSilent, onSilence]);
}
