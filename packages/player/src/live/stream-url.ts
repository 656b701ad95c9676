/** Builds the absolute URL that an engine opens. */
import { addressFor, type EngineName } from "./engine-choice.ts";
import type { Latency } from "./latency.ts";

export type StreamUrlOptions = {
  readonly src: string;
  readonly engine: EngineName;
  readonly baseUrl: string;
  /** Origin of the server that dispatch chose; null for the one of `src`. */
  readonly server: string | null;
  readonly latency: Latency;
  /** The browser plays Opus in the container that Media Source Extensions take: the stream's own sound, where it is Opus, need not be made AAC. */
  readonly playsOpus: boolean;
  /** True where FLV must come by fetch, on HTTPS too. */
  readonly useFetch: boolean;
  /** The player's trace, `traceparent`; null: none. A header is impossible for a WebSocket, and costs a preflight at another server. */
  readonly trace: string | null;
};

/** FLV on HTTPS comes by WebSocket: over HTTP/1.1 a browser opens only six connections to a host. */
export function streamUrl({ src, engine, baseUrl, server, latency, playsOpus, useFetch, trace }: StreamUrlOptions): string {
  const given = new URL(addressFor(src, engine), baseUrl);
  const url = server === null ? given : new URL(given.pathname + given.search, server);
  if (engine === "flv" && url.protocol === "https:" && !useFetch) url.protocol = "wss:";
  const { searchParams: parameters } = url;
  if (engine === "flv" && latency !== "normal" && !parameters.has("delay")) parameters.set("delay", "low");
  if (engine === "whep") parameters.delete("delay");
  if ((engine === "flv" || engine === "hls") && playsOpus) parameters.set("audio", "opus");
  if (trace !== null) parameters.set("traceparent", trace);
  return url.href;
}

/** Whether this browser plays Opus in MP4, which the engines of FLV and HLS make of a stream. */
export function playsOpusInMp4(): boolean {
  return "MediaSource" in window && MediaSource.isTypeSupported('audio/mp4; codecs="opus"');
}
