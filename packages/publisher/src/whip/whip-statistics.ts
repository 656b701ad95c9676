/** Reads what is sent by WebRTC from the browser's statistics: W3C webrtc-stats. */
import type { PublisherStatistics } from "../supervise/publisher-types.ts";

/** Fields of all kinds of reports, of which each has some. */
type Report = Readonly<Record<string, unknown>>;
type Counters = { readonly at: number; readonly bytes: number; readonly captured: number; readonly encoded: number };

export class WhipStatistics {
  private before: Counters | null = null;
  private dropped = 0;

  /** @param reports of one moment @param now milliseconds */
  read(reports: Iterable<Report>, now: number): Partial<PublisherStatistics> {
    const all = [...reports];
    const sent = all.filter(({ type }) => type === "outbound-rtp");
    const picture = sent.find(({ kind }) => kind === "video");
    const remote = all.filter(({ type }) => type === "remote-inbound-rtp");
    const source = all.find(({ type, kind }) => type === "media-source" && kind === "video");
    const sound = all.find(({ type, kind }) => type === "media-source" && kind === "audio");
    const bytes = sent.reduce((sum, report) => sum + (numberOf(report, "bytesSent") ?? 0), 0);
    const captured = numberOf(source, "frames") ?? 0;
    const encoded = numberOf(picture, "framesEncoded") ?? 0;
    const { before } = this;
    this.before = { at: now, bytes, captured, encoded };
    // An ICE restart or another track begins to count again.
    if (before && captured >= before.captured && encoded >= before.encoded)
      this.dropped += Math.max(0, captured - before.captured - (encoded - before.encoded));
    const target = numberOf(picture, "targetBitrate");
    const roundTrips = remote.flatMap((report) => numberOf(report, "roundTripTime") ?? []);
    const losses = remote.flatMap((report) => numberOf(report, "fractionLost") ?? []);
    return {
      kbps: before && now > before.at ? Math.max(0, ((bytes - before.bytes) * 8) / (now - before.at)) : null,
      targetKbps: target === null ? null : target / 1000,
      fps: numberOf(picture, "framesPerSecond"),
      width: numberOf(picture, "frameWidth"),
      height: numberOf(picture, "frameHeight"),
      rttMs: roundTrips.length > 0 ? Math.max(...roundTrips) * 1000 : roundTripOf(all),
      lossPercent: losses.length > 0 ? Math.max(...losses) * 100 : null,
      droppedFrames: this.dropped,
      audioLevel: numberOf(sound, "audioLevel"),
    };
  }
}

/** Of the checks of ICE, where the server reports nothing. */
function roundTripOf(all: readonly Report[]): number | null {
  const pair = all.find(({ type, nominated, state }) => type === "candidate-pair" && nominated === true && state === "succeeded");
  const seconds = numberOf(pair, "currentRoundTripTime");
  return seconds === null ? null : seconds * 1000;
}

function numberOf(report: Report | undefined, name: string): number | null {
  const value = report?.[name];
  return typeof value === "number" ? value : null;
}
