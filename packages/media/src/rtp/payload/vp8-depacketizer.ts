/** Takes VP8 out of RTP: RFC 7741 section 4.2. */
import { ByteReader } from "../../bytes/byte-reader.ts";
import { Malformed } from "../../bytes/malformed.ts";
import { VIDEO_CODEC } from "../../codecs/four-cc.ts";
import type { DepacketizedUnit, Depacketizer } from "../depacketizer.ts";
import { joined } from "./joined.ts";

type Vp8Payload = { readonly startsFrame: boolean; readonly disposable: boolean; readonly data: Uint8Array };

/** For streams with one layer, or with layers in time. */
export function vp8Depacketizer(): Depacketizer {
  return {
    codec: VIDEO_CODEC.vp8,
    track: "video",
    clockRate: 90_000,
    startsUnit: (payload) => {
      const read = readPayload(payload);
      return !(read instanceof Malformed) && read.startsFrame;
    },
    assemble,
  };
}

function assemble(payloads: readonly Uint8Array[]): DepacketizedUnit | Malformed | null {
  const parts: Uint8Array[] = [];
  let disposable = false;
  for (const payload of payloads) {
    if (payload.length === 0) continue;
    const read = readPayload(payload);
    if (read instanceof Malformed) return read;
    if (parts.length === 0) {
      if (!read.startsFrame) return new Malformed("a VP8 frame without its beginning");
      disposable = read.disposable;
    }
    parts.push(read.data);
  }
  const frame = joined(parts);
  if (frame.length === 0) return null;
  // RFC 6386 section 9.1: the lowest bit is 0 in a key frame.
  const key = ((frame[0] ?? 0) & 1) === 0;
  return { payload: frame, key, disposable: disposable && !key, configuration: null };
}

function readPayload(payload: Uint8Array): Vp8Payload | Malformed {
  const reader = new ByteReader(payload);
  const first = reader.u8();
  if (first & 0x80) {
    const fields = reader.u8();
    // PictureID has one byte or two.
    if (fields & 0x80 && reader.u8() & 0x80) reader.skip(1);
    if (fields & 0x40) reader.skip(1);
    if (fields & 0x30) reader.skip(1);
  }
  const data = reader.rest();
  const startsFrame = (first & 0x10) !== 0 && (first & 7) === 0;
  return reader.checked("a VP8 payload") ?? { startsFrame, disposable: (first & 0x20) !== 0, data };
}
