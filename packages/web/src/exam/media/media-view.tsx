/** Shows pictures and sound of a question or a passage: pictures larger on a press, sound with how often it may still be played. */
import type { Media, Picture, Sound } from "@lectern/exam";
import { Button } from "@lectern/ui";
import { ZOOM_IN_ICON, ZOOM_OUT_ICON } from "@lectern/ui/icons";
import { useContext, useState, useSyncExternalStore } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { clockText } from "../attempt/clock-text.ts";
import { MediaContext } from "./media-context.ts";
import type { SoundPlayer } from "./sound-player.ts";
import "./media.css";

export function MediaView({ media = [] }: { readonly media?: readonly Media[] | undefined }) {
  if (media.length === 0) return null;
  return (
    <div className="paper-media">
      {media.map((one) =>
        one.kind === "picture" ? <PictureView key={one.file} picture={one} /> : <SoundView key={one.file} sound={one} />,
      )}
    </div>
  );
}

function PictureView({ picture }: { readonly picture: Picture }) {
  const { t } = useTranslation();
  const { urlOf } = useContext(MediaContext);
  const [isLarge, setIsLarge] = useState(false);
  const url = urlOf(picture.file);
  const { alt, width, height } = picture;
  if (url === null) return <p className="error">{t("paper.mediaMissing")}</p>;
  const image = <img src={url} alt={alt} width={width} height={height} />;
  return (
    <figure className={isLarge ? "paper-picture large" : "paper-picture"}>
      {isLarge ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the keys that scroll
        <section className="paper-picture-window" aria-label={alt} tabIndex={0}>
          {image}
        </section>
      ) : (
        image
      )}
      <Button
        icon={isLarge ? ZOOM_OUT_ICON : ZOOM_IN_ICON}
        aria-pressed={isLarge}
        aria-label={t("paper.pictureLarger")}
        onClick={() => setIsLarge(!isLarge)}
      />
    </figure>
  );
}

function SoundView({ sound }: { readonly sound: Sound }) {
  const { t } = useTranslation();
  const { urlOf, player } = useContext(MediaContext);
  const title = sound.title || t("paper.sound");
  const url = urlOf(sound.file);
  if (url === null) return <p className="error">{t("paper.mediaMissing")}</p>;
  if (player && sound.plays !== undefined) return <LimitedSound sound={sound} title={title} player={player} />;
  return (
    <figure className="paper-sound">
      <figcaption dir="auto">{title}</figcaption>
      {/* biome-ignore lint/a11y/useMediaCaption: a listening test is heard; words beside it would answer it */}
      <audio controls preload="metadata" src={url} aria-label={title} />
      {sound.plays === undefined ? null : <small className="text-muted">{t("paper.plays", { count: sound.plays })}</small>}
    </figure>
  );
}

/** It stands still and is moved by nobody: each play is one from its beginning to its end. */
function LimitedSound({ sound, title, player }: { readonly sound: Sound; readonly title: string; readonly player: SoundPlayer }) {
  const { t } = useTranslation();
  useSyncExternalStore(player.listen, player.snapshot);
  const { isPlaying, left, canContinue, seconds, duration, hasFailed } = player.stateOf(sound);
  const isOver = left === 0 && !canContinue && !isPlaying;
  return (
    <figure className="paper-sound limited">
      <figcaption dir="auto">{title}</figcaption>
      <div className="paper-sound-row">
        <Button disabled={isPlaying || isOver} onClick={() => player.play(sound)}>
          {t(isPlaying ? "paper.playing" : canContinue ? "paper.playOn" : "paper.play")}
        </Button>
        {isPlaying ? (
          <>
            <progress aria-label={title} max={duration > 0 ? duration : 1} value={duration > 0 ? seconds : 0} />
            <span className="text-muted">{clockText(Math.floor(seconds))}</span>
          </>
        ) : null}
      </div>
      <small className="text-muted" aria-live="polite">
        {isOver ? t("paper.playedOut") : t("paper.playsLeft", { count: left ?? 0 })}
      </small>
      {hasFailed ? (
        <p className="error" role="alert">
          {t("paper.soundFailed")}
        </p>
      ) : null}
    </figure>
  );
}
