/** Words in texts: other ways to write them, edges of words, masking, and the same answers as a naive search. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { leastEventLoopDelay, TESTED_HOLD_MS, threadCpuMs } from "../../../../platform/test-event-loop-delay.ts";
import { loadFold } from "./fold.ts";
import { WordMatcher, type WordSource } from "./word-matcher.ts";
import { matchedRange, readPattern, searchedText } from "./word-patterns.ts";

const matcher = async (words: string, fields: Partial<WordSource> = {}) =>
  await WordMatcher.compile([{ name: "List", action: "mask", skipsSigns: true, words, ...fields }]);
const masker = async (words: string, fields: Partial<WordSource> = {}) => {
  const compiled = await matcher(words, fields);
  return (text: string) => compiled.check(text).text;
};

test("other ways to write a word are the word: width, case, accents, strokes, invisible characters, traditional Chinese", async () => {
  const mask = await masker("fuck\n傻逼\n后门\nstraße");
  const texts = [
    "ＦＵＣＫ",
    "f\u200bu\u200dc\u00adk",
    "fu\u0336c\u0336k\u0336",
    "fúçk",
    "𝓯𝓾𝓬𝓴",
    "傻\u2060逼",
    "後門",
    "後门",
    "STRASSE",
  ];
  for (const text of texts) assert.match(mask(text), /^\*+$/, text);
  assert.equal(mask("好 f\u0336u\u0336c\u0336k\u0336 好"), "好 ******** 好");
});

test("signs between the letters are overlooked, and masked with them", async () => {
  const mask = await masker("fuck\n傻逼\nshut up");
  assert.equal(mask("f.u.c.k!"), "*******!");
  assert.equal(mask("you f u c k"), "you *******");
  assert.equal(mask("傻 逼，傻。。逼"), "***，****");
  assert.equal(mask("shut up, shut-up, shutup"), "*******, *******, ******");
});

test("where a list does not overlook signs, only the word as it is counts", async () => {
  const mask = await masker("傻逼", { skipsSigns: false });
  assert.equal(mask("傻 逼 傻逼"), "傻 逼 **");
});

test("a word of letters is no part of another word, and not of two words; with an asterisk it is", async () => {
  const mask = await masker("ass\npenis\n64");
  for (const text of ["class", "assume", "the pen is red", "1640", "a.ssume"]) assert.equal(mask(text), text);
  assert.equal(mask("64,ass1 64号"), "**,***1 **号");
  assert.equal((await masker("fuck*"))("fucking motherfucker"), "****ing motherfucker");
  assert.equal((await masker("*fuck*"))("motherfucker"), "mother****er");
  assert.equal((await masker("加v"))("请加v信"), "请**信");
});

test("words with signs and symbols are found as they are", async () => {
  const mask = await masker("c++\n🔞\n@home");
  assert.equal(mask("c c++ 🔞\ufe0f @home"), "c *** ** *****");
});

test("the strictest list decides, comments and empty lines are no words", async () => {
  const list = (name: string, action: WordSource["action"], words: string) => ({ name, action, words, skipsSigns: true });
  const compiled = await WordMatcher.compile([
    list("Mild", "mask", "# 注释\n\n  \r\n*\n笨蛋"),
    list("Hold", "hold", "坏蛋"),
    list("Hard", "refuse", "混蛋"),
  ]);
  assert.deepEqual(compiled.check("笨蛋"), { action: "mask", text: "**", reason: "Mild" });
  assert.deepEqual(compiled.check("笨蛋坏蛋"), { action: "hold", text: "笨蛋坏蛋", reason: "Hold" });
  assert.deepEqual(compiled.check("坏蛋混蛋"), { action: "refuse", text: "坏蛋混蛋", reason: "Hard" });
  assert.deepEqual(compiled.check("# 注释"), { action: "pass", text: "# 注释", reason: null });
});

test("the same places are found as by a naive search for each word", async () => {
  const fold = await loadFold();
  const letters = fc.constantFrom("a", "b", "A", "ａ", "á", "1", "国", "國", "逼", ".", " ", "-", "\u200b", "\u0336", "𠮷", "*");
  const word = fc.array(letters, { maxLength: 5 }).map((parts) => parts.join(""));
  const text = fc.array(letters, { maxLength: 40 }).map((parts) => parts.join(""));
  await fc.assert(
    fc.asyncProperty(fc.array(word, { maxLength: 12 }), text, fc.boolean(), async (words, searched, skipsSigns) => {
      const compiled = await matcher(words.join("\n"), { skipsSigns });
      const covered = (ranges: readonly { readonly start: number; readonly end: number }[]) =>
        [...searched].map((_, i) => ranges.some(({ start, end }) => start <= i && i < end));
      const all = searchedText(fold(searched));
      const naive: { start: number; end: number }[] = [];
      for (const line of words) {
        const pattern = line.trim() === "" ? null : readPattern(line, skipsSigns, fold);
        const units = pattern?.isDense ? all.dense : all.folded.units;
        for (let end = pattern?.units.length ?? 0; pattern && end <= units.length; end++) {
          if (!pattern.units.every((unit, i) => units[end - pattern.units.length + i] === unit)) continue;
          const range = matchedRange(pattern, all, end);
          if (range) naive.push(range);
        }
      }
      const found = compiled.matchesIn(searched);
      assert.deepEqual(covered(found), covered(naive));
      for (const { start, end } of found) assert.ok(naive.some((one) => one.start === start && one.end === end));
    }),
    { numRuns: 500 },
  );
});

test("masking keeps everything outside of words, and every mask is as long as what it hides", async () => {
  const mask = await masker("坏\nbad*\n国 家");
  const letters = fc.constantFrom("坏", "b", "a", "d", "国", "國", "家", "好", "\u0301", "👍🏽", " ", "\n");
  await fc.assert(
    fc.property(fc.array(letters, { maxLength: 30 }), (parts) => {
      const text = parts.join("");
      const result = mask(text);
      assert.equal([...result].length, [...text].length);
      for (const [i, one] of [...result].entries()) if (one !== "*") assert.equal(one, [...text][i]);
      assert.ok(!result.includes("坏"));
    }),
  );
});

/** 20 000 different words of Chinese characters and of letters. */
function manyWords(): string {
  const words: string[] = [];
  for (let i = 0; i < 20_000; i++) {
    const codes = [0x4e00 + ((i * 7919) % 20_000), 0x4e00 + ((i * 104_729) % 20_000), 0x4e00 + ((i * 31) % 20_000)];
    words.push(i % 4 === 0 ? `word${i.toString(36)}end` : String.fromCharCode(...codes.slice(0, 2 + (i % 2))));
  }
  return words.join("\n");
}

test("20 000 words take about as long as a few, for a text of 1000 characters", async () => {
  const [many, few] = [await matcher(manyWords()), await matcher("坏\nbad")];
  const text = Array.from({ length: 1000 }, (_, i) => String.fromCharCode(0x4e00 + ((i * 7919) % 20_000))).join("");
  const cpuOf = (compiled: WordMatcher) => {
    const before = threadCpuMs();
    for (let i = 0; i < 200; i++) compiled.check(text);
    return threadCpuMs() - before;
  };
  cpuOf(few);
  cpuOf(many);
  // A naive search takes some thousand times as long.
  const [reference, measured] = [cpuOf(few), cpuOf(many)];
  assert.ok(measured < 10 * reference + 20, `${measured} ms against ${reference} ms`);
});

test("compiling 20 000 words does not hold the event loop", async () => {
  const words = manyWords();
  await matcher("坏");
  const longest = await leastEventLoopDelay(() => matcher(words));
  assert.ok(longest < TESTED_HOLD_MS, `${longest} ms`);
});
