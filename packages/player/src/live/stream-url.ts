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
};

/** FLV on HTTPS comes by WebSocket: over HTTP/1.1 a browser opens only six connections to a host. */
export function streamUrl({ src, engine, baseUrl, server, useFetch }: StreamUrlOptions): string {
  const given = new URL(addressFor(src, engine), baseUrl);
  const url = server === null ? given : new URL(given.pathname + given.search, server);
  if (engine === "flv" && url.protocol === "https:" && !useFetch) url.protocol = "wss:";
  return url.href;
}
