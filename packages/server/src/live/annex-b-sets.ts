/**
 * Provides the parameter sets of a byte stream of H.264 or HEVC, as MPEG-TS has it: taken out of the access units, and made into a decoder
 * configuration (ISO/IEC 14496-15 sections 5.3.2 and 8.2).
 */
import { AVC_NAL, HEVC_NAL, type Malformed, writeAvcConfiguration, writeHevcConfiguration } from "@lectern/media";

/** What differs between the codecs. */
type SetRules = {
  readonly typeOf: (nal: Uint8Array) => number;
  readonly sets: readonly number[];
  readonly delimiter: number;
  readonly configuration: (sets: (type: number) => readonly Uint8Array[]) => Uint8Array | Malformed;
};

export const AVC: SetRules = {
  typeOf: (nal) => (nal[0] ?? 0) & 31,
  sets: [AVC_NAL.sps, AVC_NAL.pps],
  delimiter: AVC_NAL.delimiter,
  configuration: (sets) => writeAvcConfiguration(sets(AVC_NAL.sps), sets(AVC_NAL.pps)),
};
export const HEVC: SetRules = {
  typeOf: (nal) => ((nal[0] ?? 0) >> 1) & 63,
  sets: [HEVC_NAL.vps, HEVC_NAL.sps, HEVC_NAL.pps],
  delimiter: HEVC_NAL.delimiter,
  configuration: (sets) => writeHevcConfiguration([...sets(HEVC_NAL.vps), ...sets(HEVC_NAL.sps), ...sets(HEVC_NAL.pps)]),
};

/** The parameter sets that are in force, by type. */
export class ParameterSets {
  private readonly rules: SetRules;
  private known = new Map<number, readonly Uint8Array[]>();

  constructor(rules: SetRules) {
    this.rules = rules;
  }

  /**
   * Takes the parameter sets out of an access unit. Only a key frame changes the configuration: those of another frame that are not
   * known yet stay in it.
   * @returns the rest, and the new configuration; null where it stays
   */
  takeFrom(all: readonly Uint8Array[], isKey: boolean): { nals: readonly Uint8Array[]; changed: Uint8Array | null | Malformed } {
    const { typeOf, sets, delimiter } = this.rules;
    const isSet = (nal: Uint8Array) => sets.includes(typeOf(nal));
    let changed: Uint8Array | null | Malformed = null;
    if (isKey && all.some((nal) => isSet(nal) && !this.isKnown(nal))) {
      for (const type of sets) {
        const found = all.filter((nal) => typeOf(nal) === type);
        if (found.length > 0) this.known.set(type, withoutTwins(found));
      }
      changed = this.rules.configuration((type) => this.known.get(type) ?? []);
    }
    const nals = all.filter((nal) => typeOf(nal) !== delimiter && !(isSet(nal) && this.isKnown(nal)));
    return { nals, changed };
  }

  private isKnown(nal: Uint8Array): boolean {
    return (this.known.get(this.rules.typeOf(nal)) ?? []).some((set) => Buffer.compare(set, nal) === 0);
  }
}

function withoutTwins(nals: readonly Uint8Array[]): Uint8Array[] {
  return nals.filter((nal, i) => nals.findIndex((other) => Buffer.compare(other, nal) === 0) === i);
}
