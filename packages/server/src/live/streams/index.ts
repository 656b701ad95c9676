/** What `streams/` opens to the doors, the packager and `node/`. */
export type { FanOutObserver } from "./fan-out.ts";
export { frameSamples, SampleClock } from "./ingest/sample-clock.ts";
export type { SourceMessage } from "./ingest/source.ts";
export type { Log, LogContext, LogSegment } from "./log.ts";
export type { WireFormat } from "./output.ts";
export type { Configuration, Media, PartMark, SegmentHead, StreamRecord, Targets } from "./record.ts";
export { Publication, type Stream } from "./stream.ts";
export { Streams, type StreamsOptions } from "./streams.ts";
export type { Connection, Sink, Viewer } from "./viewer.ts";
