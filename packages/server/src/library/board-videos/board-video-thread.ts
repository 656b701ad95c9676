/** Draws the board of a board video in a worker thread (`board-video-frames.ts`): drawing holds its loop. */
import { setPriority } from "node:os";
import { parentPort } from "node:worker_threads";
import { VideoBoard } from "./board-video-board.ts";
import type { BoardVideoAnswer, BoardVideoRequest } from "./board-video-frames.ts";

const port = parentPort;
if (!port) throw new Error("this file runs only in a worker thread");
/** As of ffmpeg: live streams, which this process sends, come before. */
const NICE = 19;

// Linux has a priority for each thread, and takes this for the calling one (setpriority(2), "C library/kernel differences").
if (process.platform === "linux") setPriority(NICE);
const board = new VideoBoard();

port.on("message", async ({ events, pictures, isDrawn }: BoardVideoRequest) => {
  for (const event of events) board.take(event);
  for (const [name, bytes] of pictures) await board.give(name, bytes);
  const missing = isDrawn ? board.missing() : [];
  const answer: BoardVideoAnswer = { missing, jpeg: isDrawn && missing.length === 0 ? board.jpeg() : null };
  port.postMessage(answer);
});
