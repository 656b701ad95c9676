/** `traceparent`: what is valid, and what of strangers is not believed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { formatTraceparent, parseTraceparent } from "./trace-context.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const SPAN = "b7ad6b7169203331";

test("a traceparent has a trace, a span, and whether it is recorded", () => {
  assert.deepEqual(parseTraceparent(`00-${TRACE}-${SPAN}-01`), { traceId: TRACE, spanId: SPAN, isSampled: true });
  assert.equal(parseTraceparent(`00-${TRACE}-${SPAN}-02`)?.isSampled, false);
  assert.deepEqual(
    parseTraceparent(`cc-${TRACE}-${SPAN}-01-what-the-future-will-be-like`)?.traceId,
    TRACE,
    "a later version may have more",
  );
});

test("what is not valid is ignored", () => {
  const broken = [
    `00-${"0".repeat(32)}-${SPAN}-01`,
    `00-${TRACE}-${"0".repeat(16)}-01`,
    `ff-${TRACE}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}-01-more`,
    `00-${TRACE.toUpperCase()}-${SPAN}-01`,
    `00-${TRACE}-${SPAN}`,
    `cc-${TRACE}-${SPAN}-01-${"x".repeat(300)}`,
    "",
  ];
  for (const text of [...broken, null, undefined, ["00"], 7]) assert.equal(parseTraceparent(text), null, String(text));
});

test("any text is read or ignored, and what is read is written as it was", () => {
  const hex = (digits: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${digits}}$`));
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.tuple(hex(32), hex(16)).map(([trace, span]) => `00-${trace}-${span}-01`),
      ),
      (text) => {
        const context = parseTraceparent(text);
        return context === null || formatTraceparent(context) === text;
      },
    ),
  );
});
