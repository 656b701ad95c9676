/** Implements Opus in RTP: RFC 7587. One packet is one payload. */
import { Malformed } from "../../bytes/malformed.ts";
import { AUDIO_CODEC } from "../../codecs/four-cc.ts";
import { OPUS_SAMPLE_RATE, opusPacketSamples } from "../../codecs/opus.ts";
import type { DepacketizedUnit, Depacketizer } from "../depacketizer.ts";
import { RTP_ROOM, type RtpPayload } from "../stamp.ts";

/** The payload of an Opus packet, made once and sent to each viewer with `stampRtp`. Its marker is off: it says that a talk began. */
export function packetizeOpus(packet: Uint8Array): RtpPayload {
  const bytes = new Uint8Array(RTP_ROOM + packet.length);
  bytes.set(packet, RTP_ROOM);
  return { bytes, marker: false };
}

/** @param channels that are decoded: 2 where the session description says `sprop-stereo=1`, else 1 */
export function opusDepacketizer(channels: 1 | 2): Depacketizer {
  return new OpusDepacketizer(channels);
}

class OpusDepacketizer implements Depacketizer {
  readonly codec = AUDIO_CODEC.opus;
  readonly track = "audio";
  readonly clockRate = OPUS_SAMPLE_RATE;
  private configuration: Uint8Array | null;

  constructor(channels: number) {
    this.configuration = writeOpusHead(channels);
  }

  startsUnit(): boolean {
    return true;
  }

  assemble(payloads: readonly Uint8Array[]): DepacketizedUnit | Malformed | null {
    const payload = payloads[0];
    if (!payload || payload.length === 0) return null;
    const samples = opusPacketSamples(payload);
    if (samples instanceof Malformed) return samples;
    const { configuration } = this;
    this.configuration = null;
    return { payload: payload.slice(), key: true, disposable: false, configuration };
  }
}

/** RFC 7845 section 5.1, mapping family 0. Nothing is skipped: the beginning of a live stream was never heard. */
function writeOpusHead(channels: number): Uint8Array {
  const rate = [OPUS_SAMPLE_RATE & 0xff, OPUS_SAMPLE_RATE >> 8, 0, 0];
  return Uint8Array.from([...new TextEncoder().encode("OpusHead"), 1, channels, 0, 0, ...rate, 0, 0, 0]);
}
