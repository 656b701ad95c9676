/** The sheet of a candidate: the same from the same seed, with every question and option once, each order as likely. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { canDraw, drawnUnits, unitsOf } from "./draw.ts";
import type { Paper, Section } from "./paper.ts";
import type { Option, Question } from "./question.ts";
import { shuffled } from "./random/shuffled.ts";
import { seededRandom, xoshiro128 } from "./random/xoshiro.ts";
import { drawnQuestions, sheetOf } from "./sheet.ts";

const SEED = fc.integer({ min: 0, max: 2 ** 32 - 1 });

function single(id: string, options: readonly Option[], passage?: string): Question {
  return { id, kind: "single", text: id, points: 1, options, ...(passage === undefined ? null : { passage }) };
}

function options(count: number): Option[] {
  return Array.from({ length: count }, (_, i) => ({ id: `o${i}`, text: `Option ${i}` }));
}

function sectionOf(questions: readonly Question[], rest: Partial<Section> = {}): Section {
  const base = { id: "s", title: "", instruction: "", passages: [], isShuffled: true, areOptionsShuffled: true };
  return { ...base, questions, ...rest };
}

function paper(...sections: readonly Section[]): Paper {
  return { title: "Paper", instruction: "", sections };
}

test("xoshiro128** gives the numbers of its reference implementation", () => {
  const random = xoshiro128([1, 2, 3, 4]);
  const first = Array.from({ length: 10 }, () => random.next());
  assert.deepEqual(first, [11520, 0, 5927040, 70819200, 2031721883, 1637235492, 1287239034, 3734860849, 3729100597, 4258142804]);
});

test("numbers below a bound are each as likely", () => {
  const random = seededRandom(7);
  const counts = [0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < 70_000; i++) counts[random.below(7)]!++;
  // Six standard deviations.
  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 6 * 93, `${counts}`);
});

test("each order of four items is as likely", () => {
  const random = seededRandom(1);
  const counts = new Map<string, number>();
  for (let i = 0; i < 48_000; i++) {
    const order = shuffled(["a", "b", "c", "d"], random).join("");
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  assert.equal(counts.size, 24);
  for (const count of counts.values()) assert.ok(Math.abs(count - 2000) < 6 * 44, `${count}`);
});

test("a shuffled list has the same items, and anchored ones at their places", () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(100)), SEED, fc.integer({ min: 2, max: 5 }), (items, seed, step) => {
      const isAnchored = (item: number) => item % step === 0;
      const order = shuffled(items, seededRandom(seed), isAnchored);
      assert.deepEqual([...order].sort(), [...items].sort());
      for (const [i, item] of items.entries()) if (isAnchored(item)) assert.equal(order[i], item);
    }),
  );
});

test("the same seed makes the same sheet, with each question and each option once", () => {
  fc.assert(
    fc.property(SEED, fc.integer({ min: 1, max: 30 }), (seed, count) => {
      const questions = Array.from({ length: count }, (_, i) => single(`q${i}`, options(4)));
      const given = paper(sectionOf(questions));
      const sheet = sheetOf(given, seed);
      assert.deepEqual(sheet, sheetOf(given, seed));
      const [section] = sheet.sections;
      assert.deepEqual(section?.questions.map(({ id }) => id).sort(), questions.map(({ id }) => id).sort());
      for (const question of section?.questions ?? [])
        assert.deepEqual(question.kind === "single" && question.options.map(({ id }) => id).sort(), ["o0", "o1", "o2", "o3"]);
    }),
  );
});

test("other seeds make other sheets", () => {
  const given = paper(sectionOf(Array.from({ length: 20 }, (_, i) => single(`q${i}`, options(4)))));
  const sheets = new Set(Array.from({ length: 200 }, (_, seed) => JSON.stringify(sheetOf(given, seed))));
  assert.equal(sheets.size, 200);
});

test("a section that is not shuffled keeps its order and the order of its options", () => {
  const questions = [single("q1", options(4)), single("q2", options(4))];
  const sheet = sheetOf(paper(sectionOf(questions, { isShuffled: false, areOptionsShuffled: false })), 5);
  assert.deepEqual(sheet.sections[0]?.questions, questions);
});

test("items of an ordering are shuffled also where options are not", () => {
  const ordering: Question = { id: "q", kind: "ordering", text: "?", points: 1, items: options(8) };
  const given = paper(sectionOf([ordering], { areOptionsShuffled: false }));
  const orders = new Set(Array.from({ length: 20 }, (_, seed) => JSON.stringify(sheetOf(given, seed))));
  assert.ok(orders.size > 10);
});

test("questions of a passage stay together and in their order, and only their passages are shown", () => {
  const passages = ["p1", "p2"].map((id) => ({ id, title: "", text: id }));
  const questions = [1, 2, 3, 4, 5, 6].map((n) => single(`q${n}`, options(2), n < 3 ? "p1" : n < 5 ? "p2" : undefined));
  fc.assert(
    fc.property(SEED, fc.integer({ min: 1, max: 6 }), (seed, draw) => {
      const [section] = sheetOf(paper(sectionOf(questions, { passages, draw })), seed).sections;
      const ids = section?.questions.map(({ id }) => id) ?? [];
      assert.equal(ids.length, draw);
      for (const [first, second] of [
        ["q1", "q2"],
        ["q3", "q4"],
      ])
        assert.equal(ids.indexOf(second!), ids.includes(first!) ? ids.indexOf(first!) + 1 : -1);
      const shown = section?.passages.map(({ id }) => id);
      assert.deepEqual(shown, [...(ids.includes("q1") ? ["p1"] : []), ...(ids.includes("q3") ? ["p2"] : [])]);
    }),
  );
});

test("a draw has exactly so many questions where some units have, and each choice is as likely", () => {
  const units = unitsOf([1, 1, 2, 3, 3, 3, 4].map((unit, i) => ({ id: `q${i}`, passage: `p${unit}` })));
  assert.deepEqual(
    units.map(({ length }) => length),
    [2, 1, 3, 1],
  );
  const counts = new Map<string, number>();
  for (let seed = 0; seed < 9000; seed++) {
    const drawn = drawnUnits(units, 3, seededRandom(seed));
    const key = drawn.flatMap((unit) => unit.map(({ id }) => id)).join();
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  // Two and one of either, or three.
  assert.equal(counts.size, 3);
  for (const count of counts.values()) assert.ok(Math.abs(count - 3000) < 6 * 45, JSON.stringify([...counts]));
});

test("sizes that cannot make a number are known", () => {
  assert.equal(canDraw([2, 2, 4], 3), false);
  assert.equal(canDraw([2, 2, 4], 6), true);
  assert.equal(canDraw(Array(300).fill(1), 150), true);
});

test("the server draws the same questions without shuffling", () => {
  const questions = Array.from({ length: 40 }, (_, i) => single(`q${i}`, options(3)));
  const given = paper(sectionOf(questions, { draw: 10 }), { ...sectionOf(questions, { draw: 20 }), id: "s2" });
  fc.assert(
    fc.property(SEED, (seed) => {
      const sheet = sheetOf(given, seed);
      for (const [i, drawn] of drawnQuestions(given.sections, seed).entries())
        assert.deepEqual(drawn.map(({ id }) => id).sort(), sheet.sections[i]?.questions.map(({ id }) => id).sort());
    }),
  );
});
