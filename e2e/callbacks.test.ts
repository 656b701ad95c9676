/** Callbacks on a running server: back ends for SRS and for nginx-rtmp, also slow, broken and refusing ones. */
import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { hostname } from "node:os";
import { test } from "node:test";
import { allow, backEnd, of, settings } from "./back-end.ts";
import { joined, startNats, startNode } from "./cluster.ts";
import { startLectern, until } from "./lectern.ts";
import { push, watch } from "./lesson-client.ts";
import { RtmpClient } from "./rtmp-client.ts";
import { pidOf } from "./worker-connections.ts";

test("a hundred viewers that come and go, some in the middle of being asked about, are each reported gone once", async (t) => {
  const leave = new Map<string, () => void>();
  const { heard, url } = await backEnd(t, ({ action, param = "" }, response) => {
    setTimeout(() => response.end("0"), Math.random() * 60);
    if (action === "on_play") setTimeout(() => leave.get(param)?.(), Math.random() * 120);
  });
  const lectern = await startLectern(t, settings(url));
  push(t, `${lectern.rtmp}/live/math`);
  await lectern.stream("math", (stream) => stream.video !== null);
  for (let i = 0; i < 100; i++) {
    const address =
      i % 3 === 2 ? `${lectern.rtmp}/live/math` : `${i % 3 ? lectern.http.replace("http", "ws") : lectern.http}/live/math.flv`;
    const watching = watch(`${address}?u=${i}`);
    // One in four does not wait for anything.
    if (i % 4 === 0) setTimeout(() => watching.leave(), (i * 7) % 150);
    else leave.set(`?u=${i}`, () => watching.leave());
  }
  const pairs = () => ({
    play: of(heard, "on_play")
      .map((one) => one["client_id"])
      .sort(),
    stop: of(heard, "on_stop")
      .map((one) => one["client_id"])
      .sort(),
  });
  await until(() => of(heard, "on_play").length >= 75 && pairs().play.length === pairs().stop.length, "as many ends as beginnings");
  // What would be reported twice is reported before the end of one who comes after all others.
  const last = watch(`${lectern.http}/live/math.flv`);
  await until(() => last.bytes() > 10_000, "one more");
  last.leave();
  const before = pairs().stop.length;
  await until(() => pairs().stop.length > before, "the end of the last");
  const { play, stop } = pairs();
  assert.deepEqual(stop, play);
  assert.equal(new Set(play).size, play.length);
});

test("a client that the back end refuses is refused in every protocol, and the name is free for the next", async (t) => {
  let mood: "yes" | "no" | "broken" | "slow" = "no";
  const { heard, url } = await backEnd(t, ({ action }, response) => {
    if (action === "on_connect" || mood === "yes") response.end("0");
    else if (mood === "no") response.end('{"code":1}');
    else if (mood === "broken") response.writeHead(500).end();
  });
  const lectern = await startLectern(t, settings(url, { "callbacks.timeoutMs": "2000" }));
  const tryTo = async () => {
    const client = await RtmpClient.open(lectern.rtmpPort);
    client.command("createStream", 2, null);
    client.command("publish", 3, null, "math", "live");
    const { description } = await client.status();
    client.break();
    return description.split(":")[0];
  };
  assert.equal(await tryTo(), "refused-by-callback");
  mood = "broken";
  assert.equal(await tryTo(), "callback-failed");
  mood = "slow";
  assert.equal(await tryTo(), "callback-failed");
  assert.deepEqual(of(heard, "on_unpublish"), [], "who was not let in does not go");
  assert.equal(await lectern.metric("lectern_streams"), 0);
  mood = "yes";
  push(t, `${lectern.rtmp}/live/math`);
  await lectern.stream("math", (stream) => stream.video !== null);
  // A name that is taken is refused without asking.
  const asked = of(heard, "on_publish").length;
  assert.equal(await tryTo(), "publisher-present");
  assert.equal(of(heard, "on_publish").length, asked);
  mood = "no";
  const addresses = [
    `${lectern.http}/live/math.flv`,
    `ws://127.0.0.1:${lectern.httpPort}/live/math.flv`,
    `${lectern.http}/live/math.m3u8`,
  ];
  assert.deepEqual(await Promise.all(addresses.map((address) => watch(address).ended)), Array(3).fill("refused-by-callback"));
  assert.equal(await watch(`${lectern.rtmp}/live/math`).ended, "NetStream.Play.Failed");
  assert.equal(
    await watch(`${lectern.http}/live/nobody.flv`).ended,
    "no-such-stream",
    "and nobody is asked about what is not there",
  );
  assert.equal(of(heard, "on_play").length, 4);
  assert.deepEqual(of(heard, "on_stop"), []);
});

test("clients of a worker that was killed are reported gone once, when the worker is back", async (t) => {
  const { heard, url } = await backEnd(t, allow);
  const lectern = await startLectern(t, settings(url, { workers: "1", "publish.graceSeconds": "1" }));
  push(t, `${lectern.rtmp}/live/math`);
  await lectern.stream("math", (stream) => stream.video !== null);
  const viewers = Array.from({ length: 20 }, (_, i) =>
    watch(i % 2 ? `${lectern.rtmp}/live/math` : `${lectern.http}/live/math.flv`),
  );
  await until(() => viewers.every(({ bytes }) => bytes() > 10_000), "pictures for all");
  const gone = watch(`${lectern.http}/live/math.flv`);
  await until(() => gone.bytes() > 10_000, "one more");
  gone.leave();
  await until(() => of(heard, "on_stop").length === 1, "the one who left");
  process.kill(pidOf(lectern, "media-1"), "SIGKILL");
  await until(
    () => of(heard, "on_stop").length >= 21 && of(heard, "on_unpublish").length >= 1 && of(heard, "on_close").length >= 11,
    "all ends",
  );
  // What would be reported twice is reported before the end of one who comes after all others.
  const last = await until(() => RtmpClient.open(lectern.rtmpPort).catch(() => null), "the worker to be back");
  await until(() => of(heard, "on_connect").length > of(heard, "on_close").length, "one more connection");
  last.break();
  await until(() => of(heard, "on_connect").length <= of(heard, "on_close").length, "its end");
  const ids = (action: string) =>
    of(heard, action)
      .map((one) => one["client_id"])
      .sort();
  assert.deepEqual(ids("on_stop"), ids("on_play"));
  assert.deepEqual(ids("on_unpublish"), ids("on_publish"));
  assert.deepEqual(ids("on_close"), ids("on_connect"));
});

test("where a failure allows, an unreachable back end stops nobody", async (t) => {
  const lectern = await startLectern(t, settings("http://127.0.0.1:9/", { "callbacks.onFailure": "allow" }));
  push(t, `${lectern.rtmp}/live/math`);
  await lectern.stream("math", (stream) => stream.video !== null);
  const watching = watch(`${lectern.http}/live/math.flv`);
  await until(() => watching.bytes() > 10_000, "a picture");
  watching.leave();
});

test("a back end for SRS: keys of streams, and who is live, as its own example does it", async (t) => {
  // What such a back end does: it looks at the key in `param`, and keeps a list of what is live.
  const live = new Map<string, string>();
  const { url } = await backEnd(t, ({ action, stream = "", param, client_id: id = "" }, response) => {
    if (action === "on_publish" && param !== `?secret=of-${stream}`) return response.end("1");
    if (action === "on_publish") live.set(stream, id);
    if (action === "on_unpublish" && live.get(stream) === id) live.delete(stream);
    return response.end("0");
  });
  const lectern = await startLectern(t, settings(url));
  const bad = push(t, `${lectern.rtmp}/live/math?secret=wrong`);
  assert.notEqual((await bad.done).code, 0);
  assert.equal(live.size, 0);
  const good = push(t, `${lectern.rtmp}/live/math?secret=of-math`);
  await lectern.stream("math", (stream) => stream.video !== null);
  assert.deepEqual([...live.keys()], ["math"]);
  // A second publisher that is refused does not make the back end think that the first has gone.
  await push(t, `${lectern.rtmp}/live/math?secret=of-math`).done;
  assert.deepEqual([...live.keys()], ["math"]);
  good.child.kill("SIGKILL");
  await until(() => live.size === 0, "the back end to know");
});

test("a back end for nginx-rtmp: a secret key becomes the public name of the room, by a redirect", async (t) => {
  const rooms: Readonly<Record<string, string>> = { "k3y-of-the-room": "room7" };
  const { heard, url } = await backEnd(t, ({ call, name = "" }, response) => {
    const room = rooms[name];
    if (call === "publish" && room) response.writeHead(302, { location: room }).end();
    else if (call === "publish") response.writeHead(403).end();
    else response.writeHead(200).end();
  });
  const urls = JSON.stringify({ on_publish: url, on_unpublish: url, on_play: url, on_stop: url });
  const lectern = await startLectern(t, { "callbacks.urls": urls, "callbacks.style": "nginx-rtmp" });
  assert.match((await push(t, `${lectern.rtmp}/live/guess`).done).said, /refused-by-callback/);
  const publisher = push(t, `${lectern.rtmp}/live/k3y-of-the-room?x=1`);
  await lectern.stream("room7", (stream) => stream.video !== null);
  const watching = watch(`${lectern.http}/live/room7.flv?user=anna`);
  await until(() => watching.bytes() > 10_000, "the room's picture");
  watching.leave();
  await until(() => of(heard, "play_done").length === 1, "the viewer's end");
  publisher.child.kill("SIGKILL");
  const gone = await until(() => of(heard, "publish_done")[0] ?? null, "the publisher's end");
  const published = of(heard, "publish").at(-1);
  assert.deepEqual(gone, { ...published, call: "publish_done" });
  assert.deepEqual(published, {
    call: "publish",
    addr: "127.0.0.1",
    clientid: published?.["clientid"],
    app: "live",
    flashver: "",
    swfurl: "",
    tcurl: `${lectern.rtmp}/live`,
    pageurl: "",
    name: "k3y-of-the-room",
    type: "live",
    x: "1",
  });
  assert.equal(of(heard, "play")[0]?.["user"], "anna");
});

for (const style of ["srs", "nginx-rtmp"] as const)
  test(`each file of a recording is told when it is whole, as ${style} does`, async (t) => {
    const { heard, url } = await backEnd(t, (_, response) => response.end("0"));
    const lectern = await startLectern(t, {
      "callbacks.urls": JSON.stringify({ on_dvr: url }),
      "callbacks.style": style,
      "recording.auto": "pushed",
      "recording.maxSegmentSeconds": "2",
      "publish.graceSeconds": "0",
    });
    const publisher = push(t, `${lectern.rtmp}/live/math`);
    await until(() => heard.length >= 2, "two files");
    publisher.child.kill("SIGKILL");
    const [first] = heard;
    const folder = `${lectern.directory}/recordings/live/math/`;
    const path = first?.[style === "srs" ? "file" : "path"] ?? "";
    assert.ok(path.startsWith(folder) && existsSync(path), path);
    if (style === "srs") {
      assert.deepEqual(
        { ...first, file: "", duration: "" },
        {
          ...{
            server_id: hostname(),
            action: "on_dvr",
            client_id: "",
            ip: "",
            vhost: "__defaultVhost__",
            app: "live",
            stream: "math",
          },
          ...{ param: "", stream_url: "/live/math", stream_id: "live/math", cwd: first?.["cwd"], file: "", duration: "" },
        },
      );
      assert.ok(Number(first?.["duration"]) >= 1.5, `${first?.["duration"]} s`);
    } else
      assert.deepEqual(
        { ...first, path: "" },
        { call: "record_done", addr: "", clientid: "", app: "live", name: "math", recorder: "", path: "" },
      );
    assert.equal(new Set(heard.map((one) => one["file"] ?? one["path"])).size, heard.length, "each once");
  });

test("when a node dies, another one tells of the end of everybody who was in there, once", async (t) => {
  const { heard, url } = await backEnd(t, allow);
  const nats = await startNats(t);
  const [a, e] = await Promise.all([
    startNode(t, nats, "a", "origin,control", settings(url)),
    startNode(t, nats, "e", "edge", settings(url)),
  ]);
  await joined([a, e]);
  push(t, `${a.rtmp}/live/math`);
  await e.stream("math", (stream) => stream.video !== null);
  const viewers = ["flv", "ws", "flv"].map((kind) =>
    watch(`${kind === "ws" ? e.http.replace("http", "ws") : e.http}/live/math.flv`),
  );
  await until(() => viewers.every(({ bytes }) => bytes() > 5000), "pictures");
  const those = of(heard, "on_play");
  assert.equal(those.length, 3);
  const stays = watch(`${a.http}/live/math.flv`);
  await until(() => stays.bytes() > 5000, "pictures elsewhere");
  await e.kill();
  const ends = await until(() => {
    const told = of(heard, "on_stop");
    return told.length >= 3 ? told : null;
  }, "their ends");
  assert.deepEqual(ends.map((end) => end["client_id"]).sort(), those.map((play) => play["client_id"]).sort());
  stays.leave();
  await until(() => of(heard, "on_stop").length > 3, "the end of the viewer elsewhere");
  assert.equal(of(heard, "on_stop").length, 4);
});
