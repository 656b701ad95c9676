/** Plays a recording from a moment that a person has chosen. */
import type { LecternReplay } from "@lectern/player/replay";

/** @param player null: it has not loaded yet */
export function playFrom(player: LecternReplay | null, seconds: number): void {
  if (!player) return;
  player.currentTime = seconds;
  player.play();
}
