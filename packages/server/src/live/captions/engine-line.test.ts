/** Lines of caption programs: what is read of them, in any pieces, and what is refused. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { Malformed } from "@lectern/media";
import fc from "fast-check";
import { EngineLines, readEngineLine } from "./engine-line.ts";

const LINE = { start: 1.5, end: 2.25, text: "good morning", final: true };
const READ = { start: 1.5, end: 2.25, text: "good morning", isFinal: true };
const SAID = [LINE, { ...LINE, text: "早上好", final: false }, { ...LINE, text: "  two\twords " }];
const BYTES = Buffer.from(SAID.map((line) => `${JSON.stringify(line)}\r\n`).join("\n"));

test("a line has its times in seconds and its words on one line; what is not known is left out", () => {
  assert.deepEqual(readEngineLine(JSON.stringify({ ...LINE, confidence: 0.5 })), READ);
  assert.deepEqual(readEngineLine(JSON.stringify({ ...LINE, text: "good\n morning " })), READ);
});

test("lines are the same in whichever pieces they come", () => {
  const whole = new EngineLines().push(BYTES);
  assert.ok(!(whole instanceof Malformed));
  assert.deepEqual(
    whole.map(({ text }) => text),
    ["good morning", "早上好", "two words"],
  );
  fc.assert(
    fc.property(fc.array(fc.nat(BYTES.length), { maxLength: 12 }), (cuts) => {
      const lines = new EngineLines();
      const places = [0, ...cuts.sort((a, b) => a - b), BYTES.length];
      const read = places.slice(1).flatMap((to, i) => {
        const some = lines.push(BYTES.subarray(places[i], to));
        assert.ok(!(some instanceof Malformed));
        return some;
      });
      assert.deepEqual(read, whole);
    }),
  );
});

test("what is no caption is refused, with the rule", () => {
  const wrong = ["", "[]", "null", "nonsense", '{"start":1}', JSON.stringify({ ...LINE, end: 1 })];
  wrong.push(JSON.stringify({ ...LINE, start: -1 }), JSON.stringify({ ...LINE, text: 5 }), JSON.stringify({ ...LINE, final: 1 }));
  for (const text of wrong) assert.ok(readEngineLine(text) instanceof Malformed, text);
});

test("a line without an end is refused before it fills the memory", () => {
  const lines = new EngineLines();
  const pieces = Array.from({ length: 20 }, () => lines.push(Buffer.alloc(10_000, 32)));
  assert.ok(pieces.some((piece) => piece instanceof Malformed));
});

test("no bytes make it throw", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void new EngineLines().push(bytes)));
});
