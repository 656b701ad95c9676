import assert from "node:assert/strict";
import { test } from "node:test";
import { encoderArguments } from "./encoder-arguments.ts";
import { isRenditionUseful, needsPlayable, renditionRung } from "./renditions.ts";
import { type LadderSource, type Rung, variantOf } from "./rungs.ts";

const source = (more: Partial<LadderSource> = {}): LadderSource => ({
  video: { width: 1280, height: 720, frameRate: 25, codec: "avc1" },
  audio: { codecString: "opus", codec: "Opus" },
  videoKbps: 2000,
  audioKbps: 96,
  ...more,
});
const AAC = { codecString: "mp4a.40.2", codec: "mp4a" };
const argumentsOf = (rung: Rung | null) => (rung ? encoderArguments([rung], "software", [], 25) : []).join(" ");

test("a rendition is made only where it differs from its source", () => {
  assert.deepEqual(
    (["opus", "aac", "rtc"] as const).map((rendition) => [
      isRenditionUseful(rendition, source()),
      isRenditionUseful(rendition, source({ audio: AAC })),
      isRenditionUseful(rendition, source({ audio: null })),
    ]),
    [
      [false, true, false],
      [true, false, false],
      [true, true, true],
    ],
  );
  assert.equal(isRenditionUseful("rtc", source({ video: null })), false);
});

test("sound is encoded alone: the picture of a rendition with AAC never comes near the encoder", () => {
  const aac = renditionRung("aac", source());
  assert.deepEqual([aac?.video, aac?.isVideoCopied], [null, true]);
  assert.match(argumentsOf(aac), /-vn -map 0:a:0 -c:a aac .* -f flv pipe:4$/);
  assert.match(
    argumentsOf(renditionRung("opus", source({ audio: AAC }))),
    /-c:a libopus -ar 48000 -frame_duration 20 .* -f mpegts pipe:4$/,
  );
});

test("the rendition for WebRTC holds no frame back, has no B-frames, and a key frame at least about each two seconds", () => {
  const args = argumentsOf(renditionRung("rtc", source()));
  assert.match(args, /-profile:v baseline/);
  assert.match(args, /-bf 0/);
  assert.match(args, /rc-lookahead=0/);
  assert.match(args, /-force_key_frames source -g 56 /, "a source with key frames each two seconds needs no others");
});

test("the rendition for WebRTC is no larger than 1080p, and HLS declares its profile", () => {
  const large = source({ video: { width: 3840, height: 2160, frameRate: 30, codec: "av01" } });
  const rung = renditionRung("rtc", large);
  assert.deepEqual([rung?.video?.width, rung?.video?.height], [1920, 1080]);
  assert.ok(needsPlayable(large) && !needsPlayable(source()));
  assert.deepEqual(rung && variantOf(rung, large).codecs, ["avc1.42c02a", "mp4a.40.2"]);
});
