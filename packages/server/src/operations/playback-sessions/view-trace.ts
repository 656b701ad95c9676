/**
 * Records what a player tells of its first picture as the first span of its trace, `player join`. The player has sent the id of that span with its
 * request for the media, so the spans of the servers are its children.
 */

import type { ViewBeacon } from "../../contracts/playback-sessions/view-beacon.ts";
import type { Tracer } from "../../platform/tracing/tracer.ts";

/** The first span of a player's trace has the beginning of the trace's id. */
const SPAN_DIGITS = 16;

/** @param startedAt of the session, milliseconds since 1970 by the server's clock */
export function traceFirstFrame(tracer: Tracer, { trace, msd, cid, sf, device }: ViewBeacon, startedAt: number): void {
  const spanId = trace.slice(0, SPAN_DIGITS);
  if (msd === undefined || /^0+$/.test(spanId)) return;
  tracer.record({
    name: "player join",
    kind: "client",
    context: { traceId: trace, spanId, isSampled: true },
    startMs: startedAt,
    endMs: startedAt + msd,
    attributes: { "lectern.stream": cid, "lectern.engine": sf, "lectern.device": device.class },
  });
}
