import assert from "node:assert/strict";
import { test } from "node:test";
import { good, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import { Malformed } from "../bytes/malformed.ts";
import { writeMediaPlaylist } from "./m3u8.ts";
import { readPlaylist } from "./m3u8-reader.ts";

/** As FFmpeg 5.1 writes it, with what other packagers add. */
const SEGMENTS = `#EXTM3U
#EXT-X-VERSION:7
#EXT-X-TARGETDURATION:2
#EXT-X-MEDIA-SEQUENCE:41
#EXT-X-KEY:METHOD=AES-128,URI="key,1?a=b",IV=0x00000000000000000000000000000029
#EXT-X-MAP:URI="init.mp4",BYTERANGE="720@0"
#EXTINF:2.000000,a title, with a comma
live41.m4s
#EXT-X-DISCONTINUITY
#EXT-X-KEY:METHOD=NONE
#EXT-X-MAP:URI="other.mp4"
#EXTINF:1.5,
#EXT-X-BYTERANGE:1000@500
https://cdn.example/all.m4s?x=1
#EXTINF:1.5,
#EXT-X-BYTERANGE:700
https://cdn.example/all.m4s?x=1
#EXT-X-GAP
#EXTINF:2,
live44.m4s
#EXT-X-PART:DURATION=0.4,URI="live45.0.m4s"
`;

test("segments have their numbers, keys, initialisation segments, ranges and discontinuities", () => {
  const playlist = good(readPlaylist(SEGMENTS.replaceAll("\n", "\r\n")));
  assert.ok(playlist.kind === "segments");
  assert.deepEqual([playlist.targetDuration, playlist.ended], [2, false]);
  const key = { method: "AES-128", uri: "key,1?a=b", iv: "0x00000000000000000000000000000029", format: "identity" };
  const init = { uri: "init.mp4", range: { from: 0, length: 720 } };
  const other = { uri: "other.mp4", range: null };
  const all = "https://cdn.example/all.m4s?x=1";
  const plain = { discontinuity: false, gap: false, range: null, key: null, map: other };
  assert.deepEqual(playlist.segments, [
    { ...plain, uri: "live41.m4s", sequence: 41, duration: 2, map: init, key },
    { ...plain, uri: all, sequence: 42, duration: 1.5, discontinuity: true, range: { from: 500, length: 1000 } },
    { ...plain, uri: all, sequence: 43, duration: 1.5, range: { from: 1500, length: 700 } },
    { ...plain, uri: "live44.m4s", sequence: 44, duration: 2, gap: true },
  ]);
});

test("variants have their bandwidth, codecs and sound", () => {
  const text = `#EXTM3U
#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a",NAME="English",DEFAULT=YES,URI="sound.m3u8"
#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID="s",NAME="English",URI="words.m3u8"
#EXT-X-STREAM-INF:BANDWIDTH=800000,CODECS="avc1.64001f,mp4a.40.2",AUDIO="a"
#EXT-X-SOMETHING
low.m3u8

#EXT-X-STREAM-INF:AVERAGE-BANDWIDTH=1,BANDWIDTH=2000000
high.m3u8
`;
  assert.deepEqual(good(readPlaylist(text)), {
    kind: "multivariant",
    variants: [
      { uri: "low.m3u8", bandwidth: 800_000, codecs: "avc1.64001f,mp4a.40.2", audio: "a" },
      { uri: "high.m3u8", bandwidth: 2_000_000, codecs: null, audio: null },
    ],
    sounds: [{ group: "a", uri: "sound.m3u8", isDefault: true }],
  });
});

test("what Lectern writes is read back", () => {
  const segment = { duration: 2, utc: 0, discontinuity: 0, map: "a.mp4", parts: [] };
  const written = writeMediaPlaylist({
    targetSeconds: 2,
    partTarget: 0.4,
    mediaSequence: 7,
    preloadHint: null,
    skipUntil: null,
    skipped: 0,
    ended: true,
    segments: [
      { ...segment, uri: "7.m4s" },
      { ...segment, uri: "8.m4s", discontinuity: 1, map: "b.mp4" },
    ],
  });
  const playlist = good(readPlaylist(written));
  assert.ok(playlist.kind === "segments" && playlist.ended);
  assert.deepEqual(
    playlist.segments.map(({ uri, sequence, discontinuity, map }) => [uri, sequence, discontinuity, map?.uri]),
    [
      ["7.m4s", 7, false, "a.mp4"],
      ["8.m4s", 8, true, "b.mp4"],
    ],
  );
});

test("what is no playlist is refused, and any text is survived", () => {
  for (const wrong of ["", "#EXTM3", "<html>", "#EXTM3U\n#EXTINF:2,\na.ts\n", " \n#EXTM3U"])
    assert.ok(readPlaylist(wrong) instanceof Malformed, wrong);
  survivesAnyBytes(Buffer.from(SEGMENTS), (bytes) => readPlaylist(Buffer.from(bytes).toString("latin1")));
});
