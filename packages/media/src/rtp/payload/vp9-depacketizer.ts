/** Takes VP9 out of RTP: RFC 9628 section 4.2. */
import { ByteReader } from "../../bytes/byte-reader.ts";
import { Malformed } from "../../bytes/malformed.ts";
import { VIDEO_CODEC } from "../../codecs/four-cc.ts";
import { writeVp9Configuration } from "../../codecs/vp9-configuration.ts";
import type { DepacketizedUnit, Depacketizer } from "../depacketizer.ts";
import { joined } from "./joined.ts";
import { isSame } from "./same-bytes.ts";

type Vp9Payload = {
  readonly isInter: boolean;
  readonly startsFrame: boolean;
  readonly endsFrame: boolean;
  readonly spatialLayer: number;
  readonly data: Uint8Array;
};

/** A superframe has eight frames at most: VP9 annex B. */
const MAX_LAYERS = 8;
const MAX_REFERENCES = 3;

/** For one stream: it knows the configuration of the last key frame. */
export function vp9Depacketizer(): Depacketizer {
  return new Vp9Depacketizer();
}

class Vp9Depacketizer implements Depacketizer {
  readonly codec = VIDEO_CODEC.vp9;
  readonly track = "video";
  readonly clockRate = 90_000;
  private known: Uint8Array | null = null;

  startsUnit(payload: Uint8Array): boolean {
    const read = readPayload(payload);
    return !(read instanceof Malformed) && read.startsFrame && read.spatialLayer === 0 && !read.isInter;
  }

  assemble(payloads: readonly Uint8Array[]): DepacketizedUnit | Malformed | null {
    const frames: Uint8Array[] = [];
    let parts: Uint8Array[] | null = null;
    for (const payload of payloads) {
      if (payload.length === 0) continue;
      const read = readPayload(payload);
      if (read instanceof Malformed) return read;
      if (read.startsFrame) {
        if (parts || frames.length === MAX_LAYERS) return new Malformed("a VP9 frame without its end");
        parts = [];
      }
      if (!parts) return new Malformed("a VP9 frame without its beginning");
      parts.push(read.data);
      if (!read.endsFrame) continue;
      frames.push(joined(parts));
      parts = null;
    }
    if (parts) return new Malformed("a VP9 frame without its end");
    const first = frames[0];
    if (!first || first.length === 0) return null;
    const payload = frames.length === 1 ? first : superframe(frames);
    // Not by the bit of the payload: ffmpeg 5.1 says of no frame that it needs another.
    const written = writeVp9Configuration(first);
    if (written instanceof Malformed) return { payload, key: false, disposable: false, configuration: null };
    const isKnown = this.known !== null && isSame(this.known, written);
    this.known = written;
    return { payload, key: true, disposable: false, configuration: isKnown ? null : written };
  }
}

/** The frames of all layers as one, with their sizes behind them: VP9 annex B. */
function superframe(frames: readonly Uint8Array[]): Uint8Array {
  const mark = 0xc0 | (3 << 3) | (frames.length - 1);
  const sizes = frames.flatMap(({ length }) => [length & 0xff, (length >> 8) & 0xff, (length >> 16) & 0xff, length >>> 24]);
  return joined([...frames, Uint8Array.from([mark, ...sizes, mark])]);
}

function readPayload(payload: Uint8Array): Vp9Payload | Malformed {
  const reader = new ByteReader(payload);
  const first = reader.u8();
  const isInter = (first & 0x40) !== 0;
  const isFlexible = (first & 0x10) !== 0;
  let spatialLayer = 0;
  // The number of the picture has one byte or two.
  if (first & 0x80 && reader.u8() & 0x80) reader.skip(1);
  if (first & 0x20) {
    spatialLayer = (reader.u8() >> 1) & 7;
    if (!isFlexible) reader.skip(1);
  }
  if (isInter && isFlexible) {
    for (let i = 0; i < MAX_REFERENCES; i++) if (!(reader.u8() & 1)) break;
  }
  if (first & 0x02) skipScalability(reader);
  const data = reader.rest();
  const read = { isInter, startsFrame: (first & 0x08) !== 0, endsFrame: (first & 0x04) !== 0, spatialLayer, data };
  return reader.checked("a VP9 payload") ?? read;
}

/** Section 4.2.1. */
function skipScalability(reader: ByteReader): void {
  const head = reader.u8();
  if (head & 0x10) reader.skip(4 * ((head >> 5) + 1));
  const pictures = head & 0x08 ? reader.u8() : 0;
  for (let i = 0; i < pictures && !reader.failed; i++) reader.skip((reader.u8() >> 2) & 3);
}
