import assert from "node:assert/strict";
import { test } from "node:test";
import { base64Of, logoError } from "./logo-file.ts";

test("a logo is a PNG, JPEG or WebP of at most 128 KiB; an SVG is none", () => {
  assert.equal(logoError({ type: "image/png", size: 128 * 1024 }), null);
  assert.equal(logoError({ type: "image/png", size: 128 * 1024 + 1 }), "tooLarge");
  assert.equal(logoError({ type: "image/svg+xml", size: 100 }), "wrongType");
  assert.equal(logoError({ type: "", size: 100 }), "wrongType");
});

test("a file is sent in base64", async () => {
  assert.equal(await base64Of(new Blob([new Uint8Array([0, 255, 128])])), "AP+A");
});
