import assert from "node:assert/strict";
import { test } from "node:test";
import { firstRendition, readMediaPlaylist } from "./media-playlist.ts";

const LIVE = `#EXTM3U
#EXT-X-TARGETDURATION:2
#EXT-X-SERVER-CONTROL:CAN-BLOCK-RELOAD=YES,PART-HOLD-BACK=1.458
#EXT-X-MEDIA-SEQUENCE:7
#EXT-X-MAP:URI="E/init-1.mp4"
#EXT-X-PROGRAM-DATE-TIME:2026-12-01T00:14:11.936Z
#EXT-X-PART:DURATION=0.42300,URI="E/1-7.0.m4s",INDEPENDENT=YES
#EXT-X-PART:DURATION=0.40000,URI="E/1-7.1.m4s"
#EXTINF:2.02300,
E/1-7.m4s
#EXT-X-PROGRAM-DATE-TIME:2026-12-01T00:14:13.959Z
#EXT-X-PART:DURATION=0.46700,URI="E/1-8.0.m4s",INDEPENDENT=YES
#EXT-X-PRELOAD-HINT:TYPE=PART,URI="E/1-8.1.m4s"
`;

test("a live playlist has its segments with their numbers, times and parts, and the one that is being written", () => {
  const { segments, canBlock, map, hasEnded, targetSeconds } = readMediaPlaylist(LIVE);
  assert.deepEqual([canBlock, map, hasEnded, targetSeconds], [true, "E/init-1.mp4", false, 2]);
  assert.deepEqual(
    segments.map(({ msn, uri, parts, utc }) => [msn, uri, parts.length, utc]),
    [
      [7, "E/1-7.m4s", 2, Date.parse("2026-12-01T00:14:11.936Z")],
      [8, null, 1, Date.parse("2026-12-01T00:14:13.959Z")],
    ],
  );
  assert.deepEqual(segments[1]?.parts[0], { uri: "E/1-8.0.m4s", seconds: 0.467, isIndependent: true });
});

test("segments that a delta update skips are counted", () => {
  const skipped = LIVE.replace("#EXT-X-MAP", "#EXT-X-SKIP:SKIPPED-SEGMENTS=3\n#EXT-X-MAP");
  assert.equal(readMediaPlaylist(skipped).segments[0]?.msn, 10);
});

test("the first rendition of a multivariant playlist is its first line that is no tag", () => {
  assert.equal(firstRendition("#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nmath/index.m3u8\n"), "math/index.m3u8");
  assert.equal(firstRendition("#EXTM3U\n"), null);
});
