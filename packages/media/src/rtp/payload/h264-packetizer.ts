/** Packs H.264 into RTP, packetization mode 1: RFC 6184 section 5.6 (single), 5.7.1 (STAP-A) and 5.8 (FU-A). */
import { Malformed } from "../../bytes/malformed.ts";
import { AVC_NAL, parseAvcConfiguration } from "../../codecs/h264.ts";
import { RTP_ROOM, type RtpPayload } from "../stamp.ts";
import { RTP_NAL, splitLengthPrefixed } from "./h264-nal.ts";

/** Largest payload by default: with all headers, SRTP and TURN it stays under the 1280 bytes that IPv6 always carries. */
export const DEFAULT_MAX_PAYLOAD = 1160;
const FU_HEAD = 2;

/** Bytes of one payload: a head, and a part of a NAL unit. */
type Piece = { readonly head: readonly number[]; readonly body: Uint8Array };

/** For one stream: it knows the configuration that came last. */
export class H264Packetizer {
  private readonly maxPayload: number;
  private lengthSize = 4;
  private sets: readonly Uint8Array[] = [];

  /** @param maxPayload bytes, at least 100 */
  constructor(maxPayload: number = DEFAULT_MAX_PAYLOAD) {
    this.maxPayload = Math.max(100, maxPayload);
  }

  /** Takes the avcC record whose parameter sets go before each key frame that has none itself. */
  configure(configuration: Uint8Array): Malformed | null {
    const parsed = parseAvcConfiguration(configuration);
    if (parsed instanceof Malformed) return parsed;
    this.lengthSize = parsed.nalLengthSize;
    this.sets = [...parsed.sps, ...parsed.pps].filter((nal) => nal.length > 0).map((nal) => nal.slice());
    return null;
  }

  /**
   * The payloads of one access unit, made once and sent to each viewer with `stampRtp`. All share one buffer.
   * @param payload NAL units with their lengths, as the log has them
   */
  packetize({ payload, key }: { readonly payload: Uint8Array; readonly key: boolean }): RtpPayload[] | Malformed {
    const nals = splitLengthPrefixed(payload, this.lengthSize);
    if (nals instanceof Malformed) return nals;
    const sent = nals.filter((nal) => isSent(typeOf(nal)));
    const pieces: Piece[] = [];
    if (key && !sent.some((nal) => typeOf(nal) === AVC_NAL.sps)) this.addSets(pieces);
    for (const nal of sent) this.addNal(pieces, nal);
    return placePieces(pieces);
  }

  /** The parameter sets as one aggregation packet, where they fit. */
  private addSets(pieces: Piece[]): void {
    const size = this.sets.reduce((sum, nal) => sum + 2 + nal.length, 1);
    if (this.sets.length < 2 || size > this.maxPayload) {
      for (const nal of this.sets) this.addNal(pieces, nal);
      return;
    }
    const body = new Uint8Array(size - 1);
    let importance = 0;
    let at = 0;
    for (const nal of this.sets) {
      importance = Math.max(importance, (nal[0] ?? 0) & 0x60);
      body[at] = nal.length >> 8;
      body[at + 1] = nal.length;
      body.set(nal, at + 2);
      at += 2 + nal.length;
    }
    pieces.push({ head: [importance | RTP_NAL.stapA], body });
  }

  private addNal(pieces: Piece[], nal: Uint8Array): void {
    if (nal.length <= this.maxPayload) {
      pieces.push({ head: [], body: nal });
      return;
    }
    const first = nal[0] ?? 0;
    const indicator = (first & 0xe0) | RTP_NAL.fuA;
    // Fragments of about one size: a short last packet costs as much as a long one.
    const count = Math.ceil((nal.length - 1) / (this.maxPayload - FU_HEAD));
    const size = Math.ceil((nal.length - 1) / count);
    for (let at = 1; at < nal.length; at += size) {
      const isLast = at + size >= nal.length;
      const flags = (at === 1 ? 0x80 : 0) | (isLast ? 0x40 : 0);
      pieces.push({ head: [indicator, flags | (first & 31)], body: nal.subarray(at, at + size) });
    }
  }
}

/** Puts payloads one behind the other into one buffer, each with its room. */
function placePieces(pieces: readonly Piece[]): RtpPayload[] {
  const buffer = new Uint8Array(pieces.reduce((sum, { head, body }) => sum + RTP_ROOM + head.length + body.length, 0));
  let from = 0;
  return pieces.map(({ head, body }, i) => {
    const at = from + RTP_ROOM;
    for (let k = 0; k < head.length; k++) buffer[at + k] = head[k] ?? 0;
    buffer.set(body, at + head.length);
    const end = at + head.length + body.length;
    const bytes = buffer.subarray(from, end);
    from = end;
    return { bytes, marker: i === pieces.length - 1 };
  });
}

function typeOf(nal: Uint8Array): number {
  return (nal[0] ?? 0) & 31;
}

/** Not delimiters, ends of sequences and filling, which say nothing in RTP; nor numbers that RTP itself uses. */
function isSent(type: number): boolean {
  return type > 0 && type < AVC_NAL.delimiter;
}
