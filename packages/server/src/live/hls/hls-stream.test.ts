import assert from "node:assert/strict";
import { test } from "node:test";
import { gunzipSync } from "node:zlib";
import { ManualClock } from "../../platform/clock.ts";
import { aacConfiguration, audioFrame, avcConfiguration, ingestOf, lesson, pushAll } from "../streams/synthetic-source.ts";
import { HlsStream, type PlaylistBytes } from "./hls-stream.ts";

const WINDOW = 8;

function setUp(seconds = 0, gopMs = 2000) {
  const { ingest, log, entries } = ingestOf(new ManualClock());
  pushAll(ingest, [avcConfiguration(), aacConfiguration]);
  const hls = new HlsStream(log, "../../", WINDOW);
  if (seconds > 0) pushAll(ingest, [...lesson(seconds, 0, gopMs)]);
  return { ingest, log, entries, hls };
}

function text(answer: ReturnType<HlsStream["playlist"]>): string {
  assert.ok(answer !== null && typeof answer !== "string", `the answer is ${JSON.stringify(answer)}`);
  assert.equal(gunzipSync((answer as PlaylistBytes).gzip).toString(), (answer as PlaylistBytes).plain.toString());
  return (answer as PlaylistBytes).plain.toString();
}

test("before the first segment is whole there is nothing to list, and one waits", () => {
  const { hls, ingest } = setUp(1.5);
  assert.equal(hls.playlist(null, false), null);
  assert.equal(hls.multivariant("s"), null);
  let asked = 0;
  hls.wait(() => {
    asked++;
    return hls.playlist(null, false) !== null;
  });
  pushAll(ingest, [...lesson(2.1, 1520)]);
  assert.ok(asked > 1);
  assert.equal(hls.held, 0);
  assert.match(text(hls.playlist(null, false)), /1-1\.m4s/);
  assert.match(
    hls.multivariant("math/s/SESSION") as string,
    /CODECS="avc1.640028,mp4a.40.2",RESOLUTION=1920x1080.*\nmath\/s\/SESSION\/index\.m3u8/,
  );
});

test("the bandwidth is that of the segments' bytes", () => {
  const { hls } = setUp(12.1);
  const text = hls.multivariant("s") as string;
  const [peak, average] = ["[:,]BANDWIDTH", "AVERAGE-BANDWIDTH"].map((name) =>
    Number(new RegExp(`${name}=(\\d+)`).exec(text)?.[1]),
  );
  const bytes = [2, 3, 4, 5].map((msn) => (hls.media(1, msn, null) as Buffer).length * 4);
  const real = bytes.reduce((sum, one) => sum + one, 0) / bytes.length;
  assert.ok(Math.abs(average! - real) < 0.05 * real, `${average} is said, ${real} is so`);
  assert.ok(peak! >= Math.max(...bytes));
});

test("the playlist of a position is the same at each request, and in a process that opened the stream later", () => {
  const { hls, ingest, log } = setUp();
  const early = new Map<string, string>();
  const positions = Array.from({ length: 66 }, (_, i) => ({ msn: 3 + Math.floor(i / 5), part: i % 5 }));
  for (const position of positions) {
    const key = `${position.msn}.${position.part}`;
    hls.wait(() => {
      const answer = hls.playlist(position, false);
      if (answer === null || typeof answer === "string") return false;
      early.set(key, text(answer));
      return true;
    });
  }
  pushAll(ingest, [...lesson(31)]);
  assert.equal(early.size, 66);
  const late = new HlsStream(log, "../../", WINDOW);
  for (const { msn, part } of positions.slice(-6)) {
    assert.equal(text(late.playlist({ msn, part }, false)), early.get(`${msn}.${part}`), `${msn}.${part}`);
    assert.equal(text(hls.playlist({ msn, part }, false)), early.get(`${msn}.${part}`));
  }
  const newest = early.get("14.3") ?? "";
  assert.match(newest, /MEDIA-SEQUENCE:6\n/);
  assert.match(newest, /PRELOAD-HINT:TYPE=PART,URI="\.\.\/\.\.\/epoch\/1-14\.4\.m4s"/);
  // A segment as long as the one before is taken to be over.
  assert.match(early.get("13.4") ?? "", /1-13\.m4s\n.*PRELOAD-HINT:TYPE=PART,URI="\.\.\/\.\.\/epoch\/1-14\.0\.m4s"\n$/s);
});

test("a part behind the last of its segment is the first of the next; what is far ahead is refused, what is old gets the newest", () => {
  const { hls } = setUp(20.5);
  assert.equal(text(hls.playlist({ msn: 9, part: 7 }, false)), text(hls.playlist({ msn: 10, part: 0 }, false)));
  assert.equal(hls.playlist({ msn: 11, part: 3 }, false), null);
  assert.equal(hls.playlist({ msn: 14, part: 0 }, false), "impossible");
  assert.equal(hls.playlist({ msn: 13, part: null }, false), null);
  assert.equal(hls.playlist({ msn: 11, part: 500 }, false), "impossible");
  assert.equal(text(hls.playlist({ msn: 2, part: 0 }, false)), text(hls.playlist(null, false)));
});

test("the last part of a long segment can be asked for when it is whole", () => {
  const { hls } = setUp(18.1, 6000);
  const playlist = text(hls.playlist({ msn: 3, part: 14 }, false));
  assert.match(playlist, /1-3\.14\.m4s/);
});

test("a delta update with the playlist before it is the whole one", () => {
  const { hls } = setUp(30.5);
  const whole = text(hls.playlist(null, false)).split("\n");
  const delta = text(hls.playlist(null, true)).split("\n");
  const at = delta.findIndex((line) => line.startsWith("#EXT-X-SKIP"));
  const skipped = Number(delta[at]?.split("=")[1]);
  assert.ok(skipped > 0);
  const uris = whole.filter((line) => line.endsWith(".m4s"));
  assert.deepEqual(
    delta.filter((line) => line.endsWith(".m4s")),
    uris.slice(skipped),
  );
  assert.equal(delta.length < whole.length, true);
});

test("a segment is its parts, one after the other, and each is there once, when it is whole", () => {
  const { hls, ingest } = setUp(6.1);
  assert.equal(hls.media(1, 4, 0), null, "announced, and waited for");
  assert.equal(hls.media(1, 6, 0), "not-here");
  assert.equal(hls.media(2, 2, 0), "not-here", "a term that never wrote it");
  assert.equal(hls.media(1, 2, 5), "not-here");
  assert.equal(hls.media(1, 4, null), null);
  const parts = [0, 1, 2, 3, 4].map((part) => hls.media(1, 3, part) as Buffer);
  const before = parts.map((part) => Buffer.from(part));
  const whole = hls.media(1, 3, null) as Buffer;
  assert.deepEqual(Buffer.concat(before), Buffer.from(whole));
  assert.deepEqual(
    [0, 1, 2, 3, 4].map((part) => Buffer.from(hls.media(1, 3, part) as Buffer)),
    before,
  );
  pushAll(ingest, [...lesson(30, 6100)]);
  assert.equal(hls.media(1, 3, 0), "not-here", "forgotten");
});

test("another configuration is a discontinuity with another map; both maps are there", () => {
  const { hls, ingest } = setUp(6.1);
  pushAll(ingest, [avcConfiguration(1), ...lesson(6.1, 6120)]);
  const playlist = text(hls.playlist(null, false));
  const maps = [...playlist.matchAll(/MAP:URI="\.\.\/\.\.\/epoch\/(init-\w+\.mp4)"/g)].map(([, name]) => name ?? "");
  assert.equal(new Set(maps).size, 2);
  assert.match(playlist, /#EXT-X-DISCONTINUITY\n#EXT-X-MAP/);
  for (const name of maps) assert.equal((hls.initialisation(name) as Buffer).subarray(4, 8).toString(), "ftyp");
  assert.equal(hls.initialisation("init-0000000000000000.mp4"), "not-here");
  pushAll(ingest, [...lesson(40, 12_220)]);
  assert.match(text(hls.playlist(null, false)), /DISCONTINUITY-SEQUENCE:1\n/);
  assert.doesNotMatch(text(hls.playlist(null, false)), /#EXT-X-DISCONTINUITY\n/);
});

test("long GOPs: no segment is longer than the target, and a part without a key frame at its start is not independent", () => {
  const { hls, ingest } = setUp(4.1);
  pushAll(ingest, [...lesson(20, 4120, 10_000)]);
  const playlist = text(hls.playlist(null, false));
  const durations = [...playlist.matchAll(/#EXTINF:([\d.]+)/g)].map(([, seconds]) => Number(seconds));
  assert.ok(durations.every((seconds) => Math.round(seconds) <= 2));
  const independent = [...playlist.matchAll(/#EXT-X-PART:.*\.0\.m4s"(,INDEPENDENT=YES)?/g)].map(([, yes]) => yes !== undefined);
  assert.ok(independent.includes(false));
});

test("sound alone is listed by its own time, and every part of it stands by itself", () => {
  const { ingest, log } = ingestOf(new ManualClock());
  const hls = new HlsStream(log, "", WINDOW);
  pushAll(ingest, [aacConfiguration, ...Array.from({ length: 900 }, (_, i) => audioFrame(Math.round((i * 1024) / 44.1)))]);
  const playlist = text(hls.playlist(null, false));
  assert.match(hls.multivariant("s") as string, /CODECS="mp4a.40.2"\n/);
  const parts = [...playlist.matchAll(/PART:DURATION=([\d.]+),URI="[^"]+"(,INDEPENDENT=YES)?/g)];
  const target = Number(/PART-TARGET=([\d.]+)/.exec(playlist)?.[1]);
  assert.ok(parts.length > 10 && parts.every(([, seconds, yes]) => Number(seconds) <= target + 0.0005 && yes !== undefined));
  // A whole number of frames, exactly.
  assert.ok(parts.every(([, seconds]) => Math.abs(((Number(seconds) * 44_100) / 1024) % 1) % 0.999 < 0.02));
});

test("the end of the stream ends the list, and those who wait get it", () => {
  const { hls, ingest } = setUp(6.1);
  let got = "";
  hls.wait(() => {
    const answer = hls.playlist({ msn: 5, part: 0 }, false);
    if (answer === null) return false;
    got = text(answer);
    return true;
  });
  ingest.end("over");
  assert.match(got, /1-4\.m4s\n#EXT-X-ENDLIST\n$/);
  assert.doesNotMatch(got, /PRELOAD-HINT/);
});

test("a stream of codecs that HLS does not know says so", () => {
  const { ingest, log } = ingestOf(new ManualClock());
  const hls = new HlsStream(log, "", WINDOW);
  const frames = [...lesson(4.1)].filter(({ track }) => track === "video").map((frame) => ({ ...frame, codec: "FLSV" }));
  pushAll(ingest, frames);
  assert.equal(hls.multivariant("s"), "not-here");
});

/** Holds the event loop, as an answer to a client does. */
function spend(milliseconds: number): void {
  const until = performance.now() + milliseconds;
  while (performance.now() < until);
}

test("two thousand held requests are answered in many turns of the event loop, each once", async () => {
  const { hls, ingest } = setUp(3);
  let isThere = false;
  let answered = 0;
  for (let i = 0; i < 2000; i++)
    hls.wait(() => {
      if (!isThere) return false;
      spend(0.05);
      answered++;
      return true;
    });
  isThere = true;
  pushAll(ingest, [...lesson(0.5, 3000)]);
  let turns = 0;
  for (; hls.held > 0; turns++) await new Promise((resolve) => setImmediate(resolve));
  assert.equal(answered, 2000);
  assert.ok(turns >= 10, `${turns} turns`);
});

test("a change while held requests are being answered reaches those that were asked before it, and those that came after", async () => {
  const { hls, ingest } = setUp(3);
  let isNext = false;
  let isThere = false;
  const answered: string[] = [];
  const waitFor = (who: string) =>
    hls.wait(() => {
      if (!isNext) return false;
      answered.push(who);
      return true;
    });
  waitFor("first");
  for (let i = 0; i < 500; i++)
    hls.wait(() => {
      if (isThere) spend(0.05);
      return isThere;
    });
  isThere = true;
  pushAll(ingest, [...lesson(0.5, 3000)]);
  assert.ok(hls.held > 1, "all were answered in one turn");
  isNext = true;
  pushAll(ingest, [...lesson(0.5, 3500)]);
  waitFor("late");
  pushAll(ingest, [...lesson(0.5, 4000)]);
  while (hls.held > 0) await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(answered.sort(), ["first", "late"]);
});

test("a stream that closes while its held requests are being answered answers the rest at once", () => {
  const { hls, ingest } = setUp(3);
  let asked = 0;
  let isThere = false;
  for (let i = 0; i < 500; i++)
    hls.wait(() => {
      if (!isThere) return false;
      spend(0.05);
      asked++;
      return true;
    });
  isThere = true;
  pushAll(ingest, [...lesson(0.5, 3000)]);
  assert.ok(hls.held > 0);
  hls.close();
  assert.equal(asked, 500);
  assert.equal(hls.held, 0);
});
