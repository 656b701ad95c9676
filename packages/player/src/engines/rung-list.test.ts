import assert from "node:assert/strict";
import { createServer } from "node:http";
import { test } from "node:test";
import { addressOfRung, fetchRungs, isSound, labelRungs, parseRungs, rungOptions } from "./rung-list.ts";

const SOURCE = { name: null, kbps: 4000, codecs: "avc1.4d401f,mp4a.40.2", width: 1280, height: 720 };
const SMALL = { name: "360p", kbps: 700, codecs: "avc1.64001f,mp4a.40.2", width: 640, height: 360 };
const SAVER = { name: "saver", kbps: 400, codecs: "avc1.64001f,mp4a.40.2", width: 640, height: 360 };
const SOUND = { name: "audio", kbps: 66, codecs: "mp4a.40.2", width: 0, height: 0 };
const labels = (rungs: Parameters<typeof labelRungs>[0]) => labelRungs(rungs).map(({ label }) => label);

test("the address of a rung has its name before the extension, and keeps protocol and parameters", () => {
  assert.equal(addressOfRung("https://h/live/math.flv?expires=1&sign=a", "360p"), "https://h/live/math@360p.flv?expires=1&sign=a");
  assert.equal(addressOfRung("wss://h:1/live/math@360p.flv", "saver"), "wss://h:1/live/math@saver.flv");
  assert.equal(addressOfRung("https://h/live/math@360p.m3u8", null), "https://h/live/math.m3u8");
  assert.equal(
    addressOfRung("https://h/live/math.flv?next=/live/other.flv", "360p"),
    "https://h/live/math@360p.flv?next=/live/other.flv",
  );
});

test("rungs are named by their smaller side, from the largest to the smallest, sound last", () => {
  assert.deepEqual(labels([SOUND, SAVER, SMALL, SOURCE]), ["720p", "360p", "saver", "audio"]);
  assert.deepEqual(labels([{ ...SOURCE, width: 720, height: 1280 }]), ["720p"]);
});

test("the stream itself stays first when a still slide has few bits just now", () => {
  assert.deepEqual(labels([{ ...SOURCE, kbps: 90 }, SMALL, SAVER]), ["720p", "360p", "saver"]);
});

test("rungs of one size are told apart by their own names, and the stream itself by its codec", () => {
  const playable = { ...SOURCE, name: "720p", kbps: 2900 };
  assert.deepEqual(labels([{ ...SOURCE, codecs: "hvc1.1.6.L93.B0,mp4a.40.2" }, playable, SMALL]), ["720p HEVC", "720p", "360p"]);
  assert.deepEqual(labels([SOURCE, { ...SMALL, name: "phones" }, SMALL]), ["720p", "phones", "360p"]);
  assert.deepEqual(labels([SOURCE, { ...SOURCE, name: "evening", kbps: 2000 }]), ["720p", "evening"]);
});

test("the menu has the rungs with a picture, and says what the data saver saves", () => {
  const rungs = labelRungs([SOURCE, SMALL, SAVER, SOUND]);
  assert.deepEqual(rungOptions(rungs), [
    { label: "720p", saves: null },
    { label: "360p", saves: null },
    { label: "saver", saves: 0.9 },
  ]);
  assert.deepEqual(
    rungs.filter(isSound).map(({ label }) => label),
    ["audio"],
  );
});

test("entries that are not understood are left out", () => {
  const item = { name: "360p", bandwidth: 700_000, codecs: "avc1.64001f", width: 640, height: 360 };
  assert.deepEqual(parseRungs({ items: [item, { name: 1 }, null, "x", { ...item, bandwidth: "many" }] }), [
    { name: "360p", kbps: 700, codecs: "avc1.64001f", width: 640, height: 360 },
  ]);
  assert.deepEqual(parseRungs({ items: [{ name: "audio", bandwidth: 66_000, codecs: "mp4a.40.2", width: null, height: null }] }), [
    { ...SOUND },
  ]);
  for (const answer of [null, [], {}, { items: 1 }, "x"]) assert.deepEqual(parseRungs(answer), []);
});

test("the list is fetched beside the stream, with its parameters, and its absence is no error", async (t) => {
  // An answer that takes too long is another matter; a busy machine may need as long.
  t.mock.method(AbortSignal, "timeout", () => new AbortController().signal);
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(request.url ?? "");
    if (request.url?.startsWith("/live/none")) response.writeHead(404).end();
    else if (request.url?.startsWith("/live/odd")) response.end("<html>");
    else response.end(JSON.stringify({ items: [{ name: null, bandwidth: 1000, codecs: "", width: 640, height: 360 }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  t.after(() => server.close());
  const address = server.address();
  const port = typeof address === "object" ? address?.port : 0;
  const found = await fetchRungs(`ws://127.0.0.1:${port}/live/math.flv?expires=1&sign=a`);
  assert.deepEqual(
    found.map(({ label }) => label),
    ["360p"],
  );
  assert.deepEqual(asked, ["/live/math.rungs.json?expires=1&sign=a"]);
  assert.deepEqual(await fetchRungs(`http://127.0.0.1:${port}/live/none.m3u8`), []);
  assert.deepEqual(await fetchRungs(`http://127.0.0.1:${port}/live/odd.flv`), []);
  assert.deepEqual(await fetchRungs("http://127.0.0.1:1/live/math.flv"), []);
});
