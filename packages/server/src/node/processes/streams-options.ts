/** Provides options of a media worker's streams from the configuration, and bounds the memory of their logs. */
import { isExamStream } from "../../access/policies/stream-policy.ts";
import { BacklogBudget, type StreamsOptions } from "../../live/streams/index.ts";
import type { Config } from "../../platform/config/schema.ts";
import { machineMemory } from "../../platform/machine-memory.ts";
import { workerCount } from "../worker-count.ts";

/** The limit of one stream's log: enough for its retention at 20 Mbps. */
const MAX_LOG_BYTES = 128 * 1024 * 1024;
/** The share of the machine's memory for all logs of all workers; each of many streams gets less. */
const MAX_LOGS_SHARE = 0.25;
/** The share of what is kept for readers that are behind, such as the recorder while a disk is slow, and its bound. */
const BACKLOG = { share: 1 / 16, bytes: 512 * 1024 * 1024 } as const;

/**
 * Complete segments of a candidate's camera, which begin with its key frames and are up to five seconds long: enough for a supervisor who clicks on it, and half
 * the memory of a camera. A recorder that is further behind holds more within its budget.
 */
const CANDIDATE_SEGMENTS = 4;

/** Bounds what all logs of a worker keep for readers that are behind. */
export function backlogOf(config: () => Pick<Config, "recording" | "workers">): BacklogBudget {
  // To ask the system takes longer than all that is counted.
  const auto = Math.min(BACKLOG.bytes, machineMemory() * BACKLOG.share);
  return new BacklogBudget(() => {
    const { backlogBytes } = config().recording;
    return (backlogBytes === "auto" ? auto : backlogBytes) / workerCount(config());
  });
}

/** @param countStreams of this process, which share its memory */
export function streamsOptions(config: Config, countStreams: () => number, backlog: BacklogBudget): StreamsOptions {
  const { hls, publish, viewer } = config;
  const logBytes = (machineMemory() * MAX_LOGS_SHARE) / workerCount(config);
  const retention = {
    segments: hls.windowSegments + 2,
    milliseconds: (hls.windowSegments + 2) * Math.max(10, hls.segmentSeconds) * 1000,
    bytes: () => Math.min(MAX_LOG_BYTES, logBytes / Math.max(1, countStreams())),
    backlog,
  };
  const ofCandidates = { ...retention, segments: Math.min(CANDIDATE_SEGMENTS, retention.segments) };
  return {
    segmenter: { segmentMs: hls.segmentSeconds * 1000, partMs: hls.partMs },
    retention,
    retentionOf: (name) => (isExamStream(name) ? ofCandidates : retention),
    outputBuffer: { milliseconds: viewer.maxQueueSeconds * 1000, bytes: viewer.maxQueueBytes },
    graceMs: publish.graceSeconds * 1000,
    supersedeAfterMs: publish.supersedeAfterSeconds * 1000,
    fanOut: { evictAfterMs: viewer.evictAfterSeconds * 1000 },
  };
}
