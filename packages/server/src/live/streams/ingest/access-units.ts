/**
 * Puts a publisher's messages of H.264 and HEVC together to access units, one picture each. Some restreamers and camera SDKs send each NAL unit in a message of
 * its own: parameter sets, messages (SEI) and slices. Frames whose units are not where their lengths say are mended where that can be told for sure.
 *
 * A message that begins a picture passes at once, until the publisher has sent a slice without the beginning of its picture. From then on a picture is held
 * until the next one begins. The very first picture is held until the next message, since only that tells which kind of publisher it is.
 */
import { canBeginWith, hasNalUnits, lengthPrefixed, NALS, repairNals, splitNals, surveyNals, VIDEO_CODEC } from "@lectern/media";
import type { Clock } from "../../../platform/clock.ts";
import type { SourceFrame } from "./source.ts";

/** The first picture's other slices come right behind it. */
const FIRST_HOLD_MS = 100;
/** Slices of a picture may be apart by a lost packet of TCP; slides may come once in many seconds. */
const SPLIT_HOLD_MS = 500;
const MAX_PREFIX_BYTES = 1024 * 1024;
const MAX_UNIT_BYTES = 16 * 1024 * 1024;

export type AccessUnitEvents = {
  /** The frame and its payload are good during the call, and may be those of the message. */
  readonly onFrame: (frame: SourceFrame) => void;
  /** A frame's units are not where its lengths say, and cannot be found. It is passed on as it came. */
  readonly onMisfit: () => void;
  /** A slice without the beginning of its picture is left out. */
  readonly onOrphan: () => void;
};

/** A picture of which more slices may come. */
type OpenAccessUnit = { frame: SourceFrame; readonly parts: Uint8Array[]; bytes: number };

export class AccessUnits {
  private readonly clock: Clock;
  private readonly events: AccessUnitEvents;
  /** Units that came before the picture that they belong to. */
  private prefix: Uint8Array[] = [];
  private unit: OpenAccessUnit | null = null;
  private isFirst = true;
  private isSplit = false;
  private cancelTimer: (() => void) | null = null;

  constructor(clock: Clock, events: AccessUnitEvents) {
    this.clock = clock;
    this.events = events;
  }

  /** @param lengthSize bytes of the lengths in it, as its configuration has it */
  push(frame: SourceFrame, lengthSize: number): void {
    if (!hasNalUnits(frame.codec)) return this.events.onFrame(frame);
    const isHevc = frame.codec === VIDEO_CODEC.hevc;
    const found = surveyNals(frame.payload, lengthSize, isHevc);
    if ((found & NALS.misfit) === 0) return this.take(frame, found, lengthSize);
    const payload = repairNals(frame.payload, lengthSize, isHevc);
    if (payload) return this.take({ ...frame, payload }, surveyNals(payload, lengthSize, isHevc), lengthSize);
    this.flush();
    this.events.onMisfit();
    this.events.onFrame(frame);
  }

  /** Something else of the publisher has come: its first picture was whole. */
  passBy(): void {
    if (this.unit && !this.isSplit) this.flush();
  }

  /** Gives the picture that is held. */
  flush(): void {
    this.cancelTimer?.();
    this.cancelTimer = null;
    const { unit } = this;
    this.unit = null;
    if (unit) this.events.onFrame(unit.parts.length === 1 ? unit.frame : { ...unit.frame, payload: joined(unit.parts) });
  }

  private take(told: SourceFrame, found: number, lengthSize: number): void {
    const frame = withKey(told, found, lengthSize);
    if (found & NALS.firstSlice) this.beginFrame(frame);
    else if (found & NALS.laterSlice) this.continueFrame(frame, found, lengthSize);
    else if (found & NALS.prefix) this.keepPrefix(frame.payload);
    // Filling data and the end of a sequence, which a picture has behind it.
    else if (this.unit) this.add(this.unit, frame.payload);
  }

  private beginFrame(frame: SourceFrame): void {
    this.flush();
    const whole = this.prefix.length > 0 ? { ...frame, payload: joined([...this.prefix, frame.payload]) } : frame;
    this.prefix = [];
    if (!this.isFirst && !this.isSplit) return this.events.onFrame(whole);
    const payload = Uint8Array.from(whole.payload);
    this.unit = { frame: { ...whole, payload }, parts: [payload], bytes: payload.length };
    this.cancelTimer = this.clock.after(this.isSplit ? SPLIT_HOLD_MS : FIRST_HOLD_MS, () => this.flush());
    this.isFirst = false;
  }

  private continueFrame(frame: SourceFrame, found: number, lengthSize: number): void {
    this.isSplit = true;
    this.prefix = [];
    const { unit } = this;
    // The beginning of its picture has been passed on, or never came.
    if (!unit) return this.events.onOrphan();
    const isKey = unit.frame.key || frame.key;
    unit.frame = { ...unit.frame, key: isKey, disposable: unit.frame.disposable && frame.disposable };
    this.add(unit, found & NALS.prefix ? slicesOf(frame, lengthSize) : frame.payload);
  }

  private keepPrefix(payload: Uint8Array): void {
    // These units belong to the next picture.
    this.flush();
    const bytes = this.prefix.reduce((sum, part) => sum + part.length, payload.length);
    if (bytes > MAX_PREFIX_BYTES) this.prefix = [];
    else this.prefix.push(Uint8Array.from(payload));
  }

  private add(unit: OpenAccessUnit, payload: Uint8Array): void {
    unit.bytes += payload.length;
    if (unit.bytes > MAX_UNIT_BYTES) this.unit = null;
    else unit.parts.push(Uint8Array.from(payload));
  }
}

/** Without the units that stand before a picture: within one, parameter sets are forbidden. */
function slicesOf({ payload, codec }: SourceFrame, lengthSize: number): Uint8Array {
  const isHevc = codec === VIDEO_CODEC.hevc;
  const slices = (splitNals(payload, lengthSize) ?? []).filter((nal) => {
    const kind = surveyNals(lengthPrefixed([nal], 4), 4, isHevc);
    return (kind & NALS.prefix) === 0;
  });
  return lengthPrefixed(slices, lengthSize);
}

/** Encoders say of no frame that it is a key frame, or of all: viewers would wait without end, or begin with a picture that needs others. */
function withKey(frame: SourceFrame, found: number, lengthSize: number): SourceFrame {
  if ((found & (NALS.firstSlice | NALS.laterSlice)) === 0) return frame;
  const key = canBeginWith(frame.payload, frame.key, found, lengthSize, frame.codec === VIDEO_CODEC.hevc);
  return key === frame.key ? frame : { ...frame, key };
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  return Buffer.concat(parts);
}
