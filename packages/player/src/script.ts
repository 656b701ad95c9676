/** Defines the entry of `/player/VERSION/player.js`, by which pages of any origin have both elements. docs/embed.md. */
export * from "./index.ts";
export { LecternReplay } from "./replay/replay-player.ts";
