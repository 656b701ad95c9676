import assert from "node:assert/strict";
import { test } from "node:test";
import { viewFacts } from "./view-facts.ts";

const BASE = "https://school.example/class/MATH";

function factsOf(attributes: Readonly<Record<string, string>>, url = "") {
  const player = { getAttribute: (name: string) => attributes[name] ?? null };
  return viewFacts(player, { url, engine: "flv", kind: "live", rung: null }, BASE);
}

test("a player is told of by its stream, without the rung, and where it is opened", () => {
  const opened = "https://edge-1.example/live/math.flv?viewer=7";
  assert.deepEqual(factsOf({ src: "/live/math@720p.flv?viewer=7" }, opened), {
    cid: "live/math",
    kind: "live",
    engine: "flv",
    url: opened,
    rung: null,
  });
  assert.equal(factsOf({ src: "wss://edge.example/live/math.flv" }, "wss://edge.example/live/math.flv")?.engine, "ws");
  assert.equal(factsOf({ src: "/vod/01m7.m3u8" })?.cid, "vod/01m7");
  const door = "https://edge-1.example/live/math@360p/whep?viewer=7";
  assert.deepEqual(
    [factsOf({ src: "/live/math.flv" }, door)?.cid, factsOf({ src: "/live/math.flv" }, door)?.url],
    ["live/math", door],
  );
});

test("until the new stream is opened, its own link is told, not the one of the stream before", () => {
  const facts = factsOf({ src: "/live/second.flv?sign=2" }, "https://school.example/live/first.flv?sign=1");
  assert.deepEqual([facts?.cid, facts?.url], ["live/second", "https://school.example/live/second.flv?sign=2"]);
});

test("nothing is told of other servers' files, of no stream, and where reports are off", () => {
  assert.equal(factsOf({ src: "blob:https://school.example/1" }), null);
  assert.equal(factsOf({ src: "/files/clip.mp4" }), null);
  assert.equal(factsOf({}), null);
  assert.equal(factsOf({ src: "/live/math.flv", reports: "off" }), null);
});
