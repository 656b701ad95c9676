/** `<lectern-player>`: importing this defines the element. */
import { LecternPlayer } from "./live/live-player.ts";

export { preloadFlv } from "./engines/flv-engine.ts";
export { LecternPlayer, type PlayerState, type PlayerStatistics } from "./live/live-player.ts";

if (!customElements.get("lectern-player")) customElements.define("lectern-player", LecternPlayer);
