/** Writes the template of questions in Word: how it is filled in, and one question of each kind. Reading it gives those questions. */
import { optionsOf } from "../option-ids.ts";
import type { AuthoredQuestion, Option } from "../question.ts";
import type { WordLanguage } from "./word-words.ts";
import { writeWord } from "./word-write.ts";
import type { WrittenFile } from "./written-file.ts";

type Texts = {
  readonly title: string;
  readonly notes: readonly string[];
  readonly capital: readonly [text: string, ...options: string[]];
  readonly none: string;
  readonly even: readonly [text: string, ...options: string[]];
  readonly boolean: string;
  readonly gaps: string;
  readonly gap: readonly string[];
  readonly matching: string;
  readonly left: readonly string[];
  readonly right: readonly string[];
  readonly ordering: string;
  readonly items: readonly string[];
  readonly text: string;
  readonly accepted: readonly string[];
  readonly passage: readonly [title: string, text: string];
  readonly ofPassage: readonly [text: string, rubric: string];
  readonly essay: readonly [text: string, rubric: string, ...criteria: string[]];
  readonly speaking: readonly [text: string, rubric: string];
  readonly explanation: string;
  readonly topic: string;
};

const TEXTS: Readonly<Record<WordLanguage, Texts>> = {
  en: {
    title: "Questions: template",
    notes: [
      "Replace the questions below with your own and import the file. What stands above the first question, and headings, are not read.",
      "A question begins with its kind in brackets. Options have letters, items numbers, typed or by Word's own lists. Everything else is a line with a label, after the options.",
      "Each accepted answer, and each topic, has a line of its own. Use the label “Exact answer” where capitals count, and “Number” where a number counts: value ± tolerance and unit.",
      "Gaps stand as {{1}}, {{2}} in the text, or as a line of underscores. Without an answer, a person marks a short text. Points are 1 where none are given. An ordering is written in its right order.",
      "Mathematics is written between dollar signs: $x^2$. Formulas of Word and pictures are not read: add pictures on the page of the paper.",
    ],
    capital: ["What is the capital of France?", "Lyon", "Paris", "Marseille"],
    none: "None of these",
    even: ["Which numbers are even?", "1", "2", "3", "4"],
    boolean: "The Earth turns round the Sun.",
    gaps: "The capital of England is {{1}}. A light year is {{2}}.",
    gap: ["London"],
    matching: "Match the countries and their capitals.",
    left: ["Japan", "Egypt"],
    right: ["Cairo", "Tokyo", "Lima"],
    ordering: "Put the planets in order, from the Sun.",
    items: ["Mercury", "Venus", "Earth"],
    text: "Which gas do plants take in?",
    accepted: ["carbon dioxide", "CO2"],
    passage: ["A walk in the rain", "It rained all day, and still they went."],
    ofPassage: ["Why did they go all the same?", "2 points for a reason from the text."],
    essay: ["Write about a journey.", "Clear, complete, own words.", "Structure", "Language"],
    speaking: ["Introduce yourself.", "Fluency and pronunciation."],
    explanation: "Paris has been the capital since 987.",
    topic: "Capitals",
  },
  "zh-CN": {
    title: "题目模板",
    notes: [
      "请把下面的示例换成您的题目，然后导入本文件。第一道题之前的内容以及各级标题不会读取。",
      "每道题以方括号中的题型开头。选项用字母编号，条目用数字编号，可以手动输入，也可以用 Word 的自动编号。其余内容都写成“标签：内容”，放在选项之后。",
      "每个可接受的答案、每个知识点各占一行。区分大小写时用“精确答案”，答案为数字时用“数值”：数值 ± 误差 单位。",
      "填空题的空写成 {{1}}、{{2}}，或一段下划线。简答题不写答案时由人工阅卷。不写分值时为 1 分。排序题请按正确的顺序书写。",
      "数学公式写在两个美元符号之间：$x^2$。Word 公式和图片不会读取，图片请在试卷页面添加。",
    ],
    capital: ["法国的首都是哪里？", "里昂", "巴黎", "马赛"],
    none: "以上都不是",
    even: ["下列哪些数是偶数？", "1", "2", "3", "4"],
    boolean: "地球绕太阳转。",
    gaps: "英国的首都是{{1}}。一光年约为{{2}}。",
    gap: ["伦敦"],
    matching: "请将国家与其首都连线。",
    left: ["日本", "埃及"],
    right: ["开罗", "东京", "利马"],
    ordering: "请将行星按距太阳由近到远排序。",
    items: ["水星", "金星", "地球"],
    text: "植物吸收什么气体？",
    accepted: ["二氧化碳", "CO2"],
    passage: ["雨中漫步", "雨下了一整天，他们还是出发了。"],
    ofPassage: ["他们为什么还是出发了？", "能从文中找出一个理由得 2 分。"],
    essay: ["请写一次旅行。", "条理清楚，内容完整，用自己的话。", "结构", "语言"],
    speaking: ["请介绍你自己。", "流利程度和发音。"],
    explanation: "自 987 年起，巴黎就是法国的首都。",
    topic: "首都",
  },
};

export function wordTemplate(language: WordLanguage): WrittenFile {
  const { title, notes, passage } = TEXTS[language];
  const [name, text] = passage;
  const section = {
    id: "s1",
    title: "",
    instruction: "",
    isShuffled: false,
    areOptionsShuffled: false,
    passages: [{ id: "p1", title: name, text }],
    questions: samples(TEXTS[language]),
  };
  return writeWord({ title, instruction: "", sections: [section] }, language, notes);
}

function samples(texts: Texts): readonly AuthoredQuestion[] {
  const [essay, rubric, ...criteria] = texts.essay;
  const [capital, ...cities] = texts.capital;
  const [even, ...numbers] = texts.even;
  const fixed: Option = { id: "d", text: texts.none, isAnchored: true };
  return [
    {
      question: {
        id: "q1",
        kind: "single",
        text: capital,
        points: 1,
        knowledge: [texts.topic],
        difficulty: 1,
        options: [...optionsOf(cities), fixed],
      },
      solution: { kind: "single", right: "b" },
      explanation: texts.explanation,
    },
    {
      question: { id: "q2", kind: "multiple", text: even, points: 2, options: optionsOf(numbers) },
      solution: { kind: "multiple", right: ["b", "d"], scoring: "part" },
    },
    { question: { id: "q3", kind: "boolean", text: texts.boolean, points: 1 }, solution: { kind: "boolean", right: true } },
    {
      question: {
        id: "q4",
        kind: "gaps",
        text: texts.gaps,
        points: 2,
        gaps: [
          { id: "1", form: "text" },
          { id: "2", form: "number", unit: "km" },
        ],
      },
      solution: {
        kind: "gaps",
        scoring: "part",
        accepted: { 1: { texts: texts.gap }, 2: { value: 9.46e12, tolerance: 1e10, unit: "km" } },
      },
    },
    {
      question: {
        id: "q5",
        kind: "matching",
        text: texts.matching,
        points: 2,
        left: optionsOf(texts.left),
        right: optionsOf(texts.right),
      },
      solution: { kind: "matching", pairs: { a: "b", b: "a" }, scoring: "part" },
    },
    {
      question: { id: "q6", kind: "ordering", text: texts.ordering, points: 2, items: optionsOf(texts.items) },
      solution: { kind: "ordering", order: ["a", "b", "c"], scoring: "part" },
    },
    {
      question: { id: "q7", kind: "text", text: texts.text, points: 1 },
      solution: { kind: "text", accepted: { texts: texts.accepted } },
    },
    {
      question: { id: "q8", kind: "essay", form: "typed", text: texts.ofPassage[0], points: 2, passage: "p1", maxLetters: 500 },
      solution: { kind: "essay", rubric: texts.ofPassage[1] },
    },
    {
      question: { id: "q9", kind: "essay", form: "photos", text: essay, points: 10 },
      solution: {
        kind: "essay",
        rubric,
        criteria: criteria.map((text, i) => ({ id: `c${i + 1}`, text, points: 5 })),
      },
    },
    {
      question: { id: "q10", kind: "speaking", text: texts.speaking[0], points: 5, maxSeconds: 60 },
      solution: { kind: "speaking", rubric: texts.speaking[1] },
    },
  ];
}
