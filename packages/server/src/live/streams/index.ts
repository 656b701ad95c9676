/** Defines the entry of `streams/` for doors, packager, relay and `node/`. */

export type { FanOutObserver } from "./delivery/fan-out.ts";
export type { Connection, Sink, Viewer } from "./delivery/viewer.ts";
export { collect, type Reserve, type WireFormat } from "./delivery/wire-format.ts";
export type { BrokenDerivation } from "./ingest/derivation.ts";
export { Ingest } from "./ingest/ingest.ts";
export { NO_METER } from "./ingest/log-writer.ts";
export type { SourceFault, SourceFrame, SourceMessage } from "./ingest/source.ts";
export { Backfill } from "./log/backfill.ts";
export { BacklogBudget } from "./log/backlog-budget.ts";
export { decodeEntry, encodeEntry } from "./log/entry-codec.ts";
export { contextOf, type FollowFrom, follow } from "./log/follower.ts";
export { FrameReader } from "./log/frame-reader.ts";
export { contextAfter, Log, type LogContext, type LogSegment } from "./log/log.ts";
export {
  type Configuration,
  decodesAlike,
  entryBytes,
  type LogEntry,
  type LogPosition,
  type MediaEntry,
  type PartMark,
  type SegmentHead,
  type Targets,
} from "./log/log-entry.ts";
export type { Received, Receiver, UpstreamRequest } from "./log/log-receiver.ts";
export { problemsOf, whyNothing } from "./log/reported-problems.ts";
export { sizesOf } from "./log/segment-sizes.ts";
export { StreamTrace } from "./log/stream-trace.ts";
export type { LineReport, PublishRequest, PublishSession } from "./ownership/publish-session.ts";
export type {
  Claim,
  ClaimOptions,
  Following,
  Location,
  Loss,
  Occupancy,
  StreamLocator,
  Upstreams,
  Yielded,
} from "./ownership/stream-locator.ts";
export type { Stream, StreamCopy } from "./stream.ts";
export { Streams, type StreamsOptions } from "./streams.ts";
