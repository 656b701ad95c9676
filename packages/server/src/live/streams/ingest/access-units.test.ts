import assert from "node:assert/strict";
import { test } from "node:test";
import { lengthPrefixed } from "@lectern/media";
import { ManualClock } from "../../../platform/clock.ts";
import { AccessUnits } from "./access-units.ts";
import type { SourceFrame } from "./source.ts";

const nal = (text: string) => Uint8Array.from(Buffer.from(text, "hex"));
const UNITS = {
  sps: nal("67640028ac"),
  pps: nal("68ebe3cb"),
  sei: nal("0605ff80"),
  delimiter: nal("09f0"),
  filler: nal("0cffff80"),
  idr: nal("65888400"),
  "idr 2": nal("65006588"),
  p: nal("419a246c"),
  "p 2": nal("41006588"),
} as const;
type Unit = keyof typeof UNITS;

function setUp() {
  const clock = new ManualClock();
  const given: string[] = [];
  let misfits = 0;
  let orphans = 0;
  const nameOf = (frame: SourceFrame) => {
    const left = Buffer.from(frame.payload);
    const names: string[] = [];
    for (let at = 0; at < left.length; at += 4 + left.readUInt32BE(at)) {
      const unit = left.subarray(at + 4, at + 4 + left.readUInt32BE(at));
      names.push(Object.entries(UNITS).find(([, bytes]) => unit.equals(bytes))?.[0] ?? "?");
    }
    return `${frame.timestamp}${frame.key ? "k" : ""} ${names.join(",")}`;
  };
  const units = new AccessUnits(clock, {
    onFrame: (frame) => given.push(nameOf(frame)),
    onMisfit: () => misfits++,
    onOrphan: () => orphans++,
  });
  const frame = (timestamp: number, key: boolean, payload: Uint8Array): SourceFrame => ({
    kind: "frame",
    track: "video",
    codec: "avc1",
    compositionOffset: 0,
    disposable: false,
    soundFlags: 0,
    timestamp,
    key,
    payload,
  });
  const push = (timestamp: number, ...names: readonly Unit[]) =>
    say(
      names.some((name) => name.startsWith("idr")),
      timestamp,
      ...names,
    );
  /** What a publisher says is a key frame. */
  const say = (key: boolean, timestamp: number, ...names: readonly Unit[]) => {
    const payload = lengthPrefixed(names.map((name) => UNITS[name]));
    units.push(frame(timestamp, key, payload), 4);
    // The memory of the message is that of the next one.
    payload.fill(0xdd);
  };
  const taken = () => given.splice(0);
  return {
    clock,
    units,
    push,
    say,
    taken,
    raw: (payload: Uint8Array) => units.push(frame(0, true, payload), 4),
    misfits: () => misfits,
    orphans: () => orphans,
  };
}

test("pictures that come whole pass at once; the first waits for the next message", () => {
  const { units, push, taken } = setUp();
  push(0, "sps", "pps", "sei", "idr");
  assert.deepEqual(taken(), []);
  units.passBy();
  assert.deepEqual(taken(), ["0k sps,pps,sei,idr"]);
  push(40, "p", "p 2");
  assert.deepEqual(taken(), ["40 p,p 2"]);
});

test("a first picture that nothing follows is given soon", () => {
  const { clock, push, taken } = setUp();
  push(0, "idr");
  clock.advance(100);
  assert.deepEqual(taken(), ["0k idr"]);
});

test("parameter sets and messages of their own go before the picture, which waits for nothing", () => {
  const { units, push, taken } = setUp();
  push(0, "sps");
  push(0, "pps");
  push(0, "sei");
  push(0, "idr");
  units.passBy();
  assert.deepEqual(taken(), ["0k sps,pps,sei,idr"]);
  push(38, "sei");
  push(40, "p");
  assert.deepEqual(taken(), ["40 sei,p"]);
});

test("slices of their own become one picture, from the first one on", () => {
  const { units, push, taken } = setUp();
  push(0, "idr");
  push(0, "idr 2");
  // Sound in between does not part a picture any more.
  units.passBy();
  push(0, "idr 2");
  push(40, "p");
  assert.deepEqual(taken(), ["0k idr,idr 2,idr 2"]);
  push(40, "p 2");
  push(80, "sei");
  assert.deepEqual(taken(), ["40 p,p 2"]);
  push(80, "p");
  push(80, "p 2");
  push(80, "filler");
  units.flush();
  assert.deepEqual(taken(), ["80 sei,p,p 2,filler"]);
});

test("parameter sets that a restreamer repeats before each slice are not put within a picture", () => {
  const { push, taken } = setUp();
  push(0, "sps", "pps", "idr");
  push(0, "sps", "pps", "idr 2");
  push(0, "sps", "pps", "idr 2");
  push(40, "p");
  assert.deepEqual(taken(), ["0k sps,pps,idr,idr 2,idr 2"]);
});

test("slices whose times differ belong to the picture that they continue, and two pictures of one time are two", () => {
  const { push, taken } = setUp();
  push(0, "idr");
  push(1, "idr 2");
  push(40, "p");
  push(41, "p 2");
  push(41, "p");
  assert.deepEqual(taken(), ["0k idr,idr 2", "40 p,p 2"]);
});

test("a picture of slices is not held for longer than half a second", () => {
  const { clock, push, taken } = setUp();
  push(0, "idr");
  push(0, "idr 2");
  push(40, "p");
  taken();
  push(40, "p 2");
  clock.advance(500);
  assert.deepEqual(taken(), ["40 p,p 2"]);
});

test("the rest of a picture that has been passed on is left out", () => {
  const { units, push, taken, orphans } = setUp();
  push(0, "idr");
  units.passBy();
  push(40, "p");
  push(40, "p 2");
  assert.equal(orphans(), 1);
  push(80, "p");
  assert.deepEqual(taken(), ["0k idr", "40 p"]);
  push(80, "p 2");
  push(120, "p");
  assert.deepEqual(taken(), ["80 p,p 2"]);
});

test("a byte stream is mended, and what cannot be told is passed on and counted", () => {
  const { units, raw, taken, misfits } = setUp();
  raw(Buffer.concat([nal("00000001"), UNITS.sei, nal("000001"), UNITS.idr.subarray(0, 3)]));
  units.passBy();
  assert.match(taken()[0] ?? "", /^0k sei,/);
  assert.equal(misfits(), 0);
  raw(nal("0000ffff6588"));
  assert.equal(misfits(), 1);
});

test("frames are key frames by what they are, not by what their publisher says", () => {
  const { say, taken, units } = setUp();
  for (const isSaid of [true, false]) {
    say(isSaid, 0, "sps", "pps", "idr");
    units.passBy();
    say(isSaid, 40, "p");
    say(isSaid, 80, "sei", "p");
    assert.deepEqual(taken(), ["0k sps,pps,idr", "40 p", "80 sei,p"]);
  }
});
