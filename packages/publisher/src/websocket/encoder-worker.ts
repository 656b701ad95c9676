/** Starts the worker, once for a publisher. Its script may come from another origin than the page. */
import { startWorker } from "../capture/start-worker.ts";
import script from "./worker.ts?worker&url";
import type { FromWorker, ToWorker } from "./worker-messages.ts";

export type EncoderWorker = {
  readonly post: (message: ToWorker, transfer?: Transferable[]) => void;
  /** Hears of all that it tells from now on, instead of the one before. */
  readonly listen: (listener: (message: FromWorker) => void) => void;
  readonly close: () => void;
};

/** Whether this browser can encode and send in a worker. */
export function canEncode(): boolean {
  return ["Worker", "WebSocket", "VideoEncoder", "VideoFrame"].every((name) => name in globalThis);
}

/** @param onBroken its script cannot be loaded, or has failed */
export function startEncoderWorker(onBroken: () => void): EncoderWorker {
  const worker = startWorker(script);
  let listener: (message: FromWorker) => void = () => {};
  worker.addEventListener("message", ({ data }: MessageEvent<FromWorker>) => listener(data));
  worker.addEventListener("error", onBroken);
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    listen: (next) => {
      listener = next;
    },
    close: () => worker.terminate(),
  };
}
