/**
 * Fetches the newest key frame of a stream and decodes it in the browser (WebCodecs): the server decodes nothing, however many walls are open.
 * A page has only a few of these requests at once, so that live pictures and answers of the API pass between them.
 */

export type Still = {
  readonly frame: VideoFrame;
  /** Of the frame, for the next request. */
  readonly tag: string;
};

/** `same`: there is no newer one. `none`: the stream is not live, or the frame is not there yet. */
type StillAnswer = Still | "same" | "none";

/** Browsers open six connections by HTTP/1.1. */
const MOST_AT_ONCE = 4;
const WITHIN_MS = 8000;

let running = 0;
const waiting: (() => void)[] = [];

export function canDecodeStills(): boolean {
  return "VideoDecoder" in globalThis;
}

/** The frame as an MP4, for browsers that cannot decode by themselves. */
export function stillVideo(address: string): string {
  const [path, query] = address.split("?");
  return `${path}.mp4${query === undefined ? "" : `?${query}`}`;
}

/** @param address as the wall's answer gives it; @param tag of the frame that is shown; null: none @throws where it cannot be fetched or decoded */
export async function loadStill(address: string, tag: string | null, signal: AbortSignal): Promise<StillAnswer> {
  await turn();
  try {
    const headers = tag === null ? {} : { "if-none-match": tag };
    const within = AbortSignal.any([signal, AbortSignal.timeout(WITHIN_MS)]);
    const answer = await fetch(address, { headers, cache: "no-store", signal: within });
    if (answer.status === 304) return "same";
    if (!answer.ok) return "none";
    const frame = await decode(new Uint8Array(await answer.arrayBuffer()), configOf(answer.headers));
    return { frame, tag: answer.headers.get("etag") ?? "" };
  } finally {
    running--;
    waiting.shift()?.();
  }
}

async function turn(): Promise<void> {
  if (running >= MOST_AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve));
  running++;
}

function configOf(headers: Headers): VideoDecoderConfig {
  const description = headers.get("x-description");
  return {
    codec: headers.get("x-codec") ?? "",
    optimizeForLatency: true,
    ...(description ? { description: Uint8Array.from(atob(description), (letter) => letter.charCodeAt(0)) } : {}),
  };
}

function decode(data: Uint8Array<ArrayBuffer>, config: VideoDecoderConfig): Promise<VideoFrame> {
  return new Promise((resolve, reject) => {
    const decoder = new VideoDecoder({
      output: resolve,
      error: reject,
    });
    decoder.configure(config);
    decoder.decode(new EncodedVideoChunk({ type: "key", timestamp: 0, data }));
    decoder
      .flush()
      .then(() => {
        decoder.close();
        reject(new Error("no frame was decoded"));
      })
      .catch(reject);
  });
}
