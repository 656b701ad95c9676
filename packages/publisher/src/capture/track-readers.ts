/** Reads the frames of a track in the worker. */

/** How the frames of a track come to the worker. */
export type TrackSource<Frame> =
  /** As a stream, of MediaStreamTrackProcessor in the page. */
  | { readonly by: "stream"; readonly readable: ReadableStream<Frame> }
  /** The track itself: browsers that have MediaStreamTrackProcessor in workers only. */
  | { readonly by: "track"; readonly track: MediaStreamTrack }
  /** The page sends each: `frame`, `samples`. */
  | { readonly by: "page" };

type Closable = { close(): void };
type Processor = { readonly readable: ReadableStream };
type ProcessorClass = new (init: { track: MediaStreamTrack; maxBufferSize?: number }) => Processor;

/** MediaStreamTrackProcessor, which TypeScript knows in workers only: W3C mediacapture-transform. Null where the browser has none. */
export function processorClass(): ProcessorClass | null {
  const found: unknown = Reflect.get(globalThis, "MediaStreamTrackProcessor");
  return typeof found === "function" ? (found as ProcessorClass) : null;
}

/** Gives each frame of a source until the function that it gives is called. The receiver of a frame closes it. */
export function readTrack<Frame extends Closable>(source: TrackSource<Frame>, onFrame: (frame: Frame) => void): () => void {
  if (source.by === "page") return () => {};
  const Processor = processorClass();
  const readable: ReadableStream<Frame> | null =
    source.by === "stream" ? source.readable : Processor ? new Processor({ track: source.track }).readable : null;
  if (!readable) return () => {};
  const reader = readable.getReader();
  let isOver = false;
  const read = async (): Promise<void> => {
    for (;;) {
      const { done, value } = await reader.read();
      if (value && isOver) value.close();
      else if (value) onFrame(value);
      if (done || isOver) return;
    }
  };
  read().catch(() => {});
  return () => {
    isOver = true;
    reader.cancel().catch(() => {});
    if (source.by === "track") source.track.stop();
  };
}
