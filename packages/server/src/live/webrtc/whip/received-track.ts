/** Provides one track of a publisher: puts its packets in order, and tells what of them came. */
import {
  type Depacketizer,
  frameSamples,
  JitterBuffer,
  type JitterStatistics,
  type ReceivedUnit,
  Reception,
  type ReportBlock,
  type RtpPacket,
  type SenderReport,
  type TrackClock,
  transmissionOffset,
} from "@lectern/media";

/** A unit, and when it is shown by the publisher's clock, milliseconds. */
export type TimedUnit = { readonly unit: ReceivedUnit; readonly time: number };

/** No encoder takes longer. */
const MOST_DELAY_MS = 1000;

export class ReceivedTrack {
  readonly ssrc: number;
  readonly depacketizer: Depacketizer;
  private readonly buffer: JitterBuffer;
  private readonly reception: Reception;
  private readonly clock: TrackClock;
  private readonly offsetId: number | null;
  /** How long after its time the newest packet was sent, as its sender tells: an encoder takes long for its first picture. Ticks. */
  private sentAfter = 0;
  /** Monotonic milliseconds. */
  heardAt: number;

  /** @param offsetId the number of the header extension that tells how long after its time a packet was sent; null: none does */
  constructor(ssrc: number, depacketizer: Depacketizer, clock: TrackClock, offsetId: number | null, now: number) {
    this.ssrc = ssrc;
    this.depacketizer = depacketizer;
    this.buffer = new JitterBuffer({ depacketizer });
    this.reception = new Reception(ssrc, depacketizer.clockRate);
    this.clock = clock;
    this.offsetId = offsetId;
    this.heardAt = now;
  }

  /** @param isRetransmitted it came in the stream of retransmissions */
  push(packet: RtpPacket, isRetransmitted: boolean, now: number): void {
    this.heardAt = now;
    if (!isRetransmitted) {
      this.reception.received(packet, now);
      if (this.offsetId !== null) this.sentAfter = transmissionOffset(packet, this.offsetId);
    }
    this.buffer.push(packet, now);
  }

  reported(report: SenderReport, now: number): void {
    this.reception.reported(report, now);
    this.clock.reported(report);
  }

  /** The units that are whole, in order. */
  take(now: number): readonly TimedUnit[] {
    return this.buffer
      .take(now)
      .map((unit) => ({ unit, time: this.clock.toMs(unit.rtpTime, unit.arrivedAt - this.delayOf(unit)) }));
  }

  /** How long before it was sent a unit began, milliseconds: sound is sent when its last sample is there. Times begin by this; reports put them right. */
  private delayOf({ payload }: ReceivedUnit): number {
    const { codec, clockRate } = this.depacketizer;
    const ticks = this.depacketizer.track === "audio" ? frameSamples(codec, null, payload) : Math.max(0, this.sentAfter);
    return Math.min(MOST_DELAY_MS, (ticks * 1000) / clockRate);
  }

  nacks(now: number, roundTripMs: number): readonly number[] {
    return this.buffer.nacks(now, roundTripMs);
  }

  get wantsKeyFrame(): boolean {
    return this.buffer.wantsKeyFrame;
  }

  get statistics(): JitterStatistics {
    return this.buffer.statistics;
  }

  block(now: number): ReportBlock | null {
    return this.reception.block(now);
  }
}
