/** Defines the element `<lectern-player>` when it is imported. */
import { LecternPlayer } from "./live/live-player.ts";

export { preloadFlv } from "./engines/flv/feed.ts";
export { LecternPlayer } from "./live/live-player.ts";
export type { PlayerState, PlayerStatistics } from "./live/player-state.ts";
export { handleRefusedStreams } from "./live/refused-streams.ts";
export type { Tampering } from "./watermark/mark-faults.ts";

if (!customElements.get("lectern-player")) customElements.define("lectern-player", LecternPlayer);
