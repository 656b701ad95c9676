/** Takes H.264 out of RTP, packetization modes 0 and 1: RFC 6184 section 5.6 (single), 5.7.1 (STAP-A) and 5.8 (FU-A). */
import { Malformed } from "../../bytes/malformed.ts";
import { lengthPrefixed } from "../../codecs/annex-b.ts";
import { VIDEO_CODEC } from "../../codecs/four-cc.ts";
import { AVC_NAL, writeAvcConfiguration } from "../../codecs/h264.ts";
import type { DepacketizedUnit, Depacketizer } from "../depacketizer.ts";
import { isFirstSlice, parameterSetId, RTP_NAL } from "./h264-nal.ts";
import { joined } from "./joined.ts";
import { isSame } from "./same-bytes.ts";

const NAL = { slice: 1, lastSlice: 5, idr: 5, sei: 6 } as const;
/** ISO/IEC 14496-10 section 7.4.2: numbers of sequence and of picture parameter sets. */
const MAX_SPS = 32;
const MAX_PPS = 255;

/** @param parameterSets NAL units of the session description (`sprop-parameter-sets`), where it has them */
export function h264Depacketizer(parameterSets: readonly Uint8Array[] = []): Depacketizer {
  return new H264Depacketizer(parameterSets);
}

class H264Depacketizer implements Depacketizer {
  readonly codec = VIDEO_CODEC.h264;
  readonly track = "video";
  readonly clockRate = 90_000;
  private readonly sps = new Map<number, Uint8Array>();
  private readonly pps = new Map<number, Uint8Array>();
  /** The sets changed since the last configuration. */
  private changed = false;
  /** Key frames come with their sets, so that one whose sets were lost is known to be cut. */
  private setsInBand = false;

  constructor(parameterSets: readonly Uint8Array[]) {
    for (const nal of parameterSets) this.keepSet(nal);
  }

  startsUnit(payload: Uint8Array): boolean {
    const type = typeOf(payload);
    if (type === RTP_NAL.stapA) {
      const first = payload.subarray(3);
      return this.startsNal(typeOf(first), first.subarray(1));
    }
    if (type !== RTP_NAL.fuA) return this.startsNal(type, payload.subarray(1));
    const head = payload[1] ?? 0;
    return (head & 0x80) !== 0 && this.startsNal(head & 31, payload.subarray(2));
  }

  private startsNal(type: number, rest: Uint8Array): boolean {
    if (type === NAL.idr) return !this.setsInBand && isFirstSlice(rest);
    if (type === AVC_NAL.pps) return !this.setsInBand;
    return type === AVC_NAL.sps || type === AVC_NAL.delimiter || (type === NAL.sei && !this.setsInBand);
  }

  assemble(payloads: readonly Uint8Array[]): DepacketizedUnit | Malformed | null {
    const nals = collectNals(payloads);
    if (nals instanceof Malformed) return nals;
    const picture: Uint8Array[] = [];
    let key = false;
    let disposable = true;
    let slices = 0;
    for (const nal of nals) {
      const type = typeOf(nal);
      if (type === AVC_NAL.sps || type === AVC_NAL.pps) {
        if (type === AVC_NAL.sps) this.setsInBand = true;
        this.keepSet(nal);
        continue;
      }
      // Delimiters, ends and filling are not for files.
      if (type === 0 || type > NAL.sei) continue;
      picture.push(nal);
      if (type > NAL.lastSlice) continue;
      slices++;
      if (type === NAL.idr) key = true;
      if (((nal[0] ?? 0) & 0x60) !== 0) disposable = false;
    }
    // Without parameter sets nothing can be decoded.
    if (slices === 0 || this.sps.size === 0 || this.pps.size === 0) return null;
    const configuration = this.takeConfiguration();
    if (configuration instanceof Malformed) return configuration;
    return { payload: lengthPrefixed(picture), key, disposable: disposable && !key, configuration };
  }

  private keepSet(nal: Uint8Array): void {
    const isSps = typeOf(nal) === AVC_NAL.sps;
    const id = parameterSetId(nal, isSps ? "sps" : "pps");
    // A configuration has 31 sets at most.
    if (isSps ? nal.length < 5 || id >= MAX_SPS - 1 : nal.length < 2 || id >= MAX_PPS) return;
    const kept = isSps ? this.sps : this.pps;
    const known = kept.get(id);
    if (known && isSame(known, nal)) return;
    kept.set(id, nal.slice());
    this.changed = true;
  }

  private takeConfiguration(): Uint8Array | Malformed | null {
    if (!this.changed) return null;
    this.changed = false;
    const inOrder = (sets: ReadonlyMap<number, Uint8Array>) => [...sets].sort(([a], [b]) => a - b).map(([, nal]) => nal);
    return writeAvcConfiguration(inOrder(this.sps), inOrder(this.pps));
  }
}

function collectNals(payloads: readonly Uint8Array[]): Uint8Array[] | Malformed {
  const nals: Uint8Array[] = [];
  let fragments: Uint8Array[] | null = null;
  for (const payload of payloads) {
    const type = typeOf(payload);
    if (type !== RTP_NAL.fuA && fragments) return new Malformed("a fragmented NAL unit without its end");
    if (type > 0 && type < RTP_NAL.stapA) {
      nals.push(payload);
    } else if (type === RTP_NAL.stapA) {
      const cut = addAggregated(nals, payload);
      if (cut) return cut;
    } else if (type === RTP_NAL.fuA) {
      const head = payload[1];
      if (head === undefined) return new Malformed("a fragment of a NAL unit without its header");
      if (head & 0x80) {
        if (fragments) return new Malformed("a fragmented NAL unit without its end");
        fragments = [Uint8Array.of(((payload[0] ?? 0) & 0xe0) | (head & 31))];
      }
      if (!fragments) return new Malformed("a fragmented NAL unit without its beginning");
      fragments.push(payload.subarray(2));
      if (head & 0x40) {
        nals.push(joined(fragments));
        fragments = null;
      }
    } else if (payload.length > 0) {
      return new Malformed(`an H.264 payload of type ${type}, which packetization mode 1 does not have`);
    }
  }
  return fragments ? new Malformed("a fragmented NAL unit without its end") : nals;
}

function addAggregated(nals: Uint8Array[], payload: Uint8Array): Malformed | null {
  for (let at = 1; at < payload.length; ) {
    const length = ((payload[at] ?? 0) << 8) | (payload[at + 1] ?? 0);
    at += 2;
    if (length === 0 || at + length > payload.length)
      return new Malformed("an aggregation packet whose NAL units do not fit into it");
    nals.push(payload.subarray(at, at + length));
    at += length;
  }
  return null;
}

function typeOf(nal: Uint8Array): number {
  return (nal[0] ?? 0) & 31;
}
