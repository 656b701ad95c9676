/** Defines what a connection's statistics tell at a moment: W3C "Identifiers for WebRTC's Statistics API". */

export type ReceptionSample = {
  /** Grows with everything that comes, reports of the sender too. */
  readonly heard: number;
  /** Packets of the picture, and pictures decoded. */
  readonly videoPackets: number;
  readonly frames: number;
  /** Packets of the sound, and the energy of what was heard: silence of nothing but zeros adds none. Null where the browser does not tell. */
  readonly audioPackets: number;
  readonly energy: number | null;
  /** Seconds that all pictures, or all sound where there is none, waited from their first packet until they could be shown, and their number. */
  readonly waited: number;
  readonly waitedFor: number;
  /** Milliseconds there and back; null while not measured. */
  readonly roundTripMs: number | null;
};

/** Reads a report. Browsers leave out what they do not measure. */
export function sampleOf(report: Iterable<readonly [string, unknown]>): ReceptionSample {
  let [transport, packets, reports, videoPackets, frames, audioPackets] = [0, 0, 0, 0, 0, 0];
  let energy: number | null = null;
  const waits = { video: [0, 0], audio: [0, 0] };
  let roundTripMs: number | null = null;
  for (const [, value] of report) {
    if (typeof value !== "object" || value === null) continue;
    const read = (name: string): number => {
      const found: unknown = Reflect.get(value, name);
      return typeof found === "number" && Number.isFinite(found) ? found : 0;
    };
    const is = (name: string, expected: unknown): boolean => Reflect.get(value, name) === expected;
    if (is("type", "transport")) transport += read("packetsReceived");
    else if (is("type", "remote-outbound-rtp")) reports += read("reportsSent") || read("remoteTimestamp");
    else if (is("type", "candidate-pair") && is("nominated", true) && read("currentRoundTripTime") > 0)
      roundTripMs = read("currentRoundTripTime") * 1000;
    else if (is("type", "inbound-rtp")) {
      packets += read("packetsReceived");
      const isVideo = is("kind", "video");
      // Of pictures, with decoding; older browsers tell only how long they waited for their packets.
      const processed = isVideo && read("totalProcessingDelay") > 0;
      const waited = processed ? read("totalProcessingDelay") : read("jitterBufferDelay");
      waits[isVideo ? "video" : "audio"] = [waited, processed ? read("framesDecoded") : read("jitterBufferEmittedCount")];
      if (!isVideo) {
        audioPackets += read("packetsReceived");
        if (Reflect.has(value, "totalAudioEnergy")) energy = read("totalAudioEnergy");
        continue;
      }
      videoPackets += read("packetsReceived");
      frames += read("framesDecoded");
    }
  }
  const [waited = 0, waitedFor = 0] = frames > 0 ? waits.video : waits.audio;
  return { heard: transport + packets + reports, videoPackets, frames, audioPackets, energy, waited, waitedFor, roundTripMs };
}
