/** Makes a board video of a lesson: a thread draws the board, and ffmpeg puts it and the recording into one MP4. */
import { rename, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { lengthOf, type RoomSpan } from "../../contracts/rooms/room-replay.ts";
import type { Clock } from "../../platform/clock.ts";
import { FIRST_OUTPUT } from "../../platform/jobs/process-group.ts";
import { type EncoderProblem, type EncoderStop, inFolder, runEncoder } from "../encoding/encoder-run.ts";
import { MADE_FILE } from "../files/download-files.ts";
import type { VirtualFile } from "../replay/virtual-file.ts";
import { type BoardVideoInput, boardVideoArguments, boardVideoGraph } from "./board-video-arguments.ts";
import { boardVideoFrames, startBoardVideoThread } from "./board-video-frames.ts";
import type { BoardVideoLog } from "./board-video-log.ts";
import { boardVideoEvents, shownSpans } from "./board-video-timeline.ts";

export type BoardVideoOptions = {
  /** ffmpeg, looked for in PATH. */
  readonly command: string;
  /** Of its own: it is removed at the end. */
  readonly folder: string;
  /** Where the whole file goes. */
  readonly path: string;
  /** The recording. */
  readonly source: VirtualFile;
  readonly format: BoardVideoInput["format"];
  readonly hasVideo: boolean;
  readonly spans: readonly RoomSpan[];
  readonly log: Pick<BoardVideoLog, "entries" | "slide">;
  /** A file that becomes larger is given up as one for which there is no room. */
  readonly maxBytes: number;
  readonly clock: Clock;
  /** Each second. @param share 0 to 1 */
  readonly onProgress: (share: number, bytes: number, cores: number | null) => void;
  /** What failed. */
  readonly onFailure: (reason: string) => void;
};

const GRAPH_FILE = "graph.txt";

/** The size of the file, or why there is none. Nothing is left behind then. @param run gets the function that stops it */
export function makeBoardVideo(options: BoardVideoOptions, run: EncoderStop): Promise<number | EncoderProblem> {
  return inFolder(options, () => make(options, run));
}

async function make(options: BoardVideoOptions, run: EncoderStop): Promise<number | EncoderProblem> {
  const { folder, path, format, hasVideo, spans, log, onFailure } = options;
  const milliseconds = lengthOf(spans);
  const seconds = milliseconds / 1000;
  const shown = await shownSpans(boardVideoEvents(log.entries(false), spans), spans).catch((error: unknown) => {
    onFailure(error instanceof Error ? error.message : String(error));
    return null;
  });
  if (!shown) return "storage-away";
  const input: BoardVideoInput = { format, hasVideo, shown, seconds };
  await writeFile(join(folder, GRAPH_FILE), boardVideoGraph(input));
  if (run.stopped) return "failed";
  const problem = await encode(options, input, milliseconds, run);
  if (problem) return problem;
  if (run.stopped) return "failed";
  await rename(join(folder, MADE_FILE), path);
  return (await stat(path)).size;
}

async function encode(
  { source, spans, log, ...of }: BoardVideoOptions,
  input: BoardVideoInput,
  milliseconds: number,
  run: EncoderStop,
): Promise<EncoderProblem | null> {
  const thread = startBoardVideoThread();
  let isBroken = false;
  const draw: typeof thread.ask = (ask) =>
    thread.ask(ask).catch((error: unknown) => {
      // The board is what it was: another try may succeed.
      isBroken = !run.stopped;
      if (isBroken) of.onFailure(String(error));
      throw error;
    });
  const events = boardVideoEvents(log.entries(true), spans);
  const frames = boardVideoFrames({ events, milliseconds, slide: (material, page) => log.slide(material, page), draw });
  const args = boardVideoArguments(input, FIRST_OUTPUT, GRAPH_FILE, MADE_FILE);
  const sources = [source.read({ from: 0, to: source.length }), frames];
  try {
    const problem = await runEncoder({ ...of, args, file: MADE_FILE, seconds: input.seconds, sources }, run);
    return isBroken ? "failed" : problem;
  } finally {
    await thread.close();
  }
}
