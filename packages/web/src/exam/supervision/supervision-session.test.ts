import assert from "node:assert/strict";
import { type TestContext, test } from "node:test";
import type { Publisher, PublisherOptions } from "@lectern/publisher";
import { after } from "../../schedule/after.ts";
import { FakeMedia } from "../../studio/publish/capture/fake-media.ts";
import { SupervisionSession } from "./supervision-session.ts";
import type { Streams } from "./supervision-types.ts";

class Refusal extends Error {}

type World = { readonly cameraAs?: "camera" | "phone"; readonly door?: (asked: number) => Streams };

const LIMITS = { width: 320, height: 240, framesPerSecond: 5, bitsPerSecond: 120_000 };

function streams(asked: number): Streams {
  const key = (kind: "camera" | "screen" | "phone") => ({
    kind,
    app: "live",
    name: `ex-${kind}`,
    key: `k${asked}`,
    limits: LIMITS,
  });
  return {
    streams: [key("camera"), key("screen"), key("phone")],
    phone: { token: "p", live: true },
  };
}

function setUp(t: TestContext, { cameraAs = "camera", door = streams }: World = {}) {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  const media = new FakeMedia();
  media.plugIn("camera", "c1");
  const published: PublisherOptions[] = [];
  let closed = 0;
  let asked = 0;
  const session = new SupervisionSession({
    hasCamera: true,
    cameraAs,
    door: async () => door(++asked),
    devices: media as never,
    createPublisher: (options) => {
      published.push(options);
      const publisher: Partial<Publisher> = {
        close: async () => void closed++,
        setLimits: () => {},
        replaceStream: async () => {},
      };
      return publisher as Publisher;
    },
    origin: "https://school.example",
    after,
    random: () => 0,
    isFinal: (error) => error instanceof Refusal,
  });
  t.after(() => session.close());
  const pass = async (ms: number) => {
    t.mock.timers.tick(ms);
    for (let turn = 0; turn < 20; turn++) await Promise.resolve();
  };
  return { media, session, published, closed: () => closed, asked: () => asked, pass };
}

const live = (options: PublisherOptions | undefined) => options?.onState?.({ phase: "live", way: "whip", reason: null });

test("the camera is published with few bits, the limits that the server gives, and a key frame each five seconds", async (t) => {
  const { session, published, pass } = setUp(t);
  session.start();
  await pass(0);
  const [{ address, key, maxKbps, maxLines, maxFps, keyFrameSeconds } = {}] = published;
  assert.deepEqual(
    [address, key, maxKbps, maxLines, maxFps, keyFrameSeconds],
    ["https://school.example/live/ex-camera", "k1", 110, 240, 5, 5],
  );
});

test("what arrives is left alone; after a cut there is a new key at once", async (t) => {
  const { session, published, asked, pass } = setUp(t, {
    door: (n) => ({ ...streams(n), streams: [streams(n).streams[0] as never] }),
  });
  session.start();
  await pass(0);
  live(published[0]);
  assert.equal(session.snapshot().camera.connection, "live");
  const before = asked();
  published[0]?.onState?.({ phase: "reconnecting", way: "whip", reason: null });
  await pass(0);
  assert.equal(asked(), before + 1);
  published[0]?.onState?.({ phase: "refused", way: "whip", reason: { code: "link-expired", detail: "" } });
  await pass(2000);
  assert.equal(published[1]?.key, `k${asked()}`, "the next connection has the newest key");
});

test("a refusal that seems final is tried again, because only the server ends it", async (t) => {
  const { session, published, pass } = setUp(t);
  session.start();
  await pass(0);
  live(published[0]);
  published[0]?.onState?.({ phase: "refused", way: "whip", reason: { code: "publish-too-fast", detail: "" } });
  await pass(14_000);
  assert.equal(published.length, 1);
  await pass(2000);
  assert.equal(published.length, 2);
});

test("a phone publishes the second camera alone", async (t) => {
  const { session, published, pass } = setUp(t, { cameraAs: "phone" });
  session.start();
  await pass(0);
  assert.deepEqual(
    published.map(({ address }) => address),
    ["https://school.example/live/ex-phone"],
  );
});

test("when the attempt is over the camera goes out", async (t) => {
  let isOver = false;
  const { media, session, closed, pass } = setUp(t, {
    door: (asked) => {
      if (isOver) throw new Refusal();
      return streams(asked);
    },
  });
  session.start();
  await pass(0);
  isOver = true;
  await pass(20_000);
  assert.deepEqual([session.snapshot().isOver, media.opened[0]?.readyState, closed()], [true, "ended", 1]);
});
