import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import type { Paper } from "./paper.ts";
import { packPaper, unpackPaper } from "./paper-package.ts";

const PAPER: Paper = { title: "听力 ½", instruction: "", sections: [] };
const FILES = [
  { id: "f1", type: "image/png", bytes: Uint8Array.of(1, 2, 3) },
  { id: "f2", type: "audio/webm", bytes: Uint8Array.of(4) },
];

test("a paper without files is its JSON, as it was before papers had files", () => {
  const packed = packPaper({ paper: PAPER, files: [] });
  assert.deepEqual(JSON.parse(new TextDecoder().decode(packed)), PAPER);
  assert.deepEqual(unpackPaper(packed), { paper: PAPER, files: [] });
});

test("files come out of a package as they went in", () => {
  const bytes = fc.uint8Array({ maxLength: 50 }).map((array) => new Uint8Array(array));
  const file = fc.record({ id: fc.string(), type: fc.string(), bytes });
  fc.assert(
    fc.property(fc.array(file, { minLength: 1, maxLength: 5 }), fc.string({ unit: "binary" }), (files, title) => {
      const { paper, files: opened } = unpackPaper(packPaper({ paper: { ...PAPER, title }, files }));
      assert.equal(paper.title, title);
      assert.deepEqual(
        opened.map((one) => ({ ...one, bytes: [...one.bytes] })),
        files.map((one) => ({ ...one, bytes: [...one.bytes] })),
      );
    }),
  );
});

test("a package that was cut anywhere opens nowhere", () => {
  const packed = packPaper({ paper: PAPER, files: FILES });
  for (let length = 0; length < packed.length; length++) assert.throws(() => unpackPaper(packed.slice(0, length)), `${length}`);
});
