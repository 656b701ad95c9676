/** Links that other systems sign, on a running server: a policy names their keys, and players open them in every protocol. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { test } from "node:test";
import WebSocket from "ws";
import { LINK_SCHEMES } from "../packages/server/src/access/links/link-scheme.ts";
import { FOREIGN_SCHEMES } from "../packages/server/src/access/links/schemes/scheme-list.ts";
import { clip } from "./clips.ts";
import { ffmpeg, parseFrames, publish } from "./ffmpeg.ts";
import { sharedLectern } from "./fixtures.ts";
import { startLectern, until } from "./lectern.ts";
import { ask, type Body, done } from "./lesson-client.ts";
import { long } from "./long-tests.ts";
import { MAIN } from "./program.ts";
import { RtmpClient, readTags } from "./rtmp-client.ts";

const CLIP = new URL("clips/h264opus.flv", import.meta.url).pathname;
const SECRET = "the secret of the other CDN";

function sign(url: string, scheme: string, expires = "1h"): string {
  const order = ["sign", url, "--scheme", scheme, "--secret", SECRET, "--expires", expires];
  return execFileSync(process.execPath, [MAIN, ...order], { encoding: "utf8" }).trim();
}

/** Opens a stream, and closes it once its answer has begun. */
async function statusOf(url: string): Promise<number> {
  const answer = await fetch(url);
  await answer.body?.cancel();
  return answer.status;
}

function openWebSocket(url: string): Promise<number> {
  const socket = new WebSocket(url.replace("http", "ws"));
  return new Promise((resolve) => {
    socket.on("open", () => resolve(101));
    socket.on("unexpected-response", (_, { statusCode = 0 }) => resolve(statusCode));
    socket.on("error", () => {});
  }).then((status) => {
    socket.terminate();
    return status as number;
  });
}

test("a link of each scheme opens its stream in every protocol, while a policy names its key", async (t) => {
  const lectern = await sharedLectern();
  const client = await RtmpClient.open(lectern.rtmpPort);
  t.after(() => client.break());
  await client.publish("math");
  for (const tag of readTags(CLIP)) client.tag(tag);
  await lectern.stream("math", (stream) => stream.video !== null);
  const live = `${lectern.http}/live`;
  const links = LINK_SCHEMES.map((scheme) => ({ scheme, flv: sign(`${live}/math.flv`, scheme) }));
  const keys: string[] = [];
  for (const scheme of LINK_SCHEMES)
    keys.push((await done(lectern, "POST", "/link-keys", { name: scheme, scheme, secret: SECRET })).id);
  const rules = (named: readonly string[]) => [
    { kind: "links", for: "play", combine: "add", mode: "enforce", locked: false, boundAddress: false, keys: named },
  ];
  const target = { level: "installation", id: "" };
  const policy = await done(lectern, "POST", "/policies", { target, rules: rules([]) });
  await until(async () => (await statusOf(`${live}/math.flv`)) === 401, "the policy");
  for (const { scheme, flv } of links) assert.equal(await statusOf(flv), 401, `${scheme}: its key is not named yet`);
  await done(lectern, "PATCH", `/policies/${policy.id}`, { rules: rules(keys) });
  await until(async () => (await statusOf(links[0]?.flv ?? "")) === 200, "the policy with the keys");
  for (const { scheme, flv } of links) {
    const hls = flv.replace("/math.flv", "/math.m3u8");
    const { search } = new URL(flv);
    assert.deepEqual([await statusOf(flv), await statusOf(hls), await openWebSocket(flv)], [200, 200, 101], scheme);
    const playlist = await (await fetch(hls)).text();
    const media = playlist.split("\n").find((line) => line.endsWith("index.m3u8")) ?? assert.fail(playlist);
    const listed = new URL(media, hls);
    const text = await (await fetch(listed)).text();
    const segment = /^[^#].*\.m4s$/m.exec(text)?.[0] ?? assert.fail(text);
    assert.equal(await statusOf(new URL(segment, listed).href), 200, `${scheme}: segments open by the session`);
    for (const wrong of [flv.replace("math.flv", "physics.flv"), flv.replace(/[0-9a-f]{8}/, "00000000")])
      assert.equal(await statusOf(wrong), 401, wrong);
    assert.equal(await statusOf(`${live}/math.flv`), 401);
    if (search === "") continue;
    const player = await RtmpClient.open(lectern.rtmpPort);
    assert.equal(await player.play(`math${search}`), "NetStream.Play.Start", scheme);
    player.break();
  }
  const short = sign(`${live}/math.flv`, "nginx", "4s");
  assert.equal(await statusOf(short), 200);
  await until(async () => (await statusOf(short)) !== 200, "the expiry");
  assert.equal(((await (await fetch(short)).json()) as { code: string }).code, "link-expired");
  const inUse = await ask(lectern, "DELETE", `/link-keys/${keys[0]}`);
  assert.deepEqual([inUse.status, inUse.body.code], [409, "conflict"]);
  await done(lectern, "PATCH", `/policies/${policy.id}`, { rules: rules(keys.slice(1)) });
  await until(async () => (await statusOf(links[0]?.flv ?? "")) === 401, "the policy without the first key");
  await done(lectern, "DELETE", `/link-keys/${keys[0]}`);
  assert.doesNotMatch(lectern.said(), new RegExp(SECRET));
});

/** From its time on, the link opens playlists for so long, and it is played for longer. */
const VALID_SECONDS = 15;
const PLAYED_SECONDS = 24;

long(
  "HLS whose playlist was opened by a signature in the path plays on below this path, after the link has expired, live and as recording",
  async (t) => {
    const lectern = await startLectern(t, { "recording.auto": "pushed", "publish.graceSeconds": "0" });
    const file = clip("numbered", 300);
    await publish(t, file, `${lectern.rtmp}/live/math`, ["-t", "8"]).done;
    const recording = await until(
      async () => (await done(lectern, "GET", "/recordings")).items.find(({ whole }: Body) => whole)?.id ?? null,
      "the recording",
    );
    publish(t, file, `${lectern.rtmp}/live/math`);
    await lectern.stream("math", (stream) => stream.video !== null);
    const schemes = ["aliyun-b", "aliyun-c"] as const;
    const keys: string[] = [];
    for (const scheme of schemes)
      keys.push(
        (await done(lectern, "POST", "/link-keys", { name: scheme, scheme, secret: SECRET, validSeconds: VALID_SECONDS })).id,
      );
    const target = { level: "installation", id: "" };
    await done(lectern, "POST", "/policies", { target, rules: [{ kind: "links", for: "play", keys }] });
    await until(async () => (await statusOf(`${lectern.http}/live/math.flv`)) === 401, "the policy");
    const prefixed = (scheme: "aliyun-b" | "aliyun-c", path: string) => {
      const time = Math.floor(Date.now() / 1000);
      return `${lectern.http}${FOREIGN_SCHEMES[scheme].sign({ path, ip: null }, time, SECRET).prefix}${path}`;
    };
    const opened = schemes.map((scheme) => prefixed(scheme, "/live/math.m3u8"));
    await until(async () => (await Promise.all(opened.map(statusOf))).every((status) => status === 200), "the links");
    const played = opened.map(
      (address) =>
        ffmpeg(t, ["-i", address, "-t", String(PLAYED_SECONDS), "-map", "0:v", "-c", "copy", "-f", "framemd5", "-"]).done,
    );
    const replays = schemes.map(
      (scheme) =>
        ffmpeg(t, ["-re", "-i", prefixed(scheme, `/vod/${recording}.m3u8`), "-map", "0:v", "-c", "copy", "-f", "framemd5", "-"])
          .done,
    );
    for (const [seconds, runs] of [
      [PLAYED_SECONDS, played],
      [7, replays],
    ] as const)
      for (const { code, out, said } of await Promise.all(runs)) {
        assert.equal(code, 0, said);
        const seen = parseFrames(out.toString());
        assert.ok(seen.length > seconds * 24, `${seen.length} frames in ${seconds} s: ${said}`);
      }
    // They open nothing any more. The time of type B has no seconds: it ends with a minute.
    for (const address of opened) {
      await until(async () => (await statusOf(address)) !== 200, "the expiry");
      assert.equal(((await (await fetch(address)).json()) as { code: string }).code, "link-expired", address);
    }
  },
);
