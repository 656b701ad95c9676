/** Defines the element `<lectern-player>` when it is imported. */
import { LecternPlayer } from "./live/live-player.ts";

declare global {
  interface HTMLElementTagNameMap {
    "lectern-player": LecternPlayer;
  }
}

export type { PlayerEventDetails, PlayerEvents } from "./element/player-events.ts";
export type { PlayerState } from "./element/player-states.ts";
export type { Quality, SoundOnly } from "./engines/engine.ts";
export { preloadFlv } from "./engines/flv/preload.ts";
export type { Problem } from "./engines/problem.ts";
export { LecternPlayer } from "./live/live-player.ts";
export type { PlayerStatistics } from "./live/player-state.ts";
export { handleRefusedStreams } from "./live/refused-streams.ts";
export type { Tampering } from "./watermark/watermark-faults.ts";

if (globalThis.customElements && !customElements.get("lectern-player")) customElements.define("lectern-player", LecternPlayer);
