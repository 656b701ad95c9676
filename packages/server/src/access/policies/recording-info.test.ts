import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../platform/refusal.ts";
import { type RecordingInfo, RecordingInfoCache } from "./recording-info.ts";

function info(over: Partial<RecordingInfo> = {}): RecordingInfo {
  return { id: "r", app: "live", name: "math", epoch: "e", files: ["a.flv"], whole: true, open: true, signed: false, ...over };
}

const codeOf = (found: RecordingInfo | Refusal) => (found instanceof Refusal ? found.code : "found");

test("a whole recording is fetched once, and served from the cache while the control process is unreachable", async () => {
  let fetches = 0;
  let reachable = true;
  const cache = new RecordingInfoCache(async () => {
    fetches++;
    if (!reachable) throw new Error("unreachable");
    return info();
  });
  assert.equal(codeOf(await cache.find("r")), "found");
  assert.equal(codeOf(await cache.find("r")), "found");
  assert.equal(fetches, 1);
  reachable = false;
  assert.equal(codeOf(await cache.find("r")), "found");
  cache.refresh();
  assert.equal(codeOf(await cache.find("r")), "control-away");
});

test("an unknown recording, one in the bin, and a deleted one are refused alike", async () => {
  const known: Record<string, RecordingInfo> = { binned: info({ id: "binned", open: false }), kept: info({ id: "kept" }) };
  const cache = new RecordingInfoCache(async (id) => known[id] ?? null);
  assert.equal(codeOf(await cache.find("unknown")), "no-such-recording");
  assert.equal(codeOf(await cache.find("binned")), "no-such-recording");
  assert.equal(codeOf(await cache.find("kept")), "found");
  delete known["kept"];
  cache.take("kept", null);
  assert.equal(codeOf(await cache.find("kept")), "no-such-recording");
});
