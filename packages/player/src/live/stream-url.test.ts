import assert from "node:assert/strict";
import { test } from "node:test";
import { streamUrl } from "./stream-url.ts";

const page = {
  baseUrl: "https://school.example/class/x",
  server: null,
  useFetch: false,
  trace: null,
  latency: "normal",
  playsOpus: false,
} as const;

test("FLV on HTTPS opens as a WebSocket unless fetch is asked for; HLS and plain HTTP do not", () => {
  const flv = { ...page, src: "/live/x.flv?sign=1", engine: "flv" } as const;
  assert.equal(streamUrl(flv), "wss://school.example/live/x.flv?sign=1");
  assert.equal(streamUrl({ ...flv, useFetch: true }), "https://school.example/live/x.flv?sign=1");
  assert.equal(streamUrl({ ...flv, baseUrl: "http://localhost:8080/" }), "http://localhost:8080/live/x.flv?sign=1");
  assert.equal(streamUrl({ ...flv, engine: "hls" }), "https://school.example/live/x.m3u8?sign=1");
});

test("a server that dispatch chose replaces the origin and keeps path and parameters", () => {
  const url = streamUrl({ ...page, src: "/live/x.flv?sign=1", engine: "native", server: "https://edge1.example:8443" });
  assert.equal(url, "https://edge1.example:8443/live/x.m3u8?sign=1");
});

test("the trace of the player is a parameter beside the link's, which stay as they are", () => {
  const trace = "00-0af7651916cd43dd8448eb211c80319c-0af7651916cd43dd-00";
  const url = streamUrl({ ...page, src: "/live/x.flv?expires=1&sign=ab", engine: "flv", trace });
  assert.equal(url, `wss://school.example/live/x.flv?expires=1&sign=ab&traceparent=${trace}`);
});

test("where less delay is wanted FLV comes in small batches, and WHEP has its own address with the link's parameters", () => {
  const low = { ...page, src: "/live/x.flv?sign=1", latency: "low", baseUrl: "http://localhost/" } as const;
  assert.equal(streamUrl({ ...low, engine: "flv" }), "http://localhost/live/x.flv?sign=1&delay=low");
  assert.equal(streamUrl({ ...low, engine: "hls" }), "http://localhost/live/x.m3u8?sign=1");
  const realtime = { ...low, latency: "realtime", engine: "whep" } as const;
  assert.equal(streamUrl({ ...realtime, src: "/live/x.flv?delay=low&sign=1" }), "http://localhost/live/x/whep?sign=1");
  assert.equal(streamUrl({ ...realtime, src: "wss://edge.example/live/x@360p.flv" }), "https://edge.example/live/x@360p/whep");
});

test("a browser that plays Opus in MP4 says so to FLV and HLS, which its engines make MP4 of", () => {
  const opus = { ...page, src: "/live/x.flv?sign=1", playsOpus: true } as const;
  assert.equal(streamUrl({ ...opus, engine: "flv" }), "wss://school.example/live/x.flv?sign=1&audio=opus");
  assert.equal(streamUrl({ ...opus, engine: "hls" }), "https://school.example/live/x.m3u8?sign=1&audio=opus");
  assert.equal(streamUrl({ ...opus, engine: "native" }), "https://school.example/live/x.m3u8?sign=1");
  assert.equal(streamUrl({ ...opus, engine: "whep" }), "https://school.example/live/x/whep?sign=1");
});
