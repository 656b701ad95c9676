/** The worker of a person with a pen: it draws wet ink as the pen moves, and sends what is written to the room, whatever the page has to do. */
import { after } from "../../schedule/after.ts";
import type { FromWetInk, ToWetInk } from "../canvas/wet-ink-messages.ts";
import { WetStrokes } from "../canvas/wet-strokes.ts";
import { PenSender } from "./pen-sender.ts";

const strokes = new WetStrokes();
const sender = new PenSender({
  tell: (message) => postMessage(message),
  keep: (id, points) => strokes.keep(id, points),
  after,
  close: () => close(),
});

addEventListener("message", ({ data }: MessageEvent<ToWetInk>) => {
  strokes.take(data);
  for (const message of data) sender.take(message);
});
postMessage({ kind: "ready" } satisfies FromWetInk);
