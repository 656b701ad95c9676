/** The trace in the relay's messages: it comes through, and strange ones are none. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Malformed } from "@lectern/media";
import { acceptedBody, followBody, parseAccepted, parseFollow, parsePong, pongBody } from "./message-bodies.ts";

const TRACE = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", isSampled: true };
const REQUEST = {
  app: "live",
  name: "math",
  epoch: "e",
  after: null,
  isOriginCopy: false,
  repairOnly: false,
  newestFirst: true,
  backfill: null,
  mayWaitMs: 40,
};

test("a trace goes with a request, and the publisher's comes back; without one, no message names any", () => {
  const request = parseFollow(followBody({ ...REQUEST, trace: TRACE }));
  assert.ok(!(request instanceof Malformed));
  assert.deepEqual(request, { ...REQUEST, trace: TRACE });
  const pong = { behindMs: 3, lossPercent: null };
  assert.deepEqual(parseAccepted(acceptedBody(TRACE)), TRACE);
  assert.deepEqual(parsePong(pongBody({ ...pong, publisher: TRACE })), { ...pong, publisher: TRACE });
  for (const body of [followBody({ ...REQUEST, trace: null }), acceptedBody(null), pongBody({ ...pong, publisher: null })])
    assert.ok(!body.includes("trace"), body.toString());
});

test("a trace that is not one is left out, and the rest of the message counts", () => {
  for (const trace of ["", "00-1-2-3", 7, { traceId: TRACE.traceId }, `00-${"0".repeat(32)}-${TRACE.spanId}-01`]) {
    const body = Buffer.from(JSON.stringify({ ...JSON.parse(followBody({ ...REQUEST, trace: null }).toString()), trace }));
    assert.deepEqual(parseFollow(body), { ...REQUEST, trace: null });
    assert.deepEqual(parsePong(Buffer.from(JSON.stringify({ behindMs: 3, trace }))), {
      behindMs: 3,
      lossPercent: null,
      publisher: null,
    });
  }
});
