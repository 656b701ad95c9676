/** Defines the worker that draws live strokes: it appears as it was written, whatever the page has to do. */

import { LiveStrokeDrawing } from "./live-stroke-drawing.ts";
import type { FromLiveStrokes, ToLiveStrokes } from "./live-stroke-messages.ts";

const strokes = new LiveStrokeDrawing();

addEventListener("message", ({ data }: MessageEvent<ToLiveStrokes>) => strokes.take(data));
postMessage({ kind: "ready" } satisfies FromLiveStrokes);
