import assert from "node:assert/strict";
import { test } from "node:test";
import { compositeArguments, compositeGraph } from "./composite-arguments.ts";
import { tilesOf } from "./composite-grid.ts";
import { decodedTracks } from "./composite-trial.ts";

const [left = assert.fail(), right = assert.fail()] = tilesOf(2);

test("people are seen while they are there; who is only heard has no tile; who is silent is not waited for", () => {
  const graph = compositeGraph(
    [
      {
        tile: left,
        spans: [
          { from: 0, to: 2000 },
          { from: 12_500, to: 20_000 },
        ],
        hasAudio: true,
      },
      { tile: null, spans: [{ from: 0, to: 20_000 }], hasAudio: true },
      { tile: right, spans: [{ from: 1000, to: 3000 }], hasAudio: false },
    ],
    20_000,
  );
  const chains = graph.split(";\n");
  assert.match(graph, /\[p0\]\[v0\]overlay=x=0:y=0:eof_action=pass:enable='between\(t,0,2\)\+between\(t,12.5,20\)'\[p1\]/);
  assert.match(graph, /\[p1\]\[v2\]overlay=x=640:y=0:/);
  assert.match(graph, /\[quiet\]\[a0\]\[a1\]amix=inputs=3:duration=first:normalize=0/);
  assert.ok(chains.includes("[p2]null[video]"));
  assert.ok(chains.every((chain) => !/\[1:v|\[2:a/.test(chain)));
});

test("ffmpeg reads each input from its own descriptor, keeps their times, and ends in time", () => {
  const args = compositeArguments([0, 4, 5], 12.5, "graph.txt", "made.flv");
  assert.deepEqual(
    args.filter((_, i) => args[i - 1] === "-i"),
    ["pipe:0", "pipe:4", "pipe:5"],
  );
  assert.ok(args.includes("-copyts"));
  assert.equal(args[args.indexOf("-t") + 1], "12.5");
  assert.equal(args.filter((arg) => arg === "-reinit_filter").length, 3);
  assert.equal(args.at(-1), "file:made.flv");
});

test("a track counts as one that can be decoded when a frame of it came out", () => {
  const head = "#software: Lavf\n#tb 0: 1/25\n#media_type 0: video\n#tb 1: 1/48000\n#media_type 1: audio\n";
  assert.deepEqual(decodedTracks(`${head}1,          0,          0,     1024,     4096, 0x00000000\n`), {
    video: false,
    audio: true,
  });
  assert.deepEqual(decodedTracks(head), { video: false, audio: false });
  assert.deepEqual(decodedTracks(""), { video: false, audio: false });
});
