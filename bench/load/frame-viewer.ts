/** Provides a viewer by HTTP-FLV in this process, which notes when each frame arrives, and can keep what it received. */
import { createWriteStream } from "node:fs";
import { get } from "node:http";
import { FlvReader, type FlvTag, Malformed, MESSAGE_TYPE, parseAudioTag, parseVideoTag } from "@lectern/media";
import { pause } from "../testbed/child-process.ts";

export type Arrival = {
  readonly track: "video" | "audio";
  /** When it is presented, milliseconds of the stream. */
  readonly time: number;
  readonly key: boolean;
  readonly bytes: number;
  /** When it arrived, milliseconds of this process. */
  readonly at: number;
};

export type FrameViewer = {
  readonly arrivals: readonly Arrival[];
  /** Resolves when the file is written. */
  readonly close: () => Promise<void>;
};

const AGAIN_SECONDS = 0.5;
const MAX_TAG_BYTES = 1 << 24;

/** Asks again until the stream is there. @param file for what it receives; null: not kept */
export function viewFrames(url: string, file: string | null): FrameViewer {
  const arrivals: Arrival[] = [];
  const abort = new AbortController();
  const kept = file === null ? null : createWriteStream(file);
  const reader = new FlvReader({
    maxTagBytes: MAX_TAG_BYTES,
    onTag: (tag) => {
      const arrival = arrivalOf(tag);
      if (arrival) arrivals.push(arrival);
    },
  });
  const view = () =>
    new Promise<void>((resolve) => {
      const request = get(url, { signal: abort.signal, agent: false }, (response) => {
        if (response.statusCode !== 200) response.resume();
        else
          response.on("data", (bytes: Buffer) => {
            kept?.write(bytes);
            reader.push(bytes);
          });
        response.on("error", () => resolve());
        response.on("close", resolve);
      });
      request.on("error", () => resolve());
    });
  const viewing = (async () => {
    while (!abort.signal.aborted && arrivals.length === 0) {
      await view();
      await pause(AGAIN_SECONDS);
    }
  })();
  return {
    arrivals,
    close: async () => {
      abort.abort();
      await viewing;
      await new Promise<void>((resolve) => (kept ? kept.end(resolve) : resolve()));
    },
  };
}

function arrivalOf({ type, timestamp, body }: FlvTag): Arrival | null {
  const at = performance.now();
  const bytes = body.length;
  if (type === MESSAGE_TYPE.audio) {
    const packet = parseAudioTag(body);
    return packet instanceof Malformed || packet.kind !== "frame"
      ? null
      : { track: "audio", time: timestamp, key: true, bytes, at };
  }
  const packet = type === MESSAGE_TYPE.video ? parseVideoTag(body) : null;
  if (!packet || packet instanceof Malformed || packet.kind !== "frame") return null;
  return { track: "video", time: timestamp + packet.compositionOffset, key: packet.key, bytes, at };
}
