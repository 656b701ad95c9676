/** Parses the addresses at which browsers publish by WebSocket, `/APP/NAME/publish`, and measure their uplink before, `/APP/NAME/publish/probe`. */
import type { RequestAddress } from "../http/request-address.ts";
import { isStreamName } from "../stream-name.ts";

export type PublishAddress = {
  readonly app: string;
  readonly name: string;
  /** probe: the uplink is measured, and nothing is published. */
  readonly purpose: "publish" | "probe";
  readonly query: URLSearchParams;
};

const APP = /^[A-Za-z0-9_-]{1,64}$/;

/** Null when the path is neither. */
export function parsePublishAddress({ segments, query }: Pick<RequestAddress, "segments" | "query">): PublishAddress | null {
  const [app = "", name = "", publish, probe, ...rest] = segments;
  if (publish !== "publish" || rest.length > 0 || !APP.test(app) || !isStreamName(name)) return null;
  if (probe !== undefined && probe !== "probe") return null;
  return { app, name, purpose: probe ?? "publish", query };
}
