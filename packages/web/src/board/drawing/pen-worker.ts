/** Defines the worker of a person with a pen: it draws live strokes as the pen moves, and sends what is written to the room, whatever the page has to do. */
import { after } from "../../schedule/after.ts";
import { LiveStrokeDrawing } from "../canvas/live-stroke-drawing.ts";
import type { FromLiveStrokes, ToLiveStrokes } from "../canvas/live-stroke-messages.ts";
import { PenSender } from "./pen-sender.ts";

const strokes = new LiveStrokeDrawing();
const sender = new PenSender({
  tell: (message) => postMessage(message),
  keep: (id, points) => strokes.keep(id, points),
  after,
  close: () => close(),
});

addEventListener("message", ({ data }: MessageEvent<ToLiveStrokes>) => {
  strokes.take(data);
  for (const message of data) sender.take(message);
});
postMessage({ kind: "ready" } satisfies FromLiveStrokes);
