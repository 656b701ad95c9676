/** Takes AV1 out of RTP: "RTP Payload Format For AV1" v1.0.0, section 4. */
import { Malformed } from "../../bytes/malformed.ts";
import { writeAv1Configuration } from "../../codecs/av1-configuration.ts";
import { VIDEO_CODEC } from "../../codecs/four-cc.ts";
import type { DepacketizedUnit, Depacketizer } from "../depacketizer.ts";
import { joined } from "./joined.ts";
import { isSame } from "./same-bytes.ts";

const OBU = { sequenceHeader: 1, temporalDelimiter: 2, frameHeader: 3, frame: 6, tileList: 8, padding: 15 } as const;
const DROPPED: ReadonlySet<number> = new Set([OBU.temporalDelimiter, OBU.tileList, OBU.padding]);
/** The aggregation header: section 4.4. */
const HEAD = { continues: 0x80, goesOn: 0x40, startsSequence: 0x08 } as const;

/** For one stream: it knows the sequence header that came last. */
export function av1Depacketizer(): Depacketizer {
  return new Av1Depacketizer();
}

class Av1Depacketizer implements Depacketizer {
  readonly codec = VIDEO_CODEC.av1;
  readonly track = "video";
  readonly clockRate = 90_000;
  private known: Uint8Array | null = null;

  startsUnit(payload: Uint8Array): boolean {
    const head = payload[0] ?? 0;
    return (head & HEAD.continues) === 0 && (head & HEAD.startsSequence) !== 0;
  }

  assemble(payloads: readonly Uint8Array[]): DepacketizedUnit | Malformed | null {
    const obus = collectObus(payloads);
    if (obus instanceof Malformed) return obus;
    const kept: Uint8Array[] = [];
    let configuration: Uint8Array | null = null;
    let hasSequence = false;
    let key: boolean | null = null;
    for (const obu of obus) {
      const read = readObu(obu);
      if (read instanceof Malformed) return read;
      const { type, payloadAt } = read;
      if (DROPPED.has(type)) continue;
      const sized = withSize(obu, read);
      kept.push(sized.obu);
      if (type === OBU.sequenceHeader) {
        hasSequence = true;
        const written = writeAv1Configuration(sized.obu, sized.payloadAt);
        if (written instanceof Malformed) return written;
        configuration = written;
      }
      // `show_existing_frame` is 0 and `frame_type` is KEY_FRAME: AV1 section 5.9.2.
      if (type === OBU.frame || type === OBU.frameHeader) key ??= ((obu[payloadAt] ?? 0xff) & 0xe0) === 0;
    }
    if (key === null) return null;
    if (configuration && this.known && isSame(this.known, configuration)) configuration = null;
    if (configuration) this.known = configuration;
    return { payload: joined(kept), key: key && hasSequence, disposable: false, configuration };
  }
}

/** The OBUs of all packets. One that goes on in the next packet is put together. */
function collectObus(payloads: readonly Uint8Array[]): Uint8Array[] | Malformed {
  const obus: Uint8Array[] = [];
  let parts: Uint8Array[] = [];
  for (const payload of payloads) {
    if (payload.length === 0) continue;
    const head = payload[0] ?? 0;
    if (((head & HEAD.continues) !== 0) !== parts.length > 0) return new Malformed("an AV1 unit without a part of an OBU");
    const elements = splitElements(payload, (head >> 4) & 3);
    if (elements instanceof Malformed) return elements;
    elements.forEach((element, i) => {
      parts.push(element);
      if (i === elements.length - 1 && head & HEAD.goesOn) return;
      obus.push(parts.length === 1 ? element : joined(parts));
      parts = [];
    });
  }
  return parts.length > 0 ? new Malformed("an AV1 unit whose last OBU has no end") : obus;
}

/** @param count of elements, the last without a length; 0: all with lengths */
function splitElements(payload: Uint8Array, count: number): Uint8Array[] | Malformed {
  const elements: Uint8Array[] = [];
  for (let at = 1; at < payload.length; ) {
    let length = payload.length - at;
    if (count === 0 || elements.length < count - 1) {
      const read = readLeb128(payload, at);
      if (!read || read.end + read.value > payload.length) return new Malformed("an AV1 payload whose OBUs do not fit into it");
      length = read.value;
      at = read.end;
    }
    elements.push(payload.subarray(at, at + length));
    at += length;
  }
  return elements.length >= count ? elements : new Malformed("an AV1 payload with fewer OBUs than it says");
}

type ObuHead = { readonly type: number; readonly hasSize: boolean; readonly headSize: number; readonly payloadAt: number };

/** AV1 section 5.3.2. */
function readObu(obu: Uint8Array): ObuHead | Malformed {
  const first = obu[0];
  if (first === undefined) return new Malformed("an AV1 OBU is empty");
  const headSize = first & 4 ? 2 : 1;
  const hasSize = (first & 2) !== 0;
  const size = hasSize ? readLeb128(obu, headSize) : null;
  if (obu.length < headSize || (hasSize && (!size || size.end + size.value > obu.length)))
    return new Malformed("an AV1 OBU is cut short");
  return { type: (first >> 3) & 15, hasSize, headSize, payloadAt: size?.end ?? headSize };
}

/** An OBU with its size, as files have it. */
function withSize(obu: Uint8Array, { hasSize, headSize, payloadAt }: ObuHead): { obu: Uint8Array; payloadAt: number } {
  if (hasSize) return { obu, payloadAt };
  const size = writeLeb128(obu.length - headSize);
  const head = obu.slice(0, headSize);
  head[0] = (head[0] ?? 0) | 2;
  return { obu: joined([head, size, obu.subarray(headSize)]), payloadAt: headSize + size.length };
}

/** AV1 section 4.10.5. */
function readLeb128(bytes: Uint8Array, from: number): { value: number; end: number } | null {
  let value = 0;
  for (let i = 0; i < 8; i++) {
    const byte = bytes[from + i];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 128 ** i;
    if (!(byte & 0x80)) return { value, end: from + i + 1 };
  }
  return null;
}

function writeLeb128(value: number): Uint8Array {
  const out: number[] = [];
  let left = value;
  do {
    const byte = left % 128;
    left = Math.floor(left / 128);
    out.push(left > 0 ? byte | 0x80 : byte);
  } while (left > 0);
  return Uint8Array.from(out);
}
