/** Says what an examination takes of its candidates: which streams, at which rates, and what they are told before they enter. */
import { newExamStream } from "../../access/policies/stream-policy.ts";
import type { Supervision } from "../foundation/store/exam-tables.ts";

/** phone: a second camera. */
export const STREAM_KINDS = ["camera", "screen", "phone"] as const;
export type StreamKind = (typeof STREAM_KINDS)[number];

/** How a page publishes a kind of stream, and from which rate on the server ends it. */
export type StreamLimits = {
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly bitsPerSecond: number;
  readonly keyFrameSeconds: number;
  /** A stream that has more for ten seconds is ended. */
  readonly mostBitsPerSecond: number;
};

/** A face and what hands do can be told at this size; a thousand of them are 120 Mbit/s. */
const CAMERA: StreamLimits = {
  width: 320,
  height: 240,
  framesPerSecond: 5,
  bitsPerSecond: 120_000,
  keyFrameSeconds: 5,
  // Encoders of browsers exceed what they are set to while a picture moves.
  mostBitsPerSecond: 500_000,
};

export const STREAM_LIMITS: Readonly<Record<StreamKind, StreamLimits>> = {
  camera: CAMERA,
  phone: CAMERA,
  // Text has to be legible; it seldom moves.
  screen: {
    width: 1280,
    height: 720,
    framesPerSecond: 2,
    bitsPerSecond: 250_000,
    keyFrameSeconds: 5,
    mostBitsPerSecond: 1_000_000,
  },
};

export const CONSENT_LINES = [
  "camera-required",
  "camera-optional",
  "screen",
  "phone",
  "seen-by-supervisors",
  "recorded",
  "not-recorded",
  "no-judging",
] as const;
type ConsentLine = { readonly code: (typeof CONSENT_LINES)[number]; readonly days?: number };

export function kindsOf({ camera, screen, phone }: Supervision): readonly StreamKind[] {
  return STREAM_KINDS.filter((kind) => ({ camera: camera !== "none", screen, phone })[kind]);
}

export function isSupervised(supervision: Supervision): boolean {
  return kindsOf(supervision).length > 0;
}

/** The column of an examination that has streams. @param known the name that it has already */
export function streamNameFor(supervision: Supervision, known: string | null): { readonly stream_name?: string } {
  return isSupervised(supervision) && known === null ? { stream_name: newExamStream() } : {};
}

/** What a candidate is told and agrees to; empty: the examination is not supervised. Pages have the words. */
export function consentLines(supervision: Supervision): ConsentLine[] {
  if (!isSupervised(supervision)) return [];
  const { camera, screen, phone, keepDays } = supervision;
  return [
    ...(camera === "none" ? [] : [{ code: `camera-${camera}` } as const]),
    ...(screen ? [{ code: "screen" } as const] : []),
    ...(phone ? [{ code: "phone" } as const] : []),
    { code: "seen-by-supervisors" },
    keepDays > 0 ? { code: "recorded", days: keepDays } : { code: "not-recorded" },
    { code: "no-judging" },
  ];
}
