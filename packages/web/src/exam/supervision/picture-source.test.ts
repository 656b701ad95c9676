import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import { after } from "../../schedule/after.ts";
import { FakeMedia } from "../../studio/publish/capture/fake-media.ts";
import { PictureSource, type SourceState } from "./picture-source.ts";

function setUp(t: TestContext, kind: "camera" | "screen" = "camera") {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const media = new FakeMedia();
  const states: SourceState[] = [];
  const source = new PictureSource({
    kind,
    open: async () => (await (kind === "camera" ? media.getUserMedia({ video: {} }) : media.getDisplayMedia())) as never,
    after,
    onChange: (state) => states.push(state),
  });
  t.after(() => source.close());
  const pass = async (ms: number) => {
    t.mock.timers.tick(ms);
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  return { media, source, states, pass };
}

test("a camera that is pulled out is opened again by itself when it is back", async (t) => {
  const { media, source, pass } = setUp(t);
  media.plugIn("camera", "c1");
  await source.open();
  assert.equal(source.state.phase, "on");
  media.unplug("c1");
  assert.deepEqual([source.state.phase, source.state.problem], ["stopped", null]);
  await pass(4000);
  assert.deepEqual([source.state.phase, source.state.problem], ["stopped", "none"]);
  media.plugIn("camera", "c1");
  await pass(4000);
  assert.equal(source.state.phase, "on");
});

test("who has refused the camera is not asked again until the candidate presses", async (t) => {
  const { media, source, states, pass } = setUp(t);
  media.plugIn("camera", "c1");
  media.refuse = () => new DOMException("", "NotAllowedError");
  await source.open();
  assert.equal(source.state.problem, "denied");
  const told = states.length;
  await pass(60_000);
  assert.equal(states.length, told);
  media.refuse = null;
  await source.open();
  assert.equal(source.state.phase, "on");
});

test("a screen that the candidate stops is shared again by the candidate alone", async (t) => {
  const { media, source, pass } = setUp(t, "screen");
  await source.open();
  media.opened[0]?.end();
  await pass(60_000);
  assert.deepEqual([source.state.phase, media.opened.length], ["stopped", 1]);
});

test("closing stops the camera, also one that was still being opened", async (t) => {
  const { media, source } = setUp(t);
  media.plugIn("camera", "c1");
  const opening = source.open();
  source.close();
  await opening;
  assert.equal(media.opened[0]?.readyState, "ended");
});
