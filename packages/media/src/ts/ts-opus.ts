/** Implements Opus in MPEG-TS: "Opus in MPEG-2 transport streams" (ETSI TS 103 491 annex; the same as opus-codec.org's draft), section 4: access units. */
import { ByteReader } from "../bytes/byte-reader.ts";
import { Malformed } from "../bytes/malformed.ts";
import { opusPacketSamples } from "../codecs/opus.ts";

/** Samples at 48 kHz. */
export type TsOpusPacket = { readonly payload: Uint8Array; readonly samples: number };

const PREFIX = { bits: 0x7fe0, mask: 0xffe0 } as const;
const FLAG = { startTrim: 0x10, endTrim: 0x08, extension: 0x04 } as const;

/** The packets of a PES packet, each behind a control header. `Malformed` when one is cut short. */
export function readTsOpus(bytes: Uint8Array): readonly TsOpusPacket[] | Malformed {
  const reader = new ByteReader(bytes);
  const packets: TsOpusPacket[] = [];
  while (reader.left > 0) {
    const head = reader.u16();
    if ((head & PREFIX.mask) !== PREFIX.bits) return new Malformed("an Opus access unit without its control header");
    let size = 0;
    let step = 255;
    while (step === 255 && !reader.failed) {
      step = reader.u8();
      size += step;
    }
    if (head & FLAG.startTrim) reader.skip(2);
    if (head & FLAG.endTrim) reader.skip(2);
    if (head & FLAG.extension) reader.skip(reader.u8());
    const payload = reader.view(size);
    const cut = reader.checked("an Opus access unit");
    if (cut) return cut;
    const samples = opusPacketSamples(payload);
    if (samples instanceof Malformed) return samples;
    packets.push({ payload, samples });
  }
  return packets;
}
