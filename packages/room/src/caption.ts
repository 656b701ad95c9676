/** Defines captions: what is said in the lesson, as the server hears it. Only the server writes them; one with the same `ref` replaces the one before. */
import { BOOLEAN, ID, integer, STRING, string } from "./fields.ts";
import { kind } from "./kind.ts";
import { textOf, type WireEntry } from "./wire.ts";

export const MAX_CAPTION_TEXT = 500;
/** A language tag (RFC 5646), such as `en` or `zh-CN`; empty: not known. */
const MAX_LANGUAGE = 35;

const SPOKEN = {
  ref: ID,
  /** Milliseconds of the stream's time. */
  start: integer(0),
  end: integer(0),
  /** When it was begun to be said, milliseconds since 1970, on the clock of the stream's segments. */
  spokenAt: integer(0),
  isFinal: BOOLEAN,
} as const;

export const CAPTION = /* @__PURE__ */ kind(() => ({
  kind: "caption",
  sends: { fields: { ...SPOKEN, text: string({ max: MAX_CAPTION_TEXT }), language: string({ max: MAX_LANGUAGE }) } },
  entries: [{ key: null, fields: { ...SPOKEN, text: STRING, language: STRING } }],
}));

export type Caption = {
  readonly ref: string;
  /** Milliseconds of the stream's time. */
  readonly start: number;
  readonly end: number;
  /** Milliseconds since 1970. */
  readonly spokenAt: number;
  readonly text: string;
  readonly language: string;
  /** False: it is replaced as soon as more is known. */
  readonly isFinal: boolean;
};

/** Null for an entry of another kind. */
export function captionOf({ kind, body }: Pick<WireEntry, "kind" | "body">): Caption | null {
  if (kind !== "caption") return null;
  const { start, end, spokenAt, isFinal } = body;
  const [ref, text, language = ""] = [textOf(body, "ref"), textOf(body, "text"), textOf(body, "language") ?? ""];
  const isWhole = typeof start === "number" && typeof end === "number" && typeof spokenAt === "number";
  if (ref === null || text === null || !isWhole) return null;
  return { ref, start, end, spokenAt, text, language, isFinal: isFinal === true };
}
