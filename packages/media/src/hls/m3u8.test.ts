import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type MediaPlaylist,
  type PlaylistSegment,
  writeMediaPlaylist,
  writeMultivariantPlaylist,
  writeStoredPlaylist,
} from "./m3u8.ts";

const part = (uri: string, independent = false) => ({ uri, duration: 0.4, independent });
const segment = (msn: number, over: Partial<PlaylistSegment> = {}): PlaylistSegment => ({
  uri: `${msn}.m4s`,
  duration: 2,
  utc: Date.UTC(2026, 0, 1, 8, 0, msn * 2),
  discontinuity: 0,
  map: "a.mp4",
  parts: [],
  ...over,
});
const playlist = (over: Partial<MediaPlaylist> = {}): MediaPlaylist => ({
  targetSeconds: 2,
  partTarget: 0.4,
  mediaSequence: 5,
  segments: [segment(5), segment(6)],
  preloadHint: null,
  skipUntil: null,
  skipped: 0,
  ended: false,
  ...over,
});

test("a media playlist says what players must know, in the order that the standard wants", () => {
  const text = writeMediaPlaylist(
    playlist({
      segments: [
        segment(5),
        segment(6, { discontinuity: 1, map: "b.mp4", parts: [part("6.0.m4s", true), part("6.1.m4s")] }),
        segment(7, { uri: null, discontinuity: 1, map: "b.mp4", parts: [part("7.0.m4s", true)] }),
      ],
      preloadHint: "7.1.m4s",
      skipUntil: 12,
    }),
  );
  assert.equal(
    text,
    `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,CAN-SKIP-UNTIL=12.00000,PART-HOLD-BACK=1.20000,HOLD-BACK=6.00000
#EXT-X-PART-INF:PART-TARGET=0.40000
#EXT-X-MEDIA-SEQUENCE:5
#EXT-X-DISCONTINUITY-SEQUENCE:0
#EXT-X-MAP:URI="a.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T08:00:10.000Z
#EXTINF:2.00000,
5.m4s
#EXT-X-DISCONTINUITY
#EXT-X-MAP:URI="b.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T08:00:12.000Z
#EXT-X-PART:DURATION=0.40000,URI="6.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.40000,URI="6.1.m4s"
#EXTINF:2.00000,
6.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-01-01T08:00:14.000Z
#EXT-X-PART:DURATION=0.40000,URI="7.0.m4s",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="7.1.m4s"
`,
  );
});

test("a delta update leaves out the oldest segments, and what they have said already", () => {
  const text = writeMediaPlaylist(playlist({ skipped: 1, skipUntil: 12 }));
  assert.match(text, /#EXT-X-SKIP:SKIPPED-SEGMENTS=1\n#EXT-X-PROGRAM-DATE-TIME:2026-01-01T08:00:12/);
  assert.doesNotMatch(text, /5\.m4s|EXT-X-MAP/);
});

const key = (name: string) => ({ uri: `key-${name}`, iv: name.repeat(32) });
const order = (text: string) =>
  [...text.matchAll(/^(?:#EXT-X-(?:MAP:URI="|KEY:METHOD=AES-128,URI="|KEY:METHOD=)([^",\n]+).*|(\d+\.m4s))$/gm)].map(
    ([, tag, file]) => tag ?? file,
  );

test("a key is named before the segments that it is for, once; initialisation segments come while there is none", () => {
  const segments = [
    segment(5),
    segment(6, { key: key("a") }),
    segment(7, { key: key("a"), parts: [part("7.0.m4s", true)] }),
    segment(8, { key: key("b") }),
    segment(9, { key: key("b"), map: "b.mp4", discontinuity: 1 }),
    segment(10, { map: "b.mp4", discontinuity: 1 }),
  ];
  const expected = [
    "a.mp4",
    "5.m4s",
    "key-a",
    "6.m4s",
    "7.m4s",
    "key-b",
    "8.m4s",
    "NONE",
    "b.mp4",
    "key-b",
    "9.m4s",
    "NONE",
    "10.m4s",
  ];
  const text = writeMediaPlaylist(playlist({ segments }));
  assert.deepEqual(order(text), expected);
  assert.match(text, /#EXT-X-KEY:METHOD=AES-128,URI="key-a",IV=0xa{32}\n/);
  const rest = { type: "VOD", targetSeconds: 2, mediaSequence: 0, independent: true, ended: true } as const;
  assert.deepEqual(order(writeStoredPlaylist({ ...rest, segments })), expected);
  assert.deepEqual(order(writeMediaPlaylist(playlist({ segments: segments.slice(1), skipped: 1 }))).slice(0, 2), [
    "key-a",
    "7.m4s",
  ]);
  assert.deepEqual(order(writeMediaPlaylist(playlist({ segments: segments.slice(4), skipped: 1 }))), ["NONE", "10.m4s"]);
});

test("a stream that is over ends its list, and hints at nothing", () => {
  const text = writeMediaPlaylist(playlist({ ended: true, preloadHint: "7.0.m4s" }));
  assert.match(text, /6\.m4s\n#EXT-X-ENDLIST\n$/);
  assert.doesNotMatch(text, /PRELOAD-HINT/);
});

test("a multivariant playlist has a line for each rung, without what is not known", () => {
  const rung = { uri: "a.m3u8", bandwidth: 1_000_000.2, averageBandwidth: 900_000, frameRate: 29.97 };
  const text = writeMultivariantPlaylist([
    { ...rung, codecs: ["avc1.64001f", "mp4a.40.2"], resolution: { width: 1280, height: 720 } },
    { ...rung, uri: "sound.m3u8", codecs: ["mp4a.40.2"], resolution: null, frameRate: null },
  ]);
  assert.equal(
    text,
    `#EXTM3U
#EXT-X-VERSION:9
#EXT-X-STREAM-INF:BANDWIDTH=1000001,AVERAGE-BANDWIDTH=900000,CODECS="avc1.64001f,mp4a.40.2",RESOLUTION=1280x720,FRAME-RATE=29.970
a.m3u8
#EXT-X-STREAM-INF:BANDWIDTH=1000001,AVERAGE-BANDWIDTH=900000,CODECS="mp4a.40.2"
sound.m3u8
`,
  );
});

test("subtitles are a group that each variant names, chosen by a person; a language that is no tag is left out", () => {
  const variant = { uri: "a.m3u8", bandwidth: 1, averageBandwidth: 1, codecs: ["avc1"], resolution: null, frameRate: null };
  const lines = (language: string) =>
    writeMultivariantPlaylist([variant, { ...variant, uri: "b.m3u8" }], { uri: "c.m3u8", language }).split("\n");
  const [, , media = "", first = "", , second = ""] = lines("zh-CN");
  assert.equal(
    media,
    '#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="captions",NAME="zh-CN",LANGUAGE="zh-CN",DEFAULT=NO,AUTOSELECT=NO,FORCED=NO,URI="c.m3u8"',
  );
  for (const line of [first, second]) assert.match(line, /,SUBTITLES="captions"$/);
  for (const language of ["", 'en"\n#EXT']) assert.match(lines(language)[2] ?? "", /NAME="Captions",DEFAULT=NO,.*URI="c.m3u8"$/);
  assert.equal(writeMultivariantPlaylist([variant]).includes("SUBTITLES"), false);
});

test("a playlist of subtitles has segments without an initialisation, and marks a break", () => {
  const of = { utc: Date.UTC(2026, 0, 1), map: null };
  const segments = [
    { ...of, uri: "a.vtt", duration: 2, discontinuity: 2 },
    { ...of, uri: "b.vtt", duration: 2.4, discontinuity: 3 },
  ];
  const text = writeStoredPlaylist({ type: null, targetSeconds: 2, mediaSequence: 5, independent: false, segments, ended: false });
  assert.deepEqual(text.split("\n").slice(2), [
    "#EXT-X-TARGETDURATION:2",
    "#EXT-X-MEDIA-SEQUENCE:5",
    "#EXT-X-DISCONTINUITY-SEQUENCE:2",
    "#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z",
    "#EXTINF:2.00000,",
    "a.vtt",
    "#EXT-X-DISCONTINUITY",
    "#EXT-X-PROGRAM-DATE-TIME:2026-01-01T00:00:00.000Z",
    "#EXTINF:2.40000,",
    "b.vtt",
    "",
  ]);
});
