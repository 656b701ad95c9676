/** Words that a search compares, in both writings. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { marksOf, matches, queryOf, wordsOf } from "./search-words.ts";

const finds = (query: string, text: string): boolean => {
  const asked = queryOf(query);
  return asked !== null && matches(asked, text);
};
const marked = (query: string, text: string): readonly string[] => {
  const asked = queryOf(query);
  return asked ? marksOf(asked, text).map(([from, to]) => text.slice(from, to)) : [];
};

test("words are found without accents, capitals and the ending of a plural, in any order, and only as whole words", () => {
  assert.ok(finds("fractions", "One FRACTION is enough"));
  assert.ok(finds("fraction", "Two fractions."));
  assert.ok(finds("theories", "a theory"));
  assert.ok(finds("cafe zoe", "Zoë sat in the café"));
  assert.ok(finds("３０ cm", "30 cm"));
  assert.ok(!finds("fraction", "refraction"));
  assert.ok(!finds("fraction half", "one fraction"));
  assert.ok(!finds("bus", "bu"));
});

test("Chinese is found by a part of it, and not where its signs stand apart", () => {
  assert.ok(finds("二次函数", "今天我们讲二次函数的图像。"));
  assert.ok(finds("函", "今天我们讲二次函数的图像。"));
  assert.ok(finds("函数 图像", "今天我们讲二次函数的图像。"));
  // Each pair is there, the run is not.
  assert.ok(!finds("数学学生", "学生 数学 学学"));
  assert.ok(!finds("学数", "数学"));
  assert.ok(finds("分数 fractions", "分数：fraction"));
  assert.ok(finds("x轴", "与x轴的交点"));
});

test("what was found is marked where it stands", () => {
  assert.deepEqual(marked("half", "One half, and a halfback, and HALF."), ["half", "HALF"]);
  assert.deepEqual(marked("函数", "函数和二次函数"), ["函数", "函数"]);
  assert.deepEqual(marked("nothing", "One half"), []);
});

test("a text of signs that are no letters is no query", () => {
  for (const text of ["", "  ", "?!…", "——", "🎓"]) assert.equal(queryOf(text), null);
});

test("every part of a text between spaces finds it, whatever the text is", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 60 }), (text) => {
      const words = wordsOf(text);
      for (const part of text.split(/\s+/)) {
        const query = queryOf(part);
        if (!query) continue;
        assert.ok(query.words.every((word) => words.has(word)));
        assert.ok(matches(query, text), JSON.stringify([part, text]));
        for (const [from, to] of marksOf(query, text)) assert.ok(from < to && to <= text.length);
      }
    }),
    { numRuns: 500 },
  );
});

test("a text matches where it has all words of a query, and its runs whole", () => {
  const piece = fc.constantFrom("分", "数", "乘", "法", "\u{20bb7}", "Fractions", "fraction", "è", "e", " ", "，", "7");
  const text = fc.array(piece, { maxLength: 12 }).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(text, text, (asked, said) => {
      const query = queryOf(asked);
      if (!query) return;
      const own = wordsOf(said);
      const isWhole = query.runs.every((run) => said.split(/[^\p{Script=Han}]+/u).some((part) => part.includes(run)));
      assert.equal(matches(query, said), query.words.every((word) => own.has(word)) && isWhole);
    }),
  );
});

test("a sign that is there thousands of times is marked where a reader sees it", () => {
  const marks = marksOf(queryOf("分") ?? assert.fail(), `x${"分".repeat(4000)}`);
  assert.deepEqual([marks.length, marks[0], marks.at(-1)], [200, [1, 2], [200, 201]]);
});
