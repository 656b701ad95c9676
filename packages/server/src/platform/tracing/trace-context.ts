/** Reads and writes `traceparent`, by which a trace goes from one program to the next (W3C Trace Context, section 3.2). */

export type TraceContext = {
  /** 32 hexadecimal digits. */
  readonly traceId: string;
  /** 16 hexadecimal digits: the span whose children come next. */
  readonly spanId: string;
  /** The program that sent it records the trace. */
  readonly isSampled: boolean;
};

const TRACEPARENT = /^(?!ff)([0-9a-f]{2})-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** A later version may be longer. Nobody needs more than this. */
const MAX_LENGTH = 256;

/** Null when there is none that is valid: the receiver then begins a trace of its own (section 4.3). */
export function parseTraceparent(text: unknown): TraceContext | null {
  if (typeof text !== "string" || text.length > MAX_LENGTH) return null;
  const [, version, traceId, spanId, flags, rest] = TRACEPARENT.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  if (version === "00" && rest !== undefined) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function formatTraceparent({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;
}
