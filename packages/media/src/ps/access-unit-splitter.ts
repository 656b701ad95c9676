/**
 * Splits a byte stream of H.264 or HEVC (ISO/IEC 14496-10 and 23008-2, annex B) into access units, by sections 7.4.1.2.3 and 7.4.2.4.4. The times of PES
 * packets belong to the first access unit that begins in them (13818-1 section 2.4.3.7), whether packets and access units begin together or not.
 *
 * Whatever is damaged is left out as a whole access unit, and everything after it up to the next key frame, which does not need it.
 */
import { GrowingBytes } from "../bytes/growing-bytes.ts";
import { findStartCode } from "../codecs/annex-b.ts";
import { avcKind, hevcKind, isRandomAccess, NALS } from "../codecs/nal-units.ts";

export type AccessUnit = {
  readonly pts: number;
  readonly dts: number;
  readonly isKey: boolean;
  /** Bytes of its own, with start codes. */
  readonly data: Uint8Array;
};

export type AccessUnitOptions = {
  readonly isHevc: boolean;
  readonly onUnit: (unit: AccessUnit) => void;
};

type Times = { readonly pts: number; readonly dts: number };
/** A time, and the byte from which it holds. */
type Mark = Times & { readonly from: number };

const MAX_UNIT_BYTES = 4 * 1024 * 1024;
/** Start code, header and the first byte of a slice. */
const LOOK_AHEAD = 6;
/** What an access unit without a time of its own is later than the one before it, until two have told: 1/25 s. */
const DEFAULT_STEP = 3600;
/** Two times that are further from each other say nothing of the frame rate: 2 s. */
const MOST_STEP = 180_000;

/** Splits a byte stream: `push` the data of PES packets, get access units through `onUnit`. */
export class AccessUnitSplitter {
  private readonly options: AccessUnitOptions;
  private readonly kept = new GrowingBytes();
  /** The next byte to look for a start code at. */
  private scanned = 0;
  private marks: Mark[] = [];
  /** What is known of the access unit that begins the buffer; null: none has begun. */
  private unit: { times: Times; hasSlice: boolean; isKey: boolean } | null = null;
  private last: Times | null = null;
  private step = DEFAULT_STEP;
  private waitsForKey = true;
  /** The sender's mark at the end of frames has been wrong. */
  private distrusts = false;
  private wasMarked = false;

  constructor(options: AccessUnitOptions) {
    this.options = options;
  }

  /** @param times of the PES packet whose data this is; null: it has none */
  push(data: Uint8Array, times: Times | null): void {
    if (this.kept.filled + data.length > MAX_UNIT_BYTES) this.drop();
    // What is not the beginning of a unit continues one that was said to be whole.
    if (this.wasMarked && (data[0] !== 0 || data[1] !== 0)) this.distrust();
    if (times) this.marks.push({ ...times, from: this.kept.filled });
    this.kept.append(data);
    this.scan();
  }

  /** The sender has marked the end of a frame: it need not wait for the next one. */
  endFrame(): void {
    if (this.distrusts || !this.unit?.hasSlice) return;
    this.finish(this.kept.filled);
    this.wasMarked = true;
  }

  /** Something is missing: leaves out what has come of the access unit, and what needs it. */
  drop(): void {
    this.kept.filled = 0;
    this.scanned = 0;
    this.marks = [];
    this.unit = null;
    this.waitsForKey = true;
  }

  private scan(): void {
    for (;;) {
      const found = findStartCode(this.kept.buffer, this.scanned, this.kept.filled);
      if (found === -1) {
        this.scanned = Math.max(this.scanned, this.kept.filled - 2);
        return;
      }
      this.scanned = found;
      if (this.kept.filled - found < LOOK_AHEAD) return;
      this.scanned = found + 3;
      this.takeNal(found);
    }
  }

  /** @param code where its start code of three bytes is */
  private takeNal(code: number): void {
    const { isHevc } = this.options;
    const { buffer } = this.kept;
    const kind = (isHevc ? hevcKind : avcKind)(buffer, code + 3, LOOK_AHEAD - 3);
    const begins = (kind & (NALS.firstSlice | NALS.prefix)) !== 0;
    if (this.unit === null || (begins && this.unit.hasSlice)) {
      if (!begins) return this.skipNal(kind);
      // The zero before a start code belongs to it.
      const start = code > 0 && buffer[code - 1] === 0 ? code - 1 : code;
      this.finish(start);
      this.unit = { times: this.timesAt(0), hasSlice: false, isKey: false };
    }
    const { unit } = this;
    if (kind & (NALS.firstSlice | NALS.laterSlice)) unit.hasSlice = true;
    // Cameras that refresh without IDR pictures repeat the parameter sets where decoding can begin.
    if (isRandomAccess(buffer[code + 3] ?? 0, isHevc) || kind & NALS.parameterSets) unit.isKey = true;
    this.wasMarked = false;
  }

  /** A unit that continues an access unit which is not there. */
  private skipNal(kind: number): void {
    if (this.wasMarked && kind & NALS.laterSlice) this.distrust();
  }

  private distrust(): void {
    this.distrusts = true;
    this.waitsForKey = true;
    this.wasMarked = false;
  }

  /** Gives the access unit up to a byte, and forgets what is before it. */
  private finish(end: number): void {
    const { unit } = this;
    if (unit?.isKey) this.waitsForKey = false;
    if (unit?.hasSlice && !this.waitsForKey)
      this.options.onUnit({ ...unit.times, isKey: unit.isKey, data: this.kept.buffer.slice(0, end) });
    this.unit = null;
    this.kept.drop(end);
    this.scanned = Math.max(0, this.scanned - end);
    this.marks = this.marks.map((mark) => ({ ...mark, from: mark.from - end }));
  }

  /** The time of an access unit that begins at a byte: that of its packet, if it is the first one in it. */
  private timesAt(start: number): Times {
    const mark = this.marks.findLast(({ from }) => from <= start);
    this.marks = this.marks.filter(({ from }) => from > start);
    const { last } = this;
    const times = mark ?? { pts: (last?.pts ?? 0) + this.step, dts: (last?.dts ?? 0) + this.step };
    const step = last && mark ? times.dts - last.dts : 0;
    if (step > 0 && step < MOST_STEP) this.step = step;
    this.last = { pts: times.pts, dts: times.dts };
    return this.last;
  }
}
