import assert from "node:assert/strict";
import { test } from "node:test";
import { ManualClock } from "../../platform/clock.ts";
import { Refusal } from "../../platform/refusal.ts";
import type { Location, Stream } from "../streams/index.ts";
import { ServedStreams } from "./served-streams.ts";

/** The streams of a process: the name, and the codec of the sound; null: it has none yet. */
function setUp(codecs: Record<string, string | null>) {
  const clock = new ManualClock();
  const streams = new Map<string, Stream>();
  const got = (_: string, name: string) => streams.get(name) ?? null;
  const dismissed: string[] = [];
  const set = (name: string, codec: string | null) => {
    const log = { context: { audio: codec && { codec } }, segments: [{}] };
    const dismissWithdrawable = (reason: string) => void dismissed.push(`${name} ${reason}`);
    streams.set(name, { app: "live", name, epoch: "e", ended: false, log, dismissWithdrawable } as unknown as Stream);
  };
  for (const [name, codec] of Object.entries(codecs)) set(name, codec);
  const asked: string[] = [];
  const state: { answer: string | Refusal } = { answer: "mp4a" };
  const served = new ServedStreams({
    streams: { find: got, current: got, list: () => [...streams.values()] } as never,
    locator: { locate: (_: string, name: string) => (streams.has(name) ? ({} as Location) : null) } as never,
    ladders: {
      find: async (_, name) => {
        asked.push(name);
        if (state.answer instanceof Refusal) return state.answer;
        set(name, state.answer);
        return streams.get(name) ?? new Refusal("no-such-stream");
      },
    },
    clock,
  });
  const nameOf = async (name: string, opus: boolean) => (await served.serve("live", name, { opus }))?.stream.name ?? null;
  return { served, clock, asked, state, set, dismissed, nameOf };
}

test("Opus is for those who take it, and others get AAC, which is made for them", async () => {
  const { nameOf, asked } = setUp({ browser: "Opus", obs: "mp4a", silent: null });
  assert.equal(await nameOf("browser", true), "browser");
  assert.deepEqual(asked, []);
  assert.equal(await nameOf("browser", false), "browser@aac");
  assert.deepEqual(asked, ["browser@aac"]);
  for (const name of ["obs", "silent"]) assert.equal(await nameOf(name, false), name);
  assert.equal(await nameOf("nobody", false), null);
});

test("sound that no browser plays is AAC for all who listen, also for those who take Opus", async () => {
  for (const codec of ["alaw", "ulaw", "spex"]) {
    const { served, nameOf, asked } = setUp({ camera: codec });
    assert.equal((await served.serve("live", "camera", { opus: true, sound: false }))?.stream.name, "camera");
    assert.deepEqual(asked, []);
    assert.deepEqual([await nameOf("camera", true), await nameOf("camera", false)], ["camera@aac", "camera@aac"], codec);
    assert.equal(served.recordedName("live", "camera"), "camera@aac");
  }
});

test("where no node can make it, Opus is better than nothing, and is not taken away again", async () => {
  const { served, state } = setUp({ browser: "Opus" });
  state.answer = new Refusal("full");
  const found = await served.serve("live", "browser", { opus: false });
  assert.deepEqual([found?.stream.name, found?.withdrawable], ["browser", false]);
});

test("who watches a stream when it becomes Opus has to ask again; rungs and renditions stay", async () => {
  const { served, set, dismissed } = setUp({ browser: "mp4a", "browser@rtc": "mp4a", "browser@opus": "Opus" });
  assert.equal((await served.serve("live", "browser", { opus: false }))?.withdrawable, true);
  assert.equal((await served.serve("live", "browser", { opus: true }))?.withdrawable, false);
  served.sweep();
  assert.deepEqual(dismissed, []);
  set("browser", "Opus");
  served.sweep();
  assert.deepEqual(dismissed, ["browser codec-changed"]);
});

test("who cannot wait in place asks until the rendition is there, and gives up after ten seconds", async () => {
  const { served, clock, state, asked } = setUp({ browser: "Opus" });
  state.answer = new Refusal("full");
  const now = () => served.now("live", "browser")?.name ?? null;
  assert.equal(now(), null);
  assert.equal(now(), null);
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(asked.length, 1, "it is not asked for twice at once");
  for (let second = 0; second < 10; second++) {
    clock.advance(1000);
    served.sweep();
    assert.equal(now(), null, `after ${second + 1} s`);
    await new Promise((resolve) => setImmediate(resolve));
  }
  clock.advance(1000);
  assert.equal(now(), "browser");
  state.answer = "mp4a";
  clock.advance(3000);
  now();
  await new Promise((resolve) => setImmediate(resolve));
  assert.equal(now(), "browser@aac", "it is taken as soon as it is there");
  assert.equal(served.recordedName("live", "browser"), "browser@aac");
});
