/** Provides options of a media worker's streams from the configuration. */
import { totalmem } from "node:os";
import type { StreamsOptions } from "../../live/streams/index.ts";
import type { Config } from "../../platform/config/schema.ts";

/** The limit of one stream's log: enough for its retention at 20 Mbps. */
const MAX_LOG_BYTES = 128 * 1024 * 1024;
/** The share of the machine's memory for all logs; each of many streams gets less. */
const MAX_LOGS_SHARE = 0.25;

/** @param countStreams of this process, which share its memory */
export function streamsOptions(config: Config, countStreams: () => number): StreamsOptions {
  const { hls, publish, viewer } = config;
  return {
    segmenter: { segmentMs: hls.segmentSeconds * 1000, partMs: hls.partMs },
    retention: {
      segments: hls.windowSegments + 2,
      milliseconds: (hls.windowSegments + 2) * Math.max(10, hls.segmentSeconds) * 1000,
      bytes: () => Math.min(MAX_LOG_BYTES, (totalmem() * MAX_LOGS_SHARE) / Math.max(1, countStreams())),
    },
    outputBuffer: { milliseconds: viewer.maxQueueSeconds * 1000, bytes: viewer.maxQueueBytes },
    graceMs: publish.graceSeconds * 1000,
    supersedeAfterMs: publish.supersedeAfterSeconds * 1000,
    fanOut: { evictAfterMs: viewer.evictAfterSeconds * 1000 },
  };
}
