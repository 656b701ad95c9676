import assert from "node:assert/strict";
import { test } from "node:test";
import { streamUrl } from "./stream-url.ts";

const page = { baseUrl: "https://school.example/class/x", server: null, useFetch: false, trace: null } as const;

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
