import assert from "node:assert/strict";
import { EventEmitter } from "node:events";
import { test } from "node:test";
import type { HlsLibrary } from "./library.ts";
import { TrackChange } from "./track-change.ts";

const Events = { FRAG_LOADING: "loading", BUFFER_CODECS: "codecs" } as const;

/** A library that has loaded media with picture and sound, and from 10 s on the sound alone. */
function withChange(): TrackChange {
  const hls = new EventEmitter();
  const library = { Events } as unknown as HlsLibrary;
  const change = new TrackChange(library, hls as unknown as InstanceType<HlsLibrary>);
  hls.emit(Events.FRAG_LOADING, "", { frag: { sn: 1, start: 8 } });
  hls.emit(Events.BUFFER_CODECS, "", { audiovideo: {} });
  assert.equal(change.isSeen, false);
  hls.emit(Events.FRAG_LOADING, "", { frag: { sn: "initSegment", start: 0 } });
  hls.emit(Events.FRAG_LOADING, "", { frag: { sn: 2, start: 10 } });
  hls.emit(Events.BUFFER_CODECS, "", { audio: {} });
  assert.equal(change.isSeen, true);
  return change;
}

/** An element that has media up to 10 s. */
function element(currentTime: number, readyState = 4): Parameters<TrackChange["placeBehind"]>[0] {
  return { currentTime, readyState, buffered: { length: 1, start: () => 0, end: () => 10 } };
}

test("other tracks are gone on with where the element has shown what it has", () => {
  const change = withChange();
  assert.equal(change.placeBehind(element(8)), null);
  assert.equal(change.placeBehind(element(9.8)), null);
  assert.equal(change.placeBehind(element(9.9)), 10);
  change.reset();
  assert.equal(change.placeBehind(element(9.9)), null);
});

test("an element that stops before the end of what it has, as Chromium does with sound, has shown it", () => {
  const change = withChange();
  assert.equal(change.placeBehind(element(9.87, 2)), 10);
  assert.equal(change.placeBehind(element(8, 2)), null, "it loads what it has to show");
});
