import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { joined, parseOperation } from "./operations.ts";
import { growthOf, Page } from "./page.ts";
import { encodePoints } from "./points.ts";
import { LIMITS, type Operation } from "./shapes.ts";

const point = (x: number, y: number, at = 0) => ({ x, y, pressure: 0.5, at });
const stroke = (id: string, text = encodePoints([point(10, 10)]), ended: 0 | 1 = 1): Operation => [
  "s",
  id,
  "pen",
  "black",
  12,
  text,
  ended,
];

test("a stroke grows by batches until the pen is lifted, and nothing is added after", () => {
  const first = [point(10, 10), point(20, 12, 16)];
  const more = [point(35, 14, 32)];
  const page = Page.of([stroke("aaaa.1", encodePoints(first), 0)]);
  assert.deepEqual(page.apply(["p", "aaaa.1", encodePoints(more, first[1]), 1]), ["aaaa.1"]);
  assert.deepEqual(page.apply(["p", "aaaa.1", "CCCC", 1]), []);
  const { content } = page.item("aaaa.1")!;
  assert.deepEqual(content, { type: "stroke", tool: "pen", color: "black", width: 12, points: [...first, ...more], ended: true });
  assert.deepEqual(page.operations(), [stroke("aaaa.1", encodePoints([...first, ...more]))]);
});

test("the last writer wins, by its place in the log", () => {
  const page = Page.of([
    stroke("aaaa.1"),
    ["m", "aaaa.1", 5, 5, 1],
    ["m", "aaaa.1", -3, 0, 2],
    ["t", "aaaa.1", "red"],
    ["t", "aaaa.1", "blue"],
  ]);
  const { dx, scale, content } = page.item("aaaa.1")!;
  assert.deepEqual({ dx, scale, color: content.type === "stroke" && content.color }, { dx: -3, scale: 2, color: "blue" });
});

test("what was deleted comes back where it was, and an emptied page comes back whole", () => {
  const page = Page.of([stroke("aaaa.1"), stroke("bbbb.1"), ["m", "aaaa.1", 7, 0, 1]]);
  const before = page.items();
  assert.deepEqual(page.apply(["x"]), ["aaaa.1", "bbbb.1"]);
  assert.ok(page.items().every(({ deleted }) => deleted));
  page.apply(["u", ["bbbb.1", "aaaa.1", "cccc.9"]]);
  assert.deepEqual(page.items(), before);
  assert.equal(page.size.items, 2);
});

test("operations on what is not there do nothing", () => {
  const page = Page.of([stroke("aaaa.1")]);
  const before = page.items();
  const none: Operation[] = [
    ["p", "bbbb.1", "CCCC", 0],
    ["m", "bbbb.1", 1, 1, 1],
    ["t", "bbbb.1", "red"],
    ["d", ["bbbb.1"]],
    ["u", ["bbbb.1"]],
  ];
  for (const operation of [...none, stroke("aaaa.1", encodePoints([point(99, 99)]))] as const)
    assert.deepEqual(page.apply(operation), []);
  assert.deepEqual(page.items(), before);
  assert.equal(page.items()[0], before[0]);
});

test("an item changes to another of its type, and to no other", () => {
  const box = { x: 0, y: 0, width: 100, height: 50 };
  const page = Page.of([["i", "aaaa.1", { type: "text", text: "a", color: "red", size: 60, ...box }]]);
  page.apply(["t", "aaaa.1", { type: "text", text: "longer", color: "red", size: 60, ...box }]);
  assert.deepEqual(page.apply(["t", "aaaa.1", { type: "picture", material: "m", page: 1, ...box }]), []);
  const { content } = page.item("aaaa.1")!;
  assert.equal(content.type === "text" && content.text, "longer");
});

test("a page takes no more than its bounds, and forgets what was deleted long ago", () => {
  const page = new Page();
  for (let i = 1; i <= LIMITS.items + 5; i++) page.apply(stroke(`aaaa.${i}`));
  assert.equal(page.size.items, LIMITS.items);
  page.apply(["x"]);
  assert.equal(page.items().length, LIMITS.deletedItems);
  assert.equal(page.items().at(-1)?.id, `aaaa.${LIMITS.items}`);
  assert.equal(page.size.items, 0);
  const most = encodePoints(Array.from({ length: LIMITS.pointsOfStroke }, (_, i) => point(i, 0)));
  page.apply(stroke("bbbb.1", most, 0));
  assert.deepEqual(page.apply(["p", "bbbb.1", "CCCC", 0]), []);
});

const ids = fc.constantFrom("aaaa.1", "aaaa.2", "bbbb.1", "bbbb.2", "cccc.1", "zzzz.999999999");
const digits = fc.oneof(
  { weight: 6, arbitrary: fc.array(fc.constantFrom("AAAA", "CCDC", "_xAAgC"), { maxLength: 10 }).map((each) => each.join("")) },
  { weight: 1, arbitrary: fc.string({ unit: fc.constantFrom("A", "C", "g", "x", "_"), maxLength: 40 }) },
);
const numbers = fc.oneof(
  { weight: 20, arbitrary: fc.integer({ min: 1, max: 40 }) },
  { weight: 1, arbitrary: fc.double() },
  { weight: 1, arbitrary: fc.constantFrom(Number.NaN, 1e300, -0, 65_535) },
);
const color = fc.constantFrom("black", "red", "white");
const box = { x: numbers, y: numbers, width: numbers, height: numbers };
const content = fc.oneof(
  fc.record({ type: fc.constant("text"), text: fc.string({ unit: "grapheme" }), color, size: numbers, ...box }),
  fc.record({ type: fc.constant("shape"), shape: fc.constantFrom("line", "arrow"), color, stroke: numbers, ...box }),
  fc.record({ type: fc.constant("picture"), material: fc.constant("m1"), page: fc.constantFrom(1, 2), ...box }),
  fc.record({ type: fc.constant("formula"), tex: fc.string(), paths: fc.constant("M0 0L3 4Z"), color, ...box }),
);
const flag = fc.constantFrom(0, 1);
/** As hostile clients send them; what is an operation at all is up to the parser. */
const anyOperation = fc.oneof(
  fc.tuple(fc.constant("s"), ids, fc.constantFrom("pen", "marker"), color, fc.constantFrom(1, 12), digits, flag),
  fc.tuple(fc.constant("p"), ids, digits, flag),
  fc.tuple(fc.constant("i"), ids, content),
  fc.tuple(fc.constant("m"), ids, numbers, numbers, numbers),
  fc.tuple(fc.constant("t"), ids, fc.oneof(color, content)),
  fc.tuple(fc.constantFrom("d", "u"), fc.array(ids, { minLength: 1, maxLength: 4 })),
  fc.constant(["x"]),
);
/** Operations of several people, in whatever order the log has them. */
const log = fc.array(anyOperation, { maxLength: 60, size: "max" }).map((all) =>
  all.flatMap((one): Operation[] => {
    const operation = parseOperation(JSON.parse(JSON.stringify(one)));
    return "mistake" in operation ? [] : [operation];
  }),
);

test("random logs have what is to be tested", () => {
  const pages = fc.sample(log, { numRuns: 200, seed: 1 }).map((operations) => Page.of(operations));
  const items = pages.flatMap((page) => page.items());
  for (const type of ["stroke", "text", "shape", "picture", "formula"])
    assert.ok(items.some(({ content }) => content.type === type));
  assert.ok(items.filter(({ deleted }) => deleted).length > 20);
  assert.ok(items.filter(({ dx }) => dx !== 0).length > 20);
  assert.ok(items.some(({ content }) => content.type === "stroke" && content.points.length > 8));
});

test("the fewest operations make the same page, now and after whatever follows", () => {
  fc.assert(
    fc.property(log, log, (before, after) => {
      const whole = Page.of(before);
      const copy = Page.of(whole.operations());
      assert.deepEqual(copy.items(), whole.items());
      assert.deepEqual(copy.operations(), whole.operations());
      assert.deepEqual(copy.size, whole.size);
      for (const operation of after) assert.deepEqual(copy.apply(operation), whole.apply(operation));
      assert.deepEqual(copy.items(), whole.items());
      assert.deepEqual(copy.operations(), whole.operations());
    }),
    { numRuns: 1000 },
  );
});

test("the fewest operations are operations, and no more than one for an item, one for its place, and one for deletions", () => {
  fc.assert(
    fc.property(log, (operations) => {
      const page = Page.of(operations);
      const fewest = page.operations();
      for (const one of fewest) assert.deepEqual(parseOperation(JSON.parse(JSON.stringify(one))), one);
      assert.ok(fewest.length <= 2 * page.items().length + 1);
    }),
  );
});

test("operations that were joined make the same page", () => {
  fc.assert(
    fc.property(log, log, (before, batch) => {
      const [one, other] = [Page.of(before), Page.of(before)];
      for (const operation of batch) one.apply(operation);
      for (const operation of joined(batch)) other.apply(operation);
      assert.deepEqual(other.items(), one.items());
    }),
    { numRuns: 1000 },
  );
  const batches: Operation[] = [
    ["s", "aaaa.1", "pen", "black", 12, "CCCC", 0],
    ["p", "aaaa.1", "AAAA", 0],
    ["p", "aaaa.1", "", 1],
    ["p", "aaaa.2", "AAAA", 0],
  ];
  assert.deepEqual(joined(batches), [batches[0], ["p", "aaaa.1", "AAAA", 1], batches[3]]);
  const nearlyFull = stroke("aaaa.1", encodePoints(Array.from({ length: LIMITS.pointsOfStroke - 3 }, (_, i) => point(i, 0))), 0);
  const more: Operation[] = [
    ["p", "aaaa.1", "CCCCCCCC", 0],
    ["p", "aaaa.1", "CACACACA", 0],
  ];
  assert.deepEqual(Page.of([nearlyFull, ...joined(more)]).items(), Page.of([nearlyFull, ...more]).items());
});

test("a page grows by no more than its operations say", () => {
  const line = { type: "shape", shape: "line", color: "red", stroke: 1, x: 1, y: 1, width: 1, height: 1 } as const;
  const recolored = Page.of([["i", "aaaa.1", line]]);
  const before = recolored.size.bytes;
  recolored.apply(["t", "aaaa.1", "black"]);
  assert.ok(recolored.size.bytes <= before + growthOf([["t", "aaaa.1", "black"]]).bytes);
  fc.assert(
    fc.property(log, log, (before, after) => {
      const page = Page.of(before);
      const [{ items, bytes }, growth] = [page.size, growthOf(after)];
      const back = page.items().filter(({ deleted }) => deleted).length;
      for (const operation of after) page.apply(operation);
      assert.ok(page.size.items <= items + growth.items + back);
      if (back === 0) assert.ok(page.size.bytes <= bytes + growth.bytes);
    }),
  );
});

test("a copy that is looked at after every operation, and one that is never looked at, have the same items", () => {
  fc.assert(
    fc.property(log, (operations) => {
      const watched = new Page();
      for (const operation of operations) {
        watched.apply(operation);
        watched.items();
      }
      assert.deepEqual(watched.items(), Page.of(operations).items());
    }),
  );
});

test("a page that keeps points as they are read has the same items, and leaves out texts that are no points", () => {
  const operations: Operation[] = [
    stroke("a.1"),
    ["s", "a.2", "pen", "black", 8, "no points!", 0],
    ["p", "a.1", "?", 0],
    stroke("a.3"),
  ];
  const kept = Page.of(operations, { keepsPoints: true });
  assert.deepEqual(kept.items(), Page.of(operations).items());
  assert.deepEqual(
    kept.items().map(({ id }) => id),
    ["a.1", "a.3"],
  );
});
