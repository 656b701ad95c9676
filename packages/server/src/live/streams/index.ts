/** What `streams/` opens to the doors and to `node/`. The lossless follower (`follower.ts`) joins it with its first user. */
export type { FanOutObserver } from "./fan-out.ts";
export type { SourceMessage } from "./ingest/source.ts";
export type { LogContext } from "./log.ts";
export type { WireFormat } from "./output.ts";
export type { Configuration, Media } from "./record.ts";
export { Publication, type Stream } from "./stream.ts";
export { Streams, type StreamsOptions } from "./streams.ts";
export type { Connection, Sink, Viewer } from "./viewer.ts";
