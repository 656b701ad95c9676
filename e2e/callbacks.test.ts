/** Callbacks on a running server: back ends for SRS and for nginx-rtmp, also slow, broken and refusing ones. When a node dies: cluster-doors.test.ts. */
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { WORKERS } from "./access-server.ts";
import { type Answer, allow, backEnd, EVENTS, type Heard, of } from "./back-end.ts";
import { wholeFile } from "./fixtures.ts";
import { type Lectern, startLectern, until } from "./lectern.ts";
import { push, watch } from "./lesson-client.ts";
import { long } from "./long-tests.ts";
import { RtmpClient } from "./rtmp-client.ts";
import { pidOf } from "./worker-connections.ts";

type Called = { readonly lectern: Lectern; readonly configure: (callbacks: object) => void };

/** Each connection may come to another worker. */
const PROBES = 8;

/** The test that goes on: which streams it is told of, what it was told, and how it answers. */
let current: { readonly streams: readonly string[]; readonly heard: Heard[]; readonly answer: Answer } = {
  streams: [],
  heard: [],
  answer: allow,
};
let opened: Promise<Called> | null = null;

/** The file's own server, since tests change its configuration, and the back end that it calls. */
function called(): Promise<Called> {
  opened ??= (async () => {
    const directory = mkdtempSync(join(tmpdir(), "lectern-callbacks-"));
    wholeFile.after(() => rmSync(directory, { recursive: true, force: true }));
    const file = join(directory, "lectern.yaml");
    const { url } = await backEnd(wholeFile, (fields, response) => {
      const { streams, heard, answer } = current;
      const stream = fields["stream"] ?? fields["name"];
      if (stream === undefined || streams.includes(stream)) heard.push(fields);
      answer(fields, response);
    });
    const urls = Object.fromEntries([...EVENTS, "on_dvr"].map((event) => [event, url]));
    const write = (callbacks: object) => writeFileSync(file, JSON.stringify({ callbacks: { urls, ...callbacks } }));
    write({ timeoutMs: 2000 });
    const set = { workers: "2", "publish.graceSeconds": "1", "recording.auto": "pushed", "recording.maxSegmentSeconds": "2" };
    const lectern = await startLectern(wholeFile, set, { args: ["--config", file] });
    const configure = (callbacks: object) => {
      write(callbacks);
      lectern.process.kill("SIGHUP");
    };
    return { lectern, configure };
  })();
  return opened;
}

/** Begins a test of its own streams: clients of the one before may still be reported gone. */
async function begin(streams: readonly string[], answer: Answer): Promise<Called & { readonly heard: readonly Heard[] }> {
  const heard: Heard[] = [];
  current = { streams, heard, answer };
  return { ...(await called()), heard };
}

long("SRS: publish, play and stop of every protocol are told word for word, each once", async (t) => {
  const { lectern, heard } = await begin(["told"], allow);
  const publisher = push(t, `${lectern.rtmp}/live/told?token=abc`);
  await lectern.stream("told", (stream) => stream.video !== null);
  const [published] = of(heard, "on_publish");
  const common = { server_id: hostname(), ip: "127.0.0.1", vhost: "__defaultVhost__", app: "live" };
  const tcUrl = `${lectern.rtmp}/live`;
  const stream = { stream: "told", stream_url: "/live/told", stream_id: "live/told" };
  assert.deepEqual(published, {
    ...common,
    action: "on_publish",
    client_id: published?.["client_id"],
    tcUrl,
    pageUrl: "",
    ...stream,
    param: "?token=abc",
  });
  const [connected] = of(heard, "on_connect");
  assert.deepEqual(connected, { ...common, action: "on_connect", client_id: published?.["client_id"], tcUrl, pageUrl: "" });

  const watched = await Promise.all(
    (
      [
        ["flv", `${lectern.http}/live/told.flv?u=flv`],
        ["ws", `ws://127.0.0.1:${lectern.httpPort}/live/told.flv?u=ws`],
        ["hls", `${lectern.http}/live/told.m3u8?u=hls`],
        ["rtmp", `${lectern.rtmp}/live/told?u=rtmp`],
      ] as const
    ).map(async ([protocol, address]) => {
      const watching = watch(address);
      await until(() => watching.bytes() > 10_000, `a picture by ${protocol}`);
      const played = of(heard, "on_play").find((one) => one["param"] === `?u=${protocol}`);
      const ofRtmp = protocol === "rtmp" ? tcUrl : "";
      const expected = {
        ...common,
        client_id: played?.["client_id"],
        tcUrl: ofRtmp,
        pageUrl: "",
        ...stream,
        param: `?u=${protocol}`,
      };
      assert.deepEqual(played, { ...expected, action: "on_play" });
      return { watching, expected };
    }),
  );
  assert.deepEqual(of(heard, "on_stop"), []);
  for (const { watching, expected } of watched) {
    watching.leave();
    const stopped = await until(
      () => of(heard, "on_stop").find((one) => one["client_id"] === expected.client_id) ?? null,
      `the end of ${expected.param}`,
    );
    assert.deepEqual(stopped, { ...expected, action: "on_stop" });
  }
  publisher.child.kill("SIGKILL");
  const unpublished = await until(() => of(heard, "on_unpublish")[0] ?? null, "the publisher's end");
  assert.deepEqual(unpublished, { ...published, action: "on_unpublish" });
  await until(() => of(heard, "on_close").length === of(heard, "on_connect").length, "all connections' ends");
  const count = (action: string) => of(heard, action).length;
  assert.deepEqual(EVENTS.map(count), [2, 2, 1, 1, 4, 4]);
  const ids = of(heard, "on_play").map((one) => one["client_id"]);
  assert.equal(new Set(ids).size, 4);
  assert.deepEqual(
    of(heard, "on_stop")
      .map((one) => one["client_id"])
      .sort(),
    [...ids].sort(),
  );
});

long("a hundred viewers that come and go, some in the middle of being asked about, are each reported gone once", async (t) => {
  const leave = new Map<string, () => void>();
  const { lectern, heard } = await begin(["hundred"], ({ action, param = "" }, response) => {
    setTimeout(() => response.end("0"), Math.random() * 60);
    if (action === "on_play") setTimeout(() => leave.get(param)?.(), Math.random() * 120);
  });
  push(t, `${lectern.rtmp}/live/hundred`);
  await lectern.stream("hundred", (stream) => stream.video !== null);
  for (let i = 0; i < 100; i++) {
    const address =
      i % 3 === 2
        ? `${lectern.rtmp}/live/hundred`
        : `${i % 3 ? lectern.http.replace("http", "ws") : lectern.http}/live/hundred.flv`;
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
  const last = watch(`${lectern.http}/live/hundred.flv`);
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
  const { lectern, heard } = await begin(["asked", "nobody"], ({ action }, response) => {
    if (action === "on_connect" || mood === "yes") response.end("0");
    else if (mood === "no") response.end('{"code":1}');
    else if (mood === "broken") response.writeHead(500).end();
  });
  const tryTo = async () => {
    const client = await RtmpClient.open(lectern.rtmpPort);
    client.command("createStream", 2, null);
    client.command("publish", 3, null, "asked", "live");
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
  const { items }: { items: { name: string }[] } = JSON.parse(await (await lectern.api("/api/v1/streams")).text());
  assert.ok(!items.some(({ name }) => name === "asked"));
  mood = "yes";
  push(t, `${lectern.rtmp}/live/asked`);
  await lectern.stream("asked", (stream) => stream.video !== null);
  // A name that is taken is refused without asking.
  const asked = of(heard, "on_publish").length;
  assert.equal(await tryTo(), "publisher-present");
  assert.equal(of(heard, "on_publish").length, asked);
  mood = "no";
  const addresses = [
    `${lectern.http}/live/asked.flv`,
    `ws://127.0.0.1:${lectern.httpPort}/live/asked.flv`,
    `${lectern.http}/live/asked.m3u8`,
  ];
  assert.deepEqual(await Promise.all(addresses.map((address) => watch(address).ended)), Array(3).fill("refused-by-callback"));
  assert.equal(await watch(`${lectern.rtmp}/live/asked`).ended, "NetStream.Play.Failed");
  assert.equal(
    await watch(`${lectern.http}/live/nobody.flv`).ended,
    "no-such-stream",
    "and nobody is asked about what is not there",
  );
  assert.equal(of(heard, "on_play").length, 4);
  assert.deepEqual(of(heard, "on_stop"), []);
});

long("clients of workers that were killed are reported gone once, when the workers are back", async (t) => {
  const { lectern, heard } = await begin(["orphaned"], allow);
  push(t, `${lectern.rtmp}/live/orphaned`);
  await lectern.stream("orphaned", (stream) => stream.video !== null);
  const viewers = Array.from({ length: 20 }, (_, i) =>
    watch(i % 2 ? `${lectern.rtmp}/live/orphaned` : `${lectern.http}/live/orphaned.flv`),
  );
  await until(() => viewers.every(({ bytes }) => bytes() > 10_000), "pictures for all");
  const gone = watch(`${lectern.http}/live/orphaned.flv`);
  await until(() => gone.bytes() > 10_000, "one more");
  gone.leave();
  await until(() => of(heard, "on_stop").some(({ stream }) => stream === "orphaned"), "the one who left");
  for (const worker of WORKERS) process.kill(pidOf(lectern, worker), "SIGKILL");
  const ids = (action: string) => of(heard, action).map((one) => one["client_id"]);
  /** Of those who began in this test: others may still go. */
  const ended = (action: string, begun: string) => ids(action).filter((id) => ids(begun).includes(id));
  const pairs = [
    ["on_stop", "on_play"],
    ["on_unpublish", "on_publish"],
    ["on_close", "on_connect"],
  ] as const;
  await until(() => pairs.every(([end, begun]) => ended(end, begun).length >= ids(begun).length), "all ends");
  assert.deepEqual([ids("on_play").length, ids("on_publish").length], [21, 1]);
  // What would be reported twice is reported before the end of one who comes after all others.
  const before = ids("on_connect");
  const last = await until(() => RtmpClient.open(lectern.rtmpPort).catch(() => null), "the worker to be back");
  const id = await until(() => ids("on_connect").find((one) => !before.includes(one)) ?? null, "one more connection");
  last.break();
  await until(() => ids("on_close").includes(id), "its end");
  for (const [end, begun] of pairs) assert.deepEqual(ended(end, begun).sort(), ids(begun).sort(), end);
});

test("a back end for SRS: keys of streams, and who is live, as its own example does it", async (t) => {
  // What such a back end does: it looks at the key in `param`, and keeps a list of what is live.
  const live = new Map<string, string>();
  const { lectern } = await begin(["keyed"], ({ action, stream = "", param, client_id: id = "" }, response) => {
    if (action === "on_publish" && param !== `?secret=of-${stream}`) return response.end("1");
    if (action === "on_publish") live.set(stream, id);
    if (action === "on_unpublish" && live.get(stream) === id) live.delete(stream);
    return response.end("0");
  });
  const bad = push(t, `${lectern.rtmp}/live/keyed?secret=wrong`);
  assert.notEqual((await bad.done).code, 0);
  assert.equal(live.size, 0);
  const good = push(t, `${lectern.rtmp}/live/keyed?secret=of-keyed`);
  await lectern.stream("keyed", (stream) => stream.video !== null);
  assert.deepEqual([...live.keys()], ["keyed"]);
  // A second publisher that is refused does not make the back end think that the first has gone.
  await push(t, `${lectern.rtmp}/live/keyed?secret=of-keyed`).done;
  assert.deepEqual([...live.keys()], ["keyed"]);
  good.child.kill("SIGKILL");
  await until(() => live.size === 0, "the back end to know");
});

/** Publishes until two files are whole, and gives what was told of each. */
async function recordTwoFiles(t: TestContext, name: string) {
  const { lectern, heard } = await begin([name], (_, response) => response.end("0"));
  const publisher = push(t, `${lectern.rtmp}/live/${name}`);
  const files = () => heard.filter((one) => one["action"] === "on_dvr" || one["call"] === "record_done");
  await until(() => files().length >= 2, "two files");
  publisher.child.kill("SIGKILL");
  const paths = files().map((one) => one["file"] ?? one["path"] ?? "");
  const [path = ""] = paths;
  assert.ok(path.startsWith(`${lectern.directory}/recordings/live/${name}/`) && existsSync(path), path);
  assert.equal(new Set(paths).size, paths.length, "each once");
  return files();
}

long("each file of a recording is told when it is whole, as SRS does", async (t) => {
  const [first] = await recordTwoFiles(t, "filed");
  const of = { app: "live", stream: "filed", param: "", stream_url: "/live/filed", stream_id: "live/filed" };
  assert.deepEqual(
    { ...first, file: "", duration: "" },
    {
      server_id: hostname(),
      action: "on_dvr",
      client_id: "",
      ip: "",
      vhost: "__defaultVhost__",
      ...of,
      cwd: first?.["cwd"],
      file: "",
      duration: "",
    },
  );
  assert.ok(Number(first?.["duration"]) >= 1.5, `${first?.["duration"]} s`);
});

/** Changes the style or what a failure means, and waits until both workers have it: each connection may come to another one. */
async function configured(callbacks: object, isSo: (outcome: string, heard: readonly Heard[]) => boolean): Promise<void> {
  const { lectern, heard, configure } = await begin(["probe"], (_, response) => response.writeHead(403).end());
  configure(callbacks);
  const probe = async (): Promise<boolean> => {
    const before = heard.length;
    const client = await RtmpClient.open(lectern.rtmpPort);
    const outcome = await client.publish("probe").catch(() => "closed");
    client.break();
    return isSo(outcome, heard.slice(before));
  };
  await until(async () => {
    for (let i = 0; i < PROBES; i++) if (!(await probe())) return false;
    return true;
  }, "the workers to have the configuration");
}

test("a back end for nginx-rtmp: a secret key becomes the public name of the room, by a redirect", async (t) => {
  const rooms: Readonly<Record<string, string>> = { "k3y-of-the-room": "room7" };
  await configured({ style: "nginx-rtmp" }, (_outcome, told) => told.some(({ call }) => call !== undefined));
  const { lectern, heard } = await begin(["k3y-of-the-room", "guess", "room7"], ({ call, name = "" }, response) => {
    const room = rooms[name];
    if (call === "publish" && room) response.writeHead(302, { location: room }).end();
    else if (call === "publish") response.writeHead(403).end();
    else response.writeHead(200).end();
  });
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

long("each file of a recording is told when it is whole, as nginx-rtmp does", async (t) => {
  await configured({ style: "nginx-rtmp" }, (_outcome, told) => told.some(({ call }) => call !== undefined));
  const [first] = await recordTwoFiles(t, "rolled");
  const told = { call: "record_done", addr: "", clientid: "", app: "live", name: "rolled", recorder: "", path: "" };
  assert.deepEqual({ ...first, path: "" }, told);
});

long("where a failure allows, an unreachable back end stops nobody", async (t) => {
  const urls = Object.fromEntries(EVENTS.map((event) => [event, "http://127.0.0.1:9/"]));
  await configured({ urls, onFailure: "allow" }, (outcome) => outcome === "NetStream.Publish.Start");
  const { lectern } = await called();
  push(t, `${lectern.rtmp}/live/unasked`);
  await lectern.stream("unasked", (stream) => stream.video !== null);
  const watching = watch(`${lectern.http}/live/unasked.flv`);
  await until(() => watching.bytes() > 10_000, "a picture");
  watching.leave();
});
