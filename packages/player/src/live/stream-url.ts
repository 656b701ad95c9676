/** Builds the absolute URL that an engine opens. */
import { addressFor, type EngineName } from "./engine-choice.ts";

export type StreamUrlOptions = {
  readonly src: string;
  readonly engine: EngineName;
  readonly baseUrl: string;
  /** Origin of the server that dispatch chose; null for the one of `src`. */
  readonly server: string | null;
  /** True where FLV must come by fetch, on HTTPS too. */
  readonly useFetch: boolean;
  /** The player's trace, `traceparent`; null: none. A header is impossible for a WebSocket, and costs a preflight at another server. */
  readonly trace: string | null;
};

/** FLV on HTTPS comes by WebSocket: over HTTP/1.1 a browser opens only six connections to a host. */
export function streamUrl({ src, engine, baseUrl, server, useFetch, trace }: StreamUrlOptions): string {
  const given = new URL(addressFor(src, engine), baseUrl);
  const url = server === null ? given : new URL(given.pathname + given.search, server);
  if (engine === "flv" && url.protocol === "https:" && !useFetch) url.protocol = "wss:";
  if (trace !== null) url.searchParams.set("traceparent", trace);
  return url.href;
}
