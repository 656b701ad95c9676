/** The worker that draws wet ink: it appears as it was written, whatever the page has to do. */
import type { FromWetInk, ToWetInk } from "./wet-ink-messages.ts";
import { WetStrokes } from "./wet-strokes.ts";

const strokes = new WetStrokes();

addEventListener("message", ({ data }: MessageEvent<ToWetInk>) => strokes.take(data));
postMessage({ kind: "ready" } satisfies FromWetInk);
