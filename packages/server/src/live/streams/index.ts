/** What `streams/` opens to the doors and to `node/`. */
export type { FanOutObserver } from "./fan-out.ts";
export { type FollowFrom, follow } from "./follower.ts";
export type { SourceFrame, SourceMessage } from "./ingest/source.ts";
export type { LogContext } from "./log.ts";
export type { WireFormat } from "./output.ts";
export type { Configuration, Media, StreamRecord } from "./record.ts";
export { Publication, type SourceInfo, type Stream } from "./stream.ts";
export { Streams, type StreamsOptions } from "./streams.ts";
export type { Connection, Sink, Viewer } from "./viewer.ts";
