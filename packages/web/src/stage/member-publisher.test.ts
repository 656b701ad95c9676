import assert from "node:assert/strict";
import { test } from "node:test";
import type { Publisher, PublisherOptions, PublisherState, VideoLimits } from "@lectern/publisher";
import { MemberPublisher } from "./member-publisher.ts";

type Made = {
  readonly options: PublisherOptions;
  readonly replaced: MediaStream[];
  readonly limits: (number | null)[];
  closed: number;
};

const SMALL: VideoLimits = { maxKbps: 200, maxLines: 180, maxFps: 15 };
const LARGE: VideoLimits = { maxKbps: 1200, maxLines: 720, maxFps: 24 };

function open() {
  const made: Made[] = [];
  let timers: (() => void)[] = [];
  const states: (PublisherState["phase"] | null)[] = [];
  const publisher = new MemberPublisher({
    origin: "https://school.example",
    limits: SMALL,
    onState: (state) => states.push(state?.phase ?? null),
    after: (_ms, run) => {
      timers.push(run);
      return () => {
        timers = timers.filter((one) => one !== run);
      };
    },
    createPublisher: (options) => {
      const one: Made = { options, replaced: [], limits: [], closed: 0 };
      made.push(one);
      const replaceStream = async (stream: MediaStream) => void one.replaced.push(stream);
      const setLimits = ({ maxLines }: VideoLimits) => void one.limits.push(maxLines);
      return { replaceStream, setLimits, close: async () => void one.closed++ } as unknown as Publisher;
    },
  });
  const pass = () => {
    const due = timers;
    timers = [];
    for (const run of due) run();
  };
  return { publisher, made, states, pass };
}

const key = (n: number, name = "lesson-a~anna") => ({ app: "live", name, key: `k${n}`, expiresAt: 0 });
const stream = () => ({}) as MediaStream;
const refused = (code: string): PublisherState => ({ phase: "refused", way: null, reason: { code, detail: "" } });

test("it publishes once there are a key and a stream, and takes other tracks and keys without a new connection", () => {
  const { publisher, made } = open();
  publisher.setKeys(key(1));
  assert.equal(made.length, 0);
  publisher.setStream(stream(), false);
  assert.deepEqual([made[0]?.options.address, made[0]?.options.key], ["https://school.example/live/lesson-a~anna", "k1"]);
  publisher.setKeys(key(2));
  publisher.setStream(stream(), false);
  assert.deepEqual([made.length, made[0]?.replaced.length], [1, 1]);
});

test("a key that has expired is replaced by the newest, and what is final is left", () => {
  const { publisher, made, pass } = open();
  publisher.setKeys(key(1));
  publisher.setStream(stream(), false);
  publisher.setKeys(key(2));
  made[0]?.options.onState?.(refused("link-expired"));
  assert.equal(made[0]?.closed, 1);
  pass();
  assert.equal(made[1]?.options.key, "k2");
  made[1]?.options.onState?.(refused("removed-from-lesson"));
  pass();
  assert.equal(made.length, 2);
});

test("it ends when the room gives no key any more, and a screen is another connection", () => {
  const { publisher, made, states, pass } = open();
  publisher.setKeys(key(1));
  publisher.setStream(stream(), false);
  publisher.setStream(stream(), true);
  assert.deepEqual([made.length, made[0]?.closed, made[1]?.options.content], [2, 1, "detail"]);
  const camera = stream();
  publisher.setStream(camera, false);
  publisher.setStream(camera, true);
  assert.deepEqual([made[2]?.options.content, made[3]?.options.content], ["motion", "detail"], "what turns out to be a screen");
  publisher.setStream(stream(), true);
  publisher.setKeys(null);
  assert.deepEqual([made[3]?.closed, states.at(-1)], [1, null]);
  made[3]?.options.onState?.(refused("network"));
  pass();
  publisher.close();
  assert.equal(made.length, 4);
});

test("the picture becomes larger at once, and smaller when it is wanted so for a while", () => {
  const { publisher, made, pass } = open();
  publisher.setKeys(key(1));
  publisher.setStream(stream(), false);
  assert.equal(made[0]?.options.maxLines, 180);
  publisher.setLimits(LARGE);
  publisher.setLimits(SMALL);
  publisher.setLimits(LARGE);
  pass();
  assert.deepEqual(made[0]?.limits, [720], "who speaks again at once stays large");
  publisher.setLimits({ ...SMALL });
  publisher.setLimits(SMALL);
  assert.equal(made[0]?.limits.at(-1), 720);
  pass();
  assert.equal(made[0]?.limits.at(-1), 180);
  publisher.setStream(stream(), true);
  assert.deepEqual([made[1]?.options.maxLines, made[1]?.options.content], [180, "detail"]);
});
