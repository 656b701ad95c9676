/** Publishes a browser's camera, microphone or screen to a Lectern server. The package needs no framework. */

export { type AudioLevel, watchAudioLevel } from "./capture/audio-level.ts";
export { type ComposedStreams, type Corner, composeStreams } from "./capture/compose-streams.ts";
export { type MixedAudio, mixAudio } from "./capture/mix-audio.ts";
export { createPublisher } from "./publisher.ts";
export type {
  Publisher,
  PublisherOptions,
  PublisherPhase,
  PublisherProblem,
  PublisherRole,
  PublisherState,
  PublisherStatistics,
  VideoLimits,
  Way,
} from "./supervise/publisher-types.ts";
export { measureUplink, UplinkError, type UplinkMeasurement } from "./uplink/measure-uplink.ts";
