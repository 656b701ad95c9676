import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { bytes, good, survivesAnyBytes } from "../../test/hostile-bytes.ts";
import { Malformed } from "../bytes/malformed.ts";
import type { AmfValue } from "./amf-value.ts";
import { decodeAmf0, EcmaArray, encodeAmf0, readAmf0 } from "./amf0.ts";

const leaf = fc.oneof(fc.double({ noNaN: true }), fc.boolean(), fc.string(), fc.constant(null), fc.constant(undefined));
const key = fc.string({ minLength: 1, maxLength: 20 });
const { value } = fc.letrec<{ value: AmfValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    leaf,
    fc.dictionary(key, tie("value"), { maxKeys: 5, noNullPrototype: false }).map((o) => Object.assign(Object.create(null), o)),
    fc.array(tie("value"), { maxLength: 4 }),
  ),
}));

test("what is written is read back", () => {
  fc.assert(
    fc.property(fc.array(value, { maxLength: 4 }), (values) => {
      assert.deepEqual(decodeAmf0(encodeAmf0(...values)), values);
    }),
  );
});

test("a string of more than 65535 bytes is written as a long string", () => {
  const long = "ä".repeat(40_000);
  const encoded = encodeAmf0(long);
  assert.equal(encoded[0], 12);
  assert.deepEqual(decodeAmf0(encoded), [long]);
});

test("an ECMA array is read by its end marker, whatever count it claims", () => {
  const encoded = encodeAmf0(new EcmaArray({ width: 640, title: "maths" }));
  encoded.set([0xff, 0xff, 0xff, 0xff], 1);
  assert.deepEqual(JSON.parse(JSON.stringify(decodeAmf0(encoded))), [{ width: 640, title: "maths" }]);
});

test("a date is read as milliseconds and a typed object as its properties", () => {
  const date = bytes("0b 4276d1a5e5b00000 0000");
  assert.equal(typeof good(decodeAmf0(date))[0], "number");
  const typed = bytes("10 0003 466f6f 0001 61 05 0000 09");
  assert.deepEqual(JSON.parse(JSON.stringify(decodeAmf0(typed))), [{ a: null }]);
});

test("a key named __proto__ is a key like any other", () => {
  const [object] = good(decodeAmf0(bytes("03 0009 5f5f70726f746f5f5f 02 0001 78 0000 09")));
  assert.equal(Object.getPrototypeOf(object), null);
  assert.equal(Object.getPrototypeOf({}), Object.prototype);
});

test("nesting and strict arrays without end are refused, not followed", () => {
  const nested = Uint8Array.from({ length: 20_000 }, (_, i) => [3, 0, 1, 0x61][i % 4] ?? 0);
  assert.ok(decodeAmf0(nested) instanceof Malformed);
  const endless = decodeAmf0(bytes("0a ffffffff 05 05"));
  assert.ok(endless instanceof Malformed);
  const many = decodeAmf0(Uint8Array.from([10, 0, 1, 0, 0, ...Array(65536).fill(5)]));
  assert.ok(many instanceof Malformed);
});

test("metadata without its end marker is read as far as it goes", () => {
  const whole = encodeAmf0("onMetaData", new EcmaArray({ width: 640, title: "maths" }));
  const { values, malformed } = readAmf0(whole.subarray(0, whole.length - 3));
  assert.deepEqual(JSON.parse(JSON.stringify(values)), ["onMetaData", { width: 640, title: "maths" }]);
  assert.match(malformed?.rule ?? "", /no end/);
  const within = readAmf0(whole.subarray(0, whole.length - 6));
  assert.deepEqual(JSON.parse(JSON.stringify(within.values)), ["onMetaData", { width: 640 }]);
});

test("the values before one that cannot be read are there", () => {
  const { values, malformed } = readAmf0(Buffer.concat([encodeAmf0("publish", 4, null, "math"), bytes("4d 6f")]));
  assert.deepEqual(values, ["publish", 4, null, "math"]);
  assert.match(malformed?.rule ?? "", /marker 77/);
});

test("a value of AMF3 stands among those of AMF0", () => {
  const { values, malformed, hasAmf3 } = readAmf0(
    Buffer.concat([encodeAmf0("onMetaData"), bytes("11 0a 0b 01 0b 7769647468 04 8500 01")]),
  );
  assert.deepEqual(JSON.parse(JSON.stringify(values)), ["onMetaData", { width: 640 }]);
  assert.deepEqual([malformed, hasAmf3], [null, true]);
});

test("any bytes are survived", () => {
  survivesAnyBytes(encodeAmf0("connect", 1, { app: "live", list: [1, "two", null] }, new EcmaArray({ a: true })), decodeAmf0);
});
