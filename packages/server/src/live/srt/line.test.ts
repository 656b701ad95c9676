import assert from "node:assert/strict";
import { test } from "node:test";
import type { SrtFigures } from "./connection.ts";
import { SrtSocket } from "./datagram-socket.ts";

const NONE: SrtFigures = { received: 0, lost: 0, retransmitted: 0, dropped: 0, rttMs: null, latencyMs: 200, undecryptable: 0 };

test("shares are of the last ten seconds", () => {
  const line = new SrtSocket();
  assert.deepEqual(line.report, { lossPercent: null, rttMs: null });
  for (let second = 0; second <= 30; second++) {
    const [received, lost] = [second * 100, Math.min(second, 20) * 10];
    // What looks in between does not count.
    for (const at of [0, 300, 600])
      line.look(() => ({ ...NONE, received, lost, retransmitted: lost, rttMs: 41.6 }), second * 1000 + at);
    if (second === 15)
      assert.deepEqual(line.report, {
        lossPercent: 10,
        retransmittedPercent: 10,
        unrecoveredPercent: 0,
        rttMs: 42,
        latencyMs: 200,
      });
  }
  assert.equal(line.report.lossPercent, 0);
});
