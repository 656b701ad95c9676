/**
 * Bundles of mpegts.js what the player uses: it is given FLV and makes of it what Media Source Extensions take. Its loaders, its demuxer of MPEG-TS, its
 * workers and its other players stay out, which are two fifths of what a browser would load before the first picture.
 */
import { join } from "node:path";
import type { Plugin } from "rolldown";

const NAME = /^mpegts\.js$/;
const ENTRY = join(import.meta.dirname, "../node_modules/mpegts.js/src/mpegts.js");
const SOURCES = /\/node_modules\/mpegts\.js\/src\//;
const LEFT_OUT = new RegExp(
  `${SOURCES.source}(?:${[
    "core/transmuxing-worker",
    "demux/ts-demuxer",
    "io/(?:fetch-stream-loader|websocket-loader|xhr-moz-chunked-loader|xhr-range-loader)",
    "player/(?:live-latency-chaser|live-latency-synchronizer|native-player|player-engine-dedicated-thread)",
    "utils/(?:polyfill|webworkify-webpack)",
  ].join("|")})\\.[jt]s$`,
);
/** In the place of each: what the others ask of it before they would use it. */
const NOTHING = "export default class { static isSupported() { return false; } static install() {} }";

export function mpegtsParts(): Plugin {
  return {
    name: "mpegts-parts",
    resolveId: {
      filter: { id: NAME },
      handler: () => ENTRY,
    },
    load: { filter: { id: LEFT_OUT }, handler: () => ({ code: NOTHING, moduleType: "js" }) },
    transform: {
      filter: { id: SOURCES },
      // As the library's own bundler reads them.
      handler: (code) => ({
        code: code
          .replace("import * as EventEmitter from 'events'", "import EventEmitter from 'events'")
          .replace("__VERSION__", '""'),
      }),
    },
  };
}
