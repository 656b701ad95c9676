import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bytes, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import { lengthPrefixed } from "./annex-b.ts";
import { NALS, repairNals, splitNals, surveyNals } from "./nal-units.ts";
import { configurationOf, meantConfiguration, ParameterSets } from "./parameter-sets.ts";

const SPS = bytes("67640028acd940780227e5c05a808080a0000003002000000781e30632c0");
const PPS = bytes("68ebe3cb22c0");
const SEI = bytes("0605ff80");
/** IDR and P slices of libx264: first_mb_in_slice 0, and 100. */
const IDR = bytes("6588840012ff");
const LATER = bytes("650328888012");
const P = bytes("419a246c41ff");
/** libx265's parameter sets of 320×180, and the beginning of its slices. */
const HEVC_SETS = [
  bytes("40010c01ffff01600000030090000003000003003c959809"),
  bytes("420101016000000300900000030000030 03ca00a080b9f796565924caf0168080000030008000000c840"),
  bytes("4401c172b46240"),
];
const HEVC_IDR = bytes("2601af08401f");
const HEVC_LATER = bytes("26012fe0f0aa");

const annexB = (...nals: readonly Uint8Array[]) => Buffer.concat(nals.flatMap((nal) => [bytes("00000001"), nal]));
const survey = (nals: readonly Uint8Array[], isHevc = false) => surveyNals(lengthPrefixed(nals), 4, isHevc);

test("a frame's units tell where its picture begins", () => {
  const begins = NALS.firstSlice | NALS.randomAccess;
  assert.equal(survey([SPS, PPS, SEI, IDR]), NALS.prefix | NALS.parameterSets | begins);
  assert.equal(survey([P]), NALS.firstSlice);
  assert.equal(survey([SEI]), NALS.prefix);
  assert.equal(survey([LATER]), NALS.laterSlice | NALS.randomAccess);
  assert.equal(survey([IDR, LATER]), begins | NALS.laterSlice);
  assert.equal(survey([...HEVC_SETS, HEVC_IDR], true), NALS.prefix | NALS.parameterSets | begins);
  assert.equal(survey([HEVC_LATER], true), NALS.laterSlice | NALS.randomAccess);
});

test("lengths that do not fit are found, and mended where one meaning is possible", () => {
  const good = lengthPrefixed([SEI, IDR, P]);
  const shapes = {
    "a byte stream": annexB(SEI, IDR, P),
    "start codes within lengths": lengthPrefixed([SEI, IDR, P].map((nal) => Buffer.concat([bytes("000001"), nal]))),
    "lengths of two bytes": lengthPrefixed([SEI, IDR, P], 2),
    "empty units": lengthPrefixed([SEI, new Uint8Array(0), IDR, P]),
    "zeros at the end": Buffer.concat([good, Buffer.alloc(9)]),
  };
  for (const [what, frame] of Object.entries(shapes)) {
    assert.ok(surveyNals(frame, 4, false) & NALS.misfit, what);
    assert.deepEqual(Buffer.from(repairNals(frame, 4, false) ?? []), Buffer.from(good), what);
  }
  const hevc = annexB(...HEVC_SETS, HEVC_IDR);
  assert.deepEqual(repairNals(hevc, 4, true), lengthPrefixed([...HEVC_SETS, HEVC_IDR]));
  for (const frame of ["0000ffff6588", "0102030405060708", "ffffffff"])
    assert.equal(repairNals(bytes(frame), 4, false), null, frame);
});

test("a configuration is made of the sets of a byte stream", () => {
  const made = configurationOf("avc1", [SPS, PPS]);
  assert.ok(made);
  assert.deepEqual(meantConfiguration("avc1", annexB(SPS, PPS)), made);
  assert.deepEqual(meantConfiguration("avc1", made), made);
  assert.equal(configurationOf("avc1", [SPS]), null);
  assert.ok(new ParameterSets("avc1", made).canDecode([IDR]));
});

test("a key frame that no decoder can decode is told from one that it can", () => {
  const configuration = configurationOf("avc1", [SPS, PPS]) ?? new Uint8Array(0);
  const sets = () => new ParameterSets("avc1", configuration);
  assert.ok(sets().canDecode([SEI, IDR, LATER]));
  // pic_parameter_set_id 1.
  const other = bytes("658840");
  assert.equal(sets().canDecode([other]), false);
  // The same set in the frame: id 1, of the sequence parameter set 0.
  assert.ok(sets().canDecode([bytes("685ce2"), other]));
  assert.equal(new ParameterSets("avc1", new Uint8Array(0)).canDecode([IDR]), false);
  const hevc = new ParameterSets("hvc1", configurationOf("hvc1", HEVC_SETS) ?? new Uint8Array(0));
  assert.ok(hevc.canDecode([HEVC_IDR]));
  assert.equal(hevc.canDecode([bytes("26018840")]), false);
});

test("any bytes are survived, and what is mended fits", () => {
  for (const isHevc of [false, true])
    survivesAnyBytes(annexB(SPS, PPS, IDR, P), (some) => {
      const repaired = repairNals(some, 4, isHevc);
      if (repaired) assert.equal(surveyNals(repaired, 4, isHevc) & NALS.misfit, 0);
      const nals = splitNals(some, 4);
      if (nals) new ParameterSets(isHevc ? "hvc1" : "avc1", some).canDecode(nals);
      meantConfiguration(isHevc ? "hvc1" : "avc1", some);
    });
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(SEI, IDR, P, LATER), { minLength: 1, maxLength: 6 }),
      fc.constantFrom(2, 3, 4),
      (nals, size) => {
        const frame = lengthPrefixed(nals, size);
        assert.equal(surveyNals(frame, size, false) & NALS.misfit, 0);
        assert.deepEqual(splitNals(frame, size), nals);
      },
    ),
  );
});
