/** Shows the room's bullet comments and reactions over the picture. */

import { textOf } from "@lectern/room";
import { useEffect, useRef } from "react";
import type { Room } from "../../../room/use-room.ts";
import { emojiOf } from "../../parts/reaction-kinds.ts";
import { Overlay } from "./overlay.ts";
import type { BulletComments } from "./preferences.ts";

const COLOR = /^#[0-9a-f]{6}$/i;

export function useOverlay(room: Room, player: HTMLElement | null, { preferences, isReduced }: BulletComments): void {
  const overlay = useRef<Overlay | null>(null);
  const first = useRef(preferences);
  first.current = preferences;
  useEffect(() => {
    if (!player) return;
    const created = new Overlay(player, first.current);
    overlay.current = created;
    return () => {
      created.close();
      overlay.current = null;
    };
  }, [player]);
  useEffect(() => overlay.current?.setPreferences(preferences), [preferences]);
  const { onEntry, you } = room;
  const ownId = you?.id ?? null;
  useEffect(
    () =>
      onEntry(({ kind, body, from }) => {
        if (kind === "danmaku" && !isReduced) {
          const color = textOf(body, "color") ?? "";
          overlay.current?.fly(textOf(body, "text") ?? "", COLOR.test(color) ? color : null, from !== null && from === ownId);
        }
        const emoji = kind === "reaction" ? emojiOf(textOf(body, "reaction")) : null;
        if (emoji) overlay.current?.float(emoji, isReduced);
      }),
    [onEntry, ownId, isReduced],
  );
}
