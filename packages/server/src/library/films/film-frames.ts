/** The board of a film as JPEG pictures, so many a second: one is drawn where something has changed, else it is the same again. */
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { entryFile } from "../../platform/program.ts";
import { FILM } from "./film-size.ts";
import type { FilmEvent } from "./film-timeline.ts";

export type FilmAsk = {
  readonly events: readonly FilmEvent[];
  /** By `MATERIAL/PAGE`; null: there is none. */
  readonly pictures: readonly (readonly [string, Uint8Array | null])[];
  readonly isDrawn: boolean;
};

export type FilmAnswer = {
  /** The pictures of materials that are needed first. */
  readonly missing: readonly string[];
  /** Null: none was asked for, or pictures are missing. */
  readonly jpeg: Uint8Array | null;
};

export type FilmFramesOptions = {
  readonly events: AsyncIterable<FilmEvent>;
  readonly milliseconds: number;
  readonly slide: (material: string, page: number) => Promise<Uint8Array | null>;
  /** Draws with what it is told, in order. */
  readonly draw: (ask: FilmAsk) => Promise<FilmAnswer>;
};

/** Told at once: what was drawn before a recording began may be much. */
const MOST_EVENTS = 500;
const FRAME_MS = 1000 / FILM.boardFps;

export async function* filmFrames({ events, milliseconds, slide, draw }: FilmFramesOptions): AsyncGenerator<Buffer> {
  const source = events[Symbol.asyncIterator]();
  let next = await source.next();
  let shown: string | null = null;
  let picture = await drawPicture([], slide, draw);
  for (let at = 0; at < milliseconds; at += FRAME_MS) {
    let batch: FilmEvent[] = [];
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
  events: readonly FilmEvent[],
  slide: FilmFramesOptions["slide"],
  draw: FilmFramesOptions["draw"],
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

export type FilmThread = {
  readonly draw: (ask: FilmAsk) => Promise<FilmAnswer>;
  readonly close: () => Promise<void>;
};

export function startFilmThread(): FilmThread {
  const thread = new Worker(entryFile("library/films/film-thread"));
  const ended = new AbortController();
  let failure: Error | null = null;
  const fail = (error: Error): void => {
    failure ??= error;
    ended.abort(failure);
  };
  thread.on("error", fail);
  thread.on("exit", () => fail(new Error("the thread that draws the board has ended")));
  return {
    draw: async (ask) => {
      if (failure) throw failure;
      const answered = once(thread, "message", { signal: ended.signal });
      thread.postMessage(ask);
      const [answer]: FilmAnswer[] = await answered.catch((error: unknown) => {
        throw failure ?? error;
      });
      if (!answer) throw new Error("the thread has not answered");
      return answer;
    },
    close: async () => void (await thread.terminate()),
  };
}
