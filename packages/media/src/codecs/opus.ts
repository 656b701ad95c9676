/** Implements Opus: identification header (RFC 7845 section 5.1) and the duration of a packet (RFC 6716 section 3.1). */
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import type { AudioFormat } from "./audio-format.ts";

/** Opus always decodes to this rate; the rate in its header is only that of the encoder's input. */
export const OPUS_SAMPLE_RATE = 48000;

/** @param bytes an ID header, "OpusHead…", as Enhanced FLV carries it */
export function parseOpusHead(bytes: Uint8Array): (AudioFormat & { readonly preSkip: number }) | Malformed {
  const reader = new ByteReader(bytes);
  const magic = reader.fourCc() + reader.fourCc();
  const version = reader.u8();
  const channels = reader.u8();
  const preSkip = reader.u8() + reader.u8() * 256;
  reader.skip(4 + 2 + 1);
  const cut = reader.checked("an Opus header");
  if (cut) return cut;
  if (magic !== "OpusHead" || version > 15) return new Malformed("this is not an Opus header");
  if (channels === 0) return new Malformed("an Opus header without channels");
  return { sampleRate: OPUS_SAMPLE_RATE, channels, frameSamples: null, profile: "Opus", codecString: "opus", preSkip };
}

/** An ID header for one or two channels. @param preSkip samples at 48 kHz that the encoder begins early */
export function opusHead(channels: number, preSkip: number): Uint8Array {
  const bytes = new Uint8Array(19);
  bytes.set(new TextEncoder().encode("OpusHead"));
  const view = new DataView(bytes.buffer);
  view.setUint8(8, 1);
  view.setUint8(9, channels);
  view.setUint16(10, preSkip, true);
  view.setUint32(12, OPUS_SAMPLE_RATE, true);
  return bytes;
}

/** Samples at 48 kHz that one packet decodes to. */
export function opusPacketSamples(packet: Uint8Array): number | Malformed {
  const toc = packet[0];
  if (toc === undefined) return new Malformed("an Opus packet is empty");
  const configuration = toc >> 3;
  const frame =
    configuration < 12
      ? ([480, 960, 1920, 2880] as const)[configuration & 3]
      : configuration < 16
        ? ([480, 960] as const)[configuration & 1]
        : ([120, 240, 480, 960] as const)[configuration & 3];
  const code = toc & 3;
  const count = code === 0 ? 1 : code < 3 ? 2 : (packet[1] ?? 0) & 63;
  const samples = (frame ?? 0) * count;
  // Section 3.2.5: no packet is longer than 120 ms.
  if (count === 0 || samples > 5760) return new Malformed("an Opus packet of an impossible length");
  return samples;
}
