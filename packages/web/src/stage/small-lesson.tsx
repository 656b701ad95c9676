/** Shows a small lesson: everybody is seen and heard. The one who speaks, or who shares a screen, is large; the others are beside it. */
import { useMemo, useState } from "react";
import { addTranslations } from "../i18n.ts";
import { looksOn } from "../room/roles.ts";
import type { Room } from "../room/use-room.ts";
import { useTranslation } from "../texts/use-translation.ts";
import { isLargeForOthers, largeOf } from "./large.ts";
import { STAGE_MESSAGES } from "./messages.ts";
import { HeardStatus, OwnControls } from "./own-controls.tsx";
import { ScreenButton } from "./screen-button.tsx";
import { videoLimits } from "./video-limits.ts";
import "./stage.css";
import { type Stage, stageOf } from "@lectern/room";
import { memberAddress } from "./stage-keys.ts";
import { LessonActions, PersonActions } from "./teacher-actions.tsx";
import { MemberTile, OwnTile } from "./tile.tsx";
import { useMemberPublisher } from "./use-member-publisher.ts";
import { type OwnDevices, useOwnMedia } from "./use-own-media.ts";
import { useSpeaker } from "./use-speaker.ts";
import { useStageKeys } from "./use-stage-keys.ts";
import { type Streams, useStreams } from "./use-streams.ts";

addTranslations(STAGE_MESSAGES);

export function SmallLesson({ room }: { readonly room: Room }) {
  const { t } = useTranslation();
  const [hasJoined, setHasJoined] = useState(false);
  const devices = useOwnMedia(true);
  const { keys, refusal } = useStageKeys(room, hasJoined && room.you ? "joined" : null);
  const isSharing = devices.own.isSharing;
  const stage = stageOf(room);
  const you = room.you?.id ?? "";
  const { streams, onStream } = useStreams();
  const { speaker, other } = useSpeakers(streams, you, hasJoined ? devices.own.stream : null);
  const limits = videoLimits({
    people: stage.media.length,
    isLarge: isLargeForOthers(stage, speaker, you),
    isScreen: isSharing,
  });
  const state = useMemberPublisher(keys.publish, devices.own.stream, isSharing, limits);
  if (!hasJoined) return <Lobby room={room} devices={devices} onJoin={() => setHasJoined(true)} />;
  const media = stage.media.find(({ person }) => person === you) ?? null;
  return (
    <section className="small-lesson" aria-label={t("stage.tiles")}>
      <Tiles {...{ room, stage, you, devices, speaker, other, onStream }} play={keys.play} />
      <div className="small-lesson-bar">
        {looksOn(room) ? (
          <p role="status">{t("stage.looksOn")}</p>
        ) : refusal ? (
          <p role="alert">{refusal.code === "full" ? t("stage.full") : refusal.detail}</p>
        ) : (
          <HeardStatus state={state} devices={devices} />
        )}
        <div className="stage-buttons">
          {media ? <OwnControls {...{ room, devices, media }} /> : null}
          {media ? <ScreenButton {...{ room, stage, devices, media }} /> : null}
          {room.you?.role === "staff" ? <LessonActions room={room} stage={stage} /> : null}
        </div>
      </div>
    </section>
  );
}

/** One press, which also lets the page play sound. A device that does not open keeps nobody out. Who looks on is asked for none. */
function Lobby({
  room,
  devices: { media },
  onJoin,
}: {
  readonly room: Room;
  readonly devices: OwnDevices;
  readonly onJoin: () => void;
}) {
  const { t } = useTranslation();
  const { media: people } = stageOf(room);
  const join = async (microphone: boolean, camera: boolean): Promise<void> => {
    if (microphone) await media.setMicrophone(true);
    if (camera) await media.setCamera(true);
    onJoin();
  };
  const isReady = room.status === "open";
  const canBeSeen = !looksOn(room);
  return (
    <section className="small-lesson-lobby">
      <h2>{t("stage.joinTitle")}</h2>
      <p>{people.length > 0 ? people.map(({ name }) => name).join(", ") : t("stage.alone")}</p>
      <div className="stage-buttons">
        {canBeSeen ? (
          <>
            <button type="button" className="button primary" disabled={!isReady} onClick={() => void join(true, true)}>
              {t("stage.join")}
            </button>
            <button type="button" className="button" disabled={!isReady} onClick={() => void join(true, false)}>
              {t("stage.joinSound")}
            </button>
          </>
        ) : null}
        <button
          type="button"
          className={canBeSeen ? "button" : "button primary"}
          disabled={!isReady}
          onClick={() => void join(false, false)}
        >
          {t("stage.joinQuiet")}
        </button>
      </div>
      <p className="text-muted">{t(canBeSeen ? "stage.joinHint" : "stage.looksOn")}</p>
    </section>
  );
}

type TilesProps = {
  readonly room: Room;
  readonly stage: Stage;
  readonly you: string;
  readonly devices: OwnDevices;
  readonly speaker: string | null;
  readonly other: string | null;
  readonly onStream: Streams["onStream"];
  readonly play: Parameters<typeof memberAddress>[0] | null;
};

function Tiles({ room, stage, you, devices, speaker, other, onStream, play }: TilesProps) {
  const { t } = useTranslation();
  const { media, layout } = stage;
  const large = largeOf(stage, other, you);
  // The order stays: only the size changes, so that no picture begins again.
  const view = large === null || layout.view === "grid" ? "grid" : "speaker";
  const isStaff = room.you?.role === "staff";
  return (
    <div className={`tiles ${view}`} data-count={media.length}>
      {media.map((one) => {
        const shared = { media: one, isSpeaking: one.person === speaker, isLarge: view === "speaker" && one.person === large };
        if (one.person === you) return <OwnTile key={one.person} {...shared} stream={devices.own.stream} />;
        if (!play) return null;
        return (
          <MemberTile key={one.person} {...shared} address={memberAddress(play, one.person)} onStream={onStream}>
            {isStaff ? <PersonActions room={room} media={one} layout={layout} /> : null}
          </MemberTile>
        );
      })}
      {media.every(({ person }) => person === you) ? <p className="stage-status">{t("stage.alone")}</p> : null}
    </div>
  );
}

/** @returns who speaks, which may be this person; and of the others, who has spoken last */
function useSpeakers(streams: Streams["streams"], you: string, own: MediaStream | null) {
  const heard = useMemo(() => (own ? new Map([...streams, [you, own]]) : streams), [streams, you, own]);
  const speaker = useSpeaker(heard);
  const [other, setOther] = useState<string | null>(null);
  if (speaker !== null && speaker !== you && speaker !== other) setOther(speaker);
  return { speaker, other };
}
