import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import { IdleLoading } from "./idle-loading.ts";
import type { HlsLibrary } from "./library.ts";

const Events = {
  FRAG_LOADING: "loading",
  FRAG_BUFFERED: "buffered",
  FRAG_LOAD_EMERGENCY_ABORTED: "aborted",
  KEY_LOADING: "key",
  ERROR: "error",
  MANIFEST_LOADING: "manifest",
};

test("nothing that is loaded for two seconds, while more is wanted, is idle; a load, its end and a want that passes begin the time again", () => {
  const hls = new EventEmitter();
  const loading = new IdleLoading({ Events } as unknown as HlsLibrary, hls as unknown as InstanceType<HlsLibrary>);
  assert.equal(loading.look(true, 0), false);
  assert.equal(loading.look(true, 1900), false);
  assert.equal(loading.look(false, 1950), false);
  assert.equal(loading.look(true, 2000), false);
  assert.equal(loading.look(true, 3900), false);
  hls.emit(Events.FRAG_LOADING);
  assert.equal(loading.look(true, 9000), false, "a slow line");
  hls.emit(Events.FRAG_BUFFERED);
  assert.equal(loading.look(true, 9100), false);
  hls.emit(Events.FRAG_LOADING);
  hls.emit(Events.ERROR);
  assert.equal(loading.look(true, 10_000), false);
  assert.equal(loading.look(true, 11_900), false);
  assert.equal(loading.look(true, 12_000), true);
  hls.emit(Events.MANIFEST_LOADING);
  assert.equal(loading.look(true, 12_250), false, "all is loaded again");
});
