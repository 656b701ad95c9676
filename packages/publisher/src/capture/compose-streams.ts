/** Shows a camera in a corner of a screen, as one picture. It goes on while the tab is hidden, as it is while the screen shows another window. */

import type { Corner } from "./compose-layout.ts";
import type { FromComposer, ShownSource, ToComposer } from "./compose-messages.ts";
import script from "./compose-worker.ts?worker&url";
import { PageComposer } from "./page-composer.ts";
import { startWorker } from "./start-worker.ts";
import { processorClass } from "./track-readers.ts";

export type { Corner } from "./compose-layout.ts";

export type ComposedStreams = {
  /** One video track: the screen with the camera in its corner. No sound: see `mixAudio`. */
  readonly stream: MediaStream;
  /** Moves the camera. Null hides it. */
  setCorner(corner: Corner | null): void;
  /** Shows another camera or screen; null: none, and the other one alone fills the picture. */
  replace(kind: "camera" | "screen", stream: MediaStream | null): void;
  /** Ends the picture. Does not stop the tracks that were given. */
  close(): void;
};

export type ComposeOptions = {
  readonly camera: MediaStream | null;
  readonly screen: MediaStream | null;
  /** Of the camera; default `bottom-right`, null: hidden. */
  readonly corner?: Corner | null;
  /** Of the picture in pixels, at most; default 1920. */
  readonly width?: number;
  /** Pictures per second; default 30. */
  readonly fps?: number;
};

type Generator = MediaStreamTrack & { readonly writable: WritableStream<VideoFrame> };
type GeneratorClass = new (init: { kind: "video" }) => Generator;

export function composeStreams({
  camera,
  screen,
  corner = "bottom-right",
  width = 1920,
  fps = 30,
}: ComposeOptions): ComposedStreams {
  const worker = startWorker(script);
  const post = (message: ToComposer, transfer: Transferable[] = []) => worker.postMessage(message, transfer);
  const composed = composeInWorker(post, corner, width, fps) ?? composeInPage(worker, post, corner, width, fps);
  composed.replace("camera", camera);
  composed.replace("screen", screen);
  return {
    ...composed,
    close: () => {
      composed.close();
      worker.terminate();
    },
  };
}

type Post = (message: ToComposer, transfer?: Transferable[]) => void;

/** Null where the browser lacks what it needs: Chrome and Edge have it. */
function composeInWorker(post: Post, corner: Corner | null, maxWidth: number, fps: number): ComposedStreams | null {
  const found: unknown = Reflect.get(globalThis, "MediaStreamTrackGenerator");
  const Processor = processorClass();
  if (typeof found !== "function" || !Processor) return null;
  const generator = new (found as GeneratorClass)({ kind: "video" });
  generator.contentHint = "detail";
  post({ kind: "compose", writable: generator.writable, fps, maxWidth, corner }, [generator.writable]);
  return {
    stream: new MediaStream([generator]),
    setCorner: (next) => post({ kind: "corner", corner: next }),
    replace: (what, stream) => {
      const track = trackOf(stream);
      const readable: ReadableStream<VideoFrame> | null = track && new Processor({ track }).readable;
      post({ kind: "show", what, readable }, readable ? [readable] : []);
    },
    close: () => generator.stop(),
  };
}

function composeInPage(worker: Worker, post: Post, corner: Corner | null, maxWidth: number, fps: number): ComposedStreams {
  const page = new PageComposer(fps, maxWidth, corner);
  worker.addEventListener("message", ({ data }: MessageEvent<FromComposer>) => {
    if (data.kind === "tick") page.draw();
  });
  post({ kind: "tick", fps });
  return {
    stream: page.stream,
    setCorner: (next) => {
      page.corner = next;
    },
    replace: (what: ShownSource, stream) => page.show(what, trackOf(stream)),
    close: () => page.close(),
  };
}

function trackOf(stream: MediaStream | null): MediaStreamTrack | null {
  return stream?.getVideoTracks().find(({ readyState }) => readyState === "live") ?? null;
}
