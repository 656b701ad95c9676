/**
 * A real publisher leaves out frames, and then sends all of them: the API, the metrics and the series tell what limits its uplink.
 * Only with --all, or by name.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { MESSAGE_TYPE } from "@lectern/media";
import { clip } from "./clips.ts";
import { sharedLectern } from "./fixtures.ts";
import { until } from "./lectern.ts";
import { RtmpClient, readTags } from "./rtmp-client.ts";

const TICK_MS = 10;
const FRAME_MS = 40;

/** Publishes a clip in real time, over and over. @returns sets which frames of video are left out: each of so many; 0: none */
async function publish(port: number, name: string, signal: AbortSignal): Promise<(every: number) => void> {
  const tags = readTags(clip("b-frames")).filter(({ type }) => type !== MESSAGE_TYPE.data);
  const isHeader = ({ body, timestamp }: (typeof tags)[number]) => body[1] === 0 && timestamp === 0;
  const media = tags.filter((tag) => !isHeader(tag));
  const span = (media.at(-1)?.timestamp ?? 0) + FRAME_MS;
  const client = await RtmpClient.open(port);
  assert.equal(await client.publish(name), "NetStream.Publish.Start");
  for (const tag of tags.filter(isHeader)) client.tag(tag, 0);
  const begun = performance.now();
  let leaveOut = 0;
  let next = 0;
  let pictures = 0;
  const timer = setInterval(() => {
    for (;;) {
      const tag = media[next % media.length];
      const timestamp = (tag?.timestamp ?? 0) + Math.floor(next / media.length) * span;
      if (!tag || timestamp > performance.now() - begun) return;
      next++;
      const isKey = (tag.body[0] ?? 0) >> 4 === 1;
      const isLeftOut = tag.type === MESSAGE_TYPE.video && !isKey && leaveOut > 0 && pictures++ % leaveOut === 0;
      if (!isLeftOut) client.tag(tag, timestamp);
    }
  }, TICK_MS);
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    client.break();
  });
  return (every) => {
    leaveOut = every;
  };
}

test("an encoder that leaves out frames is named while it does, with the share of all frames, and not afterwards", async (t) => {
  const server = await sharedLectern();
  const ending = new AbortController();
  t.after(() => ending.abort());
  const leaveOut = await publish(server.rtmpPort, "uplink", ending.signal);
  const uplink = async () => {
    const { items } = (await (await server.api("/api/v1/streams")).json()) as { items: { name: string; uplink: Uplink }[] };
    return items.find(({ name }) => name === "uplink")?.uplink;
  };
  const verdict = (wanted: string) => until(async () => (await uplink())?.verdict === wanted && (await uplink()), wanted);

  await until(async () => ((await uplink())?.fps ?? 0) > 20, "the usual frame rate");
  leaveOut(5);
  const dropping = await verdict("encoder-drops-frames");
  assert.ok(dropping && dropping.droppedFrames >= 3, JSON.stringify(dropping));
  assert.ok(dropping.droppedShare > 0 && dropping.droppedShare < 0.25, JSON.stringify(dropping));
  assert.equal(dropping.health, "poor");
  assert.equal(await server.metric('lectern_uplink_verdict{stream="live/uplink"}'), 4);
  assert.ok((await server.metric('lectern_uplink_frames_total{stream="live/uplink"}')) > 20);
  await until(async () => (await seriesOf(server, "verdict")).includes(4), "the verdict in the series");

  leaveOut(0);
  const calm = await verdict("none");
  assert.ok(calm && calm.avOffsetMs !== null && Math.abs(calm.avOffsetMs) < 500, JSON.stringify(calm));
});

type Uplink = {
  readonly fps: number;
  readonly droppedFrames: number;
  readonly droppedShare: number;
  readonly avOffsetMs: number | null;
  readonly health: string;
  readonly verdict: string;
};

async function seriesOf(server: { readonly api: (path: string) => Promise<Response> }, metric: string) {
  const answer = await server.api(`/api/v1/series?kind=stream&subject=${encodeURIComponent("live/uplink")}&metric=${metric}`);
  const { series } = (await answer.json()) as { series: readonly { readonly values: readonly (number | null)[] }[] };
  return series.flatMap(({ values }) => values);
}
