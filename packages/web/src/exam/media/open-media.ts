/** Opens pictures and sound of a paper in the browser, for one attempt. */
import type { PaperFile } from "@lectern/exam";
import { forgetValue, keepValue, keptValue } from "../../session/kept-values.ts";
import type { MediaHooks, OpenedMedia } from "./media-context.ts";
import { PaperMedia } from "./paper-media.ts";
import { SoundPlayer } from "./sound-player.ts";

export function openMedia(attempt: string, files: readonly PaperFile[], { playsOf, onPlayed }: MediaHooks): OpenedMedia {
  const media = new PaperMedia(files);
  const name = (file: string) => `lectern-sound ${attempt} ${file}`;
  const player = new SoundPlayer({
    urlOf: media.urlOf,
    playsOf,
    onPlayed,
    positions: {
      getItem: (file) => keptValue("device", name(file)),
      setItem: (file, value) => keepValue("device", name(file), value),
      removeItem: (file) => forgetValue("device", name(file)),
    },
    newAudio: () => new Audio(),
  });
  return {
    shown: { urlOf: media.urlOf, player },
    hold: (isHeld) => player.hold(isHeld),
    close: () => {
      player.close();
      media.close();
    },
  };
}
