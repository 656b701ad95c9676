/** Shows one person: the picture, or the first letter of the name while there is none, and whether the person can be heard. */

import type { PlayerEvents } from "@lectern/player";
import type { MemberMedia } from "@lectern/room";
import { Icon } from "@lectern/ui";
import { MICROPHONE_OFF_ICON } from "@lectern/ui/icons";
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useStreamVideo } from "../player/use-stream-video.ts";
import { useTranslation } from "../texts/use-translation.ts";
import { createMemberPlayer } from "./member-player.ts";
import { playedStream } from "./played-stream.ts";

/** What the player says of a stream that nobody can decode: its own words are among its controls, which a tile has not. */
type Undecodable = "picture-undecodable" | "sound-undecodable";

type TileProps = {
  readonly media: MemberMedia;
  readonly isSpeaking: boolean;
  readonly isLarge?: boolean;
  readonly children?: ReactNode;
};

/** @param address of the person's stream, signed. @param onStream told of the picture and sound that play; null: none do */
export function MemberTile({
  address,
  onStream,
  ...tile
}: TileProps & { readonly address: string; readonly onStream: (person: string, stream: MediaStream | null) => void }) {
  const { media } = tile;
  const { person, name, microphone } = media;
  const host = useRef<HTMLDivElement>(null);
  const player = useRef<HTMLElement | null>(null);
  const [undecodable, setUndecodable] = useState<Undecodable | null>(null);
  const { t } = useTranslation();
  useEffect(() => {
    const element = createMemberPlayer();
    const heard = ({ detail: { problem } }: PlayerEvents["lectern-state"]) =>
      setUndecodable(problem === "picture-undecodable" || problem === "sound-undecodable" ? problem : null);
    element.addEventListener("lectern-state", heard);
    player.current = element;
    host.current?.append(element);
    const video = element.shadowRoot?.querySelector("video");
    const tell = () => video && onStream(person, playedStream(video));
    video?.addEventListener("playing", tell);
    return () => {
      video?.removeEventListener("playing", tell);
      element.removeEventListener("lectern-state", heard);
      element.remove();
      onStream(person, null);
    };
  }, [person, onStream]);
  useEffect(() => player.current?.setAttribute("aria-label", name), [name]);
  // A person who is muted is not heard, whatever the device goes on sending.
  useEffect(() => {
    player.current?.toggleAttribute("muted", !microphone);
    const video = player.current?.shadowRoot?.querySelector("video");
    if (video) video.muted = !microphone;
  }, [microphone]);
  useEffect(() => player.current?.setAttribute("src", address), [address]);
  return (
    <Frame {...tile}>
      <div className="player-of-person" ref={host} />
      {undecodable ? (
        <p className="tile-problem" role="status">
          {t(`stage.undecodable.${undecodable}`)}
        </p>
      ) : null}
      {tile.children}
    </Frame>
  );
}

export function OwnTile({ stream, ...tile }: TileProps & { readonly stream: MediaStream | null }) {
  const { t } = useTranslation();
  const video = useStreamVideo(stream);
  const isMirrored = tile.media.screen !== "sharing";
  return (
    <Frame {...tile} name={t("stage.you")}>
      <video ref={video} className={isMirrored ? "mirrored" : ""} muted playsInline aria-label={t("stage.you")} />
    </Frame>
  );
}

function Frame({ media, name = media.name, isSpeaking, isLarge = false, children }: TileProps & { readonly name?: string }) {
  const { t } = useTranslation();
  const isSharing = media.screen === "sharing";
  const classes = ["tile-of-person", isSpeaking ? "speaking" : "", isLarge ? "large" : "", isSharing ? "screen" : ""];
  const [picture, ...more] = [children].flat();
  return (
    <figure className={classes.join(" ").trim()} data-person={media.person}>
      {picture}
      {media.camera || isSharing ? null : (
        <span className="initial" aria-hidden="true">
          {[...name].at(0)?.toUpperCase()}
        </span>
      )}
      <figcaption>
        <span className="grow">{isSharing ? t("stage.sharesScreen", { name }) : name}</span>
        {media.microphone ? null : (
          <span title={t("stage.muted")}>
            <Icon drawing={MICROPHONE_OFF_ICON} />
            <span className="unseen">{t("stage.muted")}</span>
          </span>
        )}
      </figcaption>
      {more}
    </figure>
  );
}
