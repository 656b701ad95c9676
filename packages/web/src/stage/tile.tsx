/** One person: the picture, or the first letter of the name while there is none, and whether the person can be heard. */
import type { LecternPlayer } from "@lectern/player";
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import "@lectern/player";
import { dispatchAddress } from "../player/media-address.ts";
import { StageIcon } from "./icons.tsx";
import { playedStream } from "./played-stream.ts";
import type { MemberMedia } from "./stage-state.ts";

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
  const player = useRef<LecternPlayer | null>(null);
  useEffect(() => {
    const video = player.current?.shadowRoot?.querySelector("video");
    if (!video) return;
    const tell = () => onStream(media.person, playedStream(video));
    video.addEventListener("playing", tell);
    return () => {
      video.removeEventListener("playing", tell);
      onStream(media.person, null);
    };
  }, [media.person, onStream]);
  // A person who is muted is not heard, whatever the device goes on sending.
  useEffect(() => {
    const video = player.current?.shadowRoot?.querySelector("video");
    if (video) video.muted = !media.microphone;
  }, [media.microphone]);
  return (
    <Frame {...tile}>
      <lectern-player
        ref={player as never}
        src={address}
        dispatch={dispatchAddress()}
        autoplay=""
        controls="off"
        reports="off"
        latency="realtime"
        tabIndex={-1}
        lang={document.documentElement.lang}
        aria-label={media.name}
        {...(media.microphone ? {} : { muted: "" })}
      />
    </Frame>
  );
}

export function OwnTile({ stream, ...tile }: TileProps & { readonly stream: MediaStream | null }) {
  const { t } = useTranslation();
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const element = video.current;
    if (!element || element.srcObject === stream) return;
    element.srcObject = stream;
    // A stream that is replaced before it plays takes the promise with it.
    if (stream) void element.play().catch(() => {});
  }, [stream]);
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
            <StageIcon name="microphoneOff" />
            <span className="unseen">{t("stage.muted")}</span>
          </span>
        )}
      </figcaption>
      {more}
    </figure>
  );
}
