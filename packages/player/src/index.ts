/** `<lectern-player>`: importing this defines the element. */
import { LecternPlayer } from "./element.ts";

export { LecternPlayer, type PlayerState, type PlayerStatistics } from "./element.ts";
export { preloadFlv } from "./flv-engine.ts";

if (!customElements.get("lectern-player")) customElements.define("lectern-player", LecternPlayer);
