import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { survivesAnyBytes } from "../../test/hostile-bytes.ts";
import { lengthPrefixed, splitAnnexB } from "./annex-b.ts";

test("units behind start codes of three and four bytes are found, without zeros after them", () => {
  const stream = Uint8Array.from([0, 0, 0, 1, 0x67, 1, 2, 0, 0, 1, 0x68, 3, 0, 0, 0, 0, 1, 0x65, 0, 0, 3, 1]);
  assert.deepEqual(
    splitAnnexB(stream).map((nal) => [...nal]),
    [
      [0x67, 1, 2],
      [0x68, 3],
      [0x65, 0, 0, 3, 1],
    ],
  );
  assert.deepEqual(splitAnnexB(Uint8Array.from([1, 2, 3])), []);
  assert.deepEqual([...lengthPrefixed([Uint8Array.from([5, 6]), Uint8Array.from([7])])], [0, 0, 0, 2, 5, 6, 0, 0, 0, 1, 7]);
});

test("units that are written one after another are found again", () => {
  const nal = fc.uint8Array({ minLength: 1, maxLength: 30, min: 1 });
  fc.assert(
    fc.property(fc.array(nal, { maxLength: 6 }), fc.boolean(), (nals, long) => {
      const code = long ? [0, 0, 0, 1] : [0, 0, 1];
      const stream = Uint8Array.from(nals.flatMap((each) => [...code, ...each]));
      assert.deepEqual(splitAnnexB(stream), nals);
    }),
  );
  survivesAnyBytes(Uint8Array.from([0, 0, 1, 5, 0, 0, 1]), splitAnnexB);
});
