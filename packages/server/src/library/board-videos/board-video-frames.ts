/** Provides the board of a board video as JPEG pictures, so many a second: one is drawn where something has changed, else it is the same again. */
import { RequestThread } from "../../platform/request-thread.ts";
import { FILM } from "./board-video-size.ts";
import type { BoardVideoEvent } from "./board-video-timeline.ts";

export type BoardVideoRequest = {
  readonly events: readonly BoardVideoEvent[];
  /** By `MATERIAL/PAGE`; null: there is none. */
  readonly pictures: readonly (readonly [string, Uint8Array | null])[];
  readonly isDrawn: boolean;
};

export type BoardVideoAnswer = {
  /** The pictures of materials that are needed first. */
  readonly missing: readonly string[];
  /** Null: none was asked for, or pictures are missing. */
  readonly jpeg: Uint8Array | null;
};

export type BoardVideoFramesOptions = {
  readonly events: AsyncIterable<BoardVideoEvent>;
  readonly milliseconds: number;
  readonly slide: (material: string, page: number) => Promise<Uint8Array | null>;
  /** Draws with what it is told, in order. */
  readonly draw: (ask: BoardVideoRequest) => Promise<BoardVideoAnswer>;
};

/** Told at once: what was drawn before a recording began may be much. */
const MOST_EVENTS = 500;
const FRAME_MS = 1000 / FILM.boardFps;

export async function* boardVideoFrames({ events, milliseconds, slide, draw }: BoardVideoFramesOptions): AsyncGenerator<Buffer> {
  const source = events[Symbol.asyncIterator]();
  let next = await source.next();
  let shown: string | null = null;
  let picture = await drawPicture([], slide, draw);
  for (let at = 0; at < milliseconds; at += FRAME_MS) {
    let batch: BoardVideoEvent[] = [];
    let isChanged = false;
    while (!next.done && next.value.at <= at) {
      const event = next.value;
      batch.push(event);
      if (event.kind === "shown") shown = event.page?.id ?? null;
      isChanged ||= event.kind !== "drawn" || event.page === shown;
      if (batch.length === MOST_EVENTS) {
        await draw({ events: batch, pictures: [], isDrawn: false });
        batch = [];
      }
      next = await source.next();
    }
    if (isChanged && shown !== null) picture = await drawPicture(batch, slide, draw);
    else if (batch.length > 0) await draw({ events: batch, pictures: [], isDrawn: false });
    yield picture;
  }
}

async function drawPicture(
  events: readonly BoardVideoEvent[],
  slide: BoardVideoFramesOptions["slide"],
  draw: BoardVideoFramesOptions["draw"],
): Promise<Buffer> {
  const first = await draw({ events, pictures: [], isDrawn: true });
  const pictures: (readonly [string, Uint8Array | null])[] = [];
  for (const name of first.missing) {
    const [material = "", page = ""] = name.split("/");
    pictures.push([name, await slide(material, Number(page))]);
  }
  const { jpeg } = first.jpeg ? first : await draw({ events: [], pictures, isDrawn: true });
  if (!jpeg) throw new Error("the thread has drawn no picture");
  return Buffer.from(jpeg.buffer, jpeg.byteOffset, jpeg.byteLength);
}

export function startBoardVideoThread(): RequestThread<BoardVideoRequest, BoardVideoAnswer> {
  return new RequestThread("library/board-videos/board-video-thread", "draws the board");
}
