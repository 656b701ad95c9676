/** Provides the worker that composes pictures, as often as one of them changes: a hidden tab does not slow its timer. */

import { type Corner, composeLayout, type Place } from "./compose-layout.ts";
import type { FromComposer, ShownSource, ToComposer } from "./compose-messages.ts";
import { readTrack } from "./track-readers.ts";

type Input = { readonly stop: () => void; newest: VideoFrame | null };

const inputs = new Map<ShownSource, Input>();
/** A picture in which nothing changes is given again after so long: an encoder that is asked for a key frame needs one. */
const REPEAT_MS = 200;

const canvas = new OffscreenCanvas(2, 2);
let corner: Corner | null = null;
/** Something is to be shown that the last picture does not have. */
let isChanged = true;
let composedAt = Number.NEGATIVE_INFINITY;

addEventListener("message", ({ data }: MessageEvent<ToComposer>) => obey(data));

function obey(message: ToComposer): void {
  switch (message.kind) {
    case "compose": {
      const { writable, fps, maxWidth } = message;
      corner = message.corner;
      const writer = writable.getWriter();
      let isWriting = false;
      every(fps, () => {
        if (isWriting || (!isChanged && performance.now() - composedAt < REPEAT_MS)) return;
        const frame = compose(maxWidth);
        if (!frame) return;
        isWriting = true;
        writer
          .write(frame)
          .catch(() => frame.close())
          .finally(() => {
            isWriting = false;
          });
      });
      return;
    }
    case "show":
      return show(message.what, message.readable);
    case "corner":
      corner = message.corner;
      isChanged = true;
      return;
    case "tick": {
      const tick: FromComposer = { kind: "tick" };
      return every(message.fps, () => postMessage(tick));
    }
  }
}

/** The worker is ended as a whole. */
function every(fps: number, call: () => void): void {
  setInterval(call, 1000 / fps);
}

function show(what: ShownSource, readable: ReadableStream<VideoFrame> | null): void {
  const before = inputs.get(what);
  before?.stop();
  before?.newest?.close();
  inputs.delete(what);
  isChanged = true;
  if (!readable) return;
  const stop = readTrack<VideoFrame>({ by: "stream", readable }, (frame) => {
    if (inputs.get(what) !== input) return frame.close();
    input.newest?.close();
    input.newest = frame;
    isChanged = true;
  });
  const input: Input = { stop, newest: null };
  inputs.set(what, input);
}

/** Null while there is nothing to show. */
function compose(maxWidth: number): VideoFrame | null {
  const [screen, camera] = [inputs.get("screen")?.newest ?? null, inputs.get("camera")?.newest ?? null];
  if (!screen && !camera) return null;
  const layout = composeLayout(screen && sizeOf(screen), camera && sizeOf(camera), corner, maxWidth);
  const { width, height } = layout.picture;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = canvas.getContext("2d", { alpha: false });
  if (!context) return null;
  const draw = (frame: VideoFrame | null, place: Place | null): void => {
    if (frame && place) context.drawImage(frame, place.x, place.y, place.width, place.height);
  };
  draw(screen, layout.screen);
  draw(camera, layout.camera);
  isChanged = false;
  composedAt = performance.now();
  return new VideoFrame(canvas, { timestamp: Math.round(performance.now() * 1000) });
}

function sizeOf({ displayWidth: width, displayHeight: height }: VideoFrame) {
  return { width, height };
}
