/** Shows the room's captions over the picture, each when the picture has come to it. */
import { serverClock } from "@lectern/player/server-clock";
import { captionOf } from "@lectern/room";
import { useEffect, useState } from "react";
import type { Room } from "../../../room/use-room.ts";
import { CaptionLayer } from "./caption-layer.ts";
import { CaptionLines } from "./caption-lines.ts";
import type { CaptionPreferences } from "./preferences.ts";

const DRAW_MS = 150;
const MAX_LATE_MS = 60_000;

/**
 * @param mediaTime the stream's time that the player shows, milliseconds; null where it does not tell
 * @returns whether captions have come
 */
export function useCaptions(
  { onEntry }: Pick<Room, "onEntry">,
  player: HTMLElement | null,
  preferences: CaptionPreferences,
  mediaTime: () => number | null,
): boolean {
  const [has, setHas] = useState(false);
  const [lines] = useState(() => new CaptionLines());
  const [language, setLanguage] = useState("");
  useEffect(
    () =>
      onEntry((entry) => {
        const caption = captionOf(entry);
        // A correction of what was said long ago.
        if (!caption || entry.at - caption.spokenAt > MAX_LATE_MS) return;
        setHas(true);
        setLanguage(caption.language);
        lines.take(caption, serverClock.elapsed());
      }),
    [onEntry, lines],
  );
  const { isShown } = preferences;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the time is asked for at each draw
  useEffect(() => {
    if (!player || !has || !isShown) return;
    const layer = new CaptionLayer(player);
    layer.setPreferences(preferences);
    const timer = setInterval(() => layer.show(lines.shown(serverClock.elapsed(), mediaTime()), language), DRAW_MS);
    return () => {
      clearInterval(timer);
      layer.close();
    };
  }, [player, has, isShown, preferences, language, lines]);
  return has;
}
