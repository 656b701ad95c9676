/**
 * Shows the stage beside the teacher's preview: those who are called on are seen and heard here, mixed into what this page publishes, muted, and sent
 * back to their seats. While the teacher publishes with other software, pages play them beside the lesson's stream.
 */
import { useEffect, useSyncExternalStore } from "react";
import { addTranslations } from "../i18n.ts";
import type { Room } from "../room/use-room.ts";
import { useTranslation } from "../texts/use-translation.ts";
import { lessonMix } from "./lesson-mix.ts";
import { STAGE_MESSAGES } from "./messages.ts";
import { HOST_PICTURE } from "./video-limits.ts";
import "./stage.css";
import { onStage, type Stage, stageOf } from "@lectern/room";
import { memberAddress } from "./stage-keys.ts";
import { PersonActions } from "./teacher-actions.tsx";
import { MemberTile } from "./tile.tsx";
import { useMemberPublisher } from "./use-member-publisher.ts";
import { useSpeaker } from "./use-speaker.ts";
import { useStageKeys } from "./use-stage-keys.ts";
import { useStreams } from "./use-streams.ts";

addTranslations(STAGE_MESSAGES);

type StudioStageProps = {
  readonly room: Room;
  /** Does something in the room, and says so where it was refused. */
  readonly act: (kind: string, body: Readonly<Record<string, unknown>>) => Promise<boolean>;
};

export function StudioStage({ room, act }: StudioStageProps) {
  const { t } = useTranslation();
  const stage = stageOf(room);
  const mix = useSyncExternalStore(lessonMix.subscribe, lessonMix.snapshot);
  const speakers = onStage(stage);
  const isUsed = speakers.length > 0;
  const { keys } = useStageKeys(room, isUsed ? `on ${mix.isPublishing}` : null);
  // Those on stage hear the teacher without themselves.
  useMemberPublisher(mix.isPublishing ? keys.publish : null, mix.own, false, HOST_PICTURE);
  const { streams, onStream } = useStreams();
  const speaker = useSpeaker(streams);
  useMix(stage, streams);
  useMixedLayout(room, stage, isUsed, mix.isPublishing);
  const shown = stage.people.filter(({ state }) => state !== "host");
  if (shown.length === 0) return null;
  return (
    <section className="on-stage" aria-label={t("stage.onStage")}>
      <div className="row">
        <h3>{t("stage.onStage")}</h3>
        <button type="button" className="button small" onClick={() => void act("stage", { action: "clear" })}>
          {t("stage.clear")}
        </button>
      </div>
      {mix.isPublishing ? null : <p className="text-muted">{t("stage.notMixed")}</p>}
      <div className="speaker-strip">
        {shown.map(({ person, name, state }) => {
          const media = stage.media.find((one) => one.person === person);
          return (
            <div key={person} className="stage-place">
              {media && keys.play && state === "on" ? (
                <MemberTile address={memberAddress(keys.play, person)} isSpeaking={person === speaker} {...{ media, onStream }}>
                  <PersonActions room={room} media={media} layout={stage.layout} />
                </MemberTile>
              ) : (
                <p role="status">
                  {name} <small className="text-muted">{t("stage.invited")}</small>
                </p>
              )}
              <button
                type="button"
                className="button small"
                aria-label={`${t("stage.takeOff")}: ${name}`}
                onClick={() => void act("stage", { action: "remove", person })}
              >
                {t("stage.takeOff")}
              </button>
            </div>
          );
        })}
      </div>
    </section>
  );
}

/** A person who is muted is not in the mix, whatever the device goes on sending. */
function useMix({ people, media }: Stage, streams: ReadonlyMap<string, MediaStream>): void {
  const on = new Set(onStage({ people }).map(({ person }) => person));
  const heard = media.filter(({ person, microphone }) => on.has(person) && microphone);
  const key = heard.map(({ person, camera }) => `${person} ${camera}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says what is heard
  useEffect(() => {
    lessonMix.setMembers(
      heard.flatMap(({ person, camera }) => {
        const stream = streams.get(person);
        return stream ? [{ person, stream, isShown: camera }] : [];
      }),
    );
  }, [key, streams]);
  useEffect(() => () => lessonMix.setMembers([]), []);
}

/** Tells pages whether they have to play the stage themselves. */
function useMixedLayout({ send, status }: Room, { layout: { mixed } }: Stage, isUsed: boolean, isPublishing: boolean): void {
  useEffect(() => {
    if (!isUsed || status !== "open" || mixed === isPublishing) return;
    void send("layout", { action: "set", mixed: isPublishing }).catch(() => {});
  }, [send, status, isUsed, mixed, isPublishing]);
}
