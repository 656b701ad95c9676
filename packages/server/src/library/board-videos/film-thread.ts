/** Draws the board of a film in a worker thread (`film-frames.ts`): drawing holds its loop. */
import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { FilmBoard } from "./film-board.ts";
import type { FilmAnswer, FilmAsk } from "./film-frames.ts";

const port = parentPort;
if (!port) throw new Error("this file runs only in a worker thread");
/** As of ffmpeg: live streams, which this process sends, come before. */
const NICE = 19;

// Linux has a priority for each thread, and takes this for the calling one (setpriority(2), "C library/kernel differences").
if (process.platform === "linux") setPriority(NICE);
const board = new FilmBoard();

port.on("message", async ({ events, pictures, isDrawn }: FilmAsk) => {
  for (const event of events) board.take(event);
  for (const [name, bytes] of pictures) await board.give(name, bytes);
  const missing = isDrawn ? board.missing() : [];
  const answer: FilmAnswer = { missing, jpeg: isDrawn && missing.length === 0 ? board.jpeg() : null };
  port.postMessage(answer);
});
