/** What `streams/` opens to the doors, the packager and `node/`. */
export type {
  Claim,
  Directory,
  Following,
  Location,
  Loss,
  Manner,
  Occupancy,
  Received,
  Receiver,
  Upstreams,
  Yielded,
} from "./directory.ts";
export type { FanOutObserver } from "./fan-out.ts";
export { contextOf, type FollowFrom, follow } from "./follower.ts";
export { History } from "./history.ts";
export { frameSamples, SampleClock } from "./ingest/sample-clock.ts";
export type { SourceMessage } from "./ingest/source.ts";
export type { Log, LogContext, LogSegment } from "./log.ts";
export type { WireFormat } from "./output.ts";
export {
  type Configuration,
  type Media,
  type PartMark,
  recordBytes,
  type SegmentHead,
  type Stamp,
  type StreamRecord,
  type Targets,
} from "./record.ts";
export { decodeRecord, encodeRecord } from "./record-codec.ts";
export { Publication, type Publisher, type Stream } from "./stream.ts";
export { Streams, type StreamsOptions } from "./streams.ts";
export type { Connection, Sink, Viewer } from "./viewer.ts";
