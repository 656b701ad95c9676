/** Plays HLS with hls.js as a page of others does that offers subtitles: with the library's whole build, ours leaves subtitles out. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";

const LIBRARY = join(import.meta.dirname, "../node_modules/hls.js/dist/hls.min.js");

type Subtitle = { readonly start: number; readonly text: string };
type ShownSubtitles = {
  /** The subtitles that a viewer may choose. */
  readonly names: readonly string[];
  /** Where the picture is, seconds. */
  readonly at: number;
  /** What stands over the picture now. */
  readonly shown: readonly string[];
  /** All that the player knows, at seconds of the video. */
  readonly cues: readonly Subtitle[];
};

type Played = { readonly video: HTMLVideoElement; readonly names: () => string[] };

/** @param page becomes one of the server that has the address @returns asks what is shown */
export async function playWithSubtitles(page: Page, address: string): Promise<() => Promise<ShownSubtitles>> {
  await page.goto(new URL("/", address).href);
  await page.evaluate(readFileSync(LIBRARY, "utf8"));
  await page.evaluate((source) => {
    const { Hls } = globalThis as unknown as { Hls: typeof import("hls.js").default };
    const video = document.createElement("video");
    video.muted = true;
    video.style.width = "100%";
    document.body.replaceChildren(video);
    const hls = new Hls({ enableWorker: false });
    // As who chooses the first one in the menu of the browser's own controls.
    video.textTracks.addEventListener("addtrack", ({ track }) => {
      if (track?.kind === "subtitles") track.mode = "showing";
    });
    hls.loadSource(source);
    hls.attachMedia(video);
    hls.on(Hls.Events.MANIFEST_PARSED, () => void video.play());
    const played: Played = { video, names: () => hls.subtitleTracks.map(({ name }) => name) };
    Object.assign(globalThis, { played });
  }, address);
  return () =>
    page.evaluate(() => {
      const { video, names } = (globalThis as unknown as { played: Played }).played;
      const tracks = [...video.textTracks].filter(({ kind }) => kind === "subtitles");
      const textOf = (cue: TextTrackCue) => (cue as VTTCue).text;
      const cues = tracks.flatMap((track) => [...(track.cues ?? [])]).map((cue) => ({ start: cue.startTime, text: textOf(cue) }));
      const shown = tracks.flatMap((track) => [...(track.activeCues ?? [])]).map(textOf);
      return { names: names(), at: video.currentTime, shown, cues };
    });
}
