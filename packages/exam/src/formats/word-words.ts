/** Names the words of the Word template in both languages: what a question begins with, and the labels of its lines. Both are read in any file; one is written. */

export const WORD_LANGUAGES = ["en", "zh-CN"] as const;
export type WordLanguage = (typeof WORD_LANGUAGES)[number];

/** What stands in brackets: a kind of question, or a passage. Essays by photos are a kind of their own. */
export const BLOCK_KINDS = [
  "single",
  "multiple",
  "boolean",
  "gaps",
  "matching",
  "ordering",
  "text",
  "essay",
  "photos",
  "speaking",
  "passage",
] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];

export const LABELS = [
  "points",
  "answer",
  /** Capitals count. */
  "exact",
  "number",
  "scoring",
  "fixed",
  "passage",
  "text",
  "longest",
  "seconds",
  "rubric",
  "criterion",
  "explanation",
  "topic",
  "difficulty",
] as const;
export type Label = (typeof LABELS)[number];

/** The first of each is written. */
type Names = Readonly<Record<WordLanguage, readonly [string, ...string[]]>>;

const KIND_NAMES: Readonly<Record<BlockKind, Names>> = {
  single: { en: ["Single choice"], "zh-CN": ["单选题", "单选", "单项选择题"] },
  multiple: { en: ["Multiple choice"], "zh-CN": ["多选题", "多选", "多项选择题"] },
  boolean: { en: ["True or false", "True/false"], "zh-CN": ["判断题", "判断"] },
  gaps: { en: ["Gaps", "Fill in"], "zh-CN": ["填空题", "填空"] },
  matching: { en: ["Matching"], "zh-CN": ["连线题", "连线", "配对题", "匹配题"] },
  ordering: { en: ["Ordering"], "zh-CN": ["排序题", "排序"] },
  text: { en: ["Short text", "Short answer"], "zh-CN": ["简答题", "简答"] },
  essay: { en: ["Essay"], "zh-CN": ["作文", "作文题"] },
  photos: { en: ["Essay by photos"], "zh-CN": ["手写作文"] },
  speaking: { en: ["Speaking"], "zh-CN": ["口语题", "口语"] },
  passage: { en: ["Passage"], "zh-CN": ["阅读材料", "材料"] },
};

const LABEL_NAMES: Readonly<Record<Label, Names>> = {
  points: { en: ["Points"], "zh-CN": ["分值"] },
  answer: { en: ["Answer"], "zh-CN": ["答案"] },
  exact: { en: ["Exact answer"], "zh-CN": ["精确答案"] },
  number: { en: ["Number"], "zh-CN": ["数值"] },
  scoring: { en: ["Scoring"], "zh-CN": ["计分方式", "计分"] },
  fixed: { en: ["Fixed"], "zh-CN": ["固定选项"] },
  passage: { en: ["Passage"], "zh-CN": ["材料", "阅读材料"] },
  text: { en: ["Text"], "zh-CN": ["正文"] },
  longest: { en: ["Longest answer"], "zh-CN": ["字数上限"] },
  seconds: { en: ["Seconds"], "zh-CN": ["录音秒数"] },
  rubric: { en: ["Marking"], "zh-CN": ["评分标准"] },
  criterion: { en: ["Criterion"], "zh-CN": ["评分要点"] },
  explanation: { en: ["Explanation"], "zh-CN": ["解析", "答案解析"] },
  topic: { en: ["Topic"], "zh-CN": ["知识点"] },
  difficulty: { en: ["Difficulty"], "zh-CN": ["难度"] },
};

const SCORING_NAMES = {
  all: { en: ["All or none"], "zh-CN": ["全对才得分"] },
  part: { en: ["Each part"], "zh-CN": ["按部分给分"] },
} as const satisfies Record<string, Names>;

const BOOLEAN_NAMES = {
  true: { en: ["True", "T", "Right", "Yes", "√"], "zh-CN": ["正确", "对"] },
  false: { en: ["False", "F", "Wrong", "No", "×", "X"], "zh-CN": ["错误", "错"] },
} as const satisfies Record<string, Names>;

function byName<K extends string>(names: Readonly<Record<K, Names>>, keys: readonly K[]): ReadonlyMap<string, K> {
  return new Map(
    keys.flatMap((key) => WORD_LANGUAGES.flatMap((language) => names[key][language].map((name) => [folded(name), key]))),
  );
}

/** Case, width and runs of spaces do not matter. */
function folded(text: string): string {
  return text.normalize("NFKC").trim().replace(/\s+/g, " ").toLowerCase();
}

const KINDS = byName(KIND_NAMES, BLOCK_KINDS);
const LABELS_BY_NAME = byName(LABEL_NAMES, LABELS);
const SCORINGS = byName(SCORING_NAMES, ["all", "part"]);
const BOOLEANS = byName(BOOLEAN_NAMES, ["true", "false"]);

/** Numbers before it are the writer's own. A bracket with digits alone is a reference in a text. */
const BLOCK = /^(\d{1,3}\s*[.．、)）]\s*)?[[【［]\s*([^\][【】［］\n]{0,29}[^\][【】［］\n\d\s])\s*[\]】］]\s*/u;
/** The longest name first: one may begin with another. */
const ANY_LABEL = [...LABELS_BY_NAME.keys()].sort((a, b) => b.length - a.length).join("|");
const LABEL = new RegExp(
  `^(${ANY_LABEL})(?:\\s*[(（]\\s*([A-Za-z0-9][\\w.-]{0,39})\\s*[)）]|\\s+([A-Za-z0-9][\\w.-]{0,39})|(\\d{1,3}))?\\s*[:：]\\s*`,
  "iu",
);

/** @returns null: no block begins here; kind null: one of no known kind */
export function blockOf(
  text: string,
): { readonly kind: BlockKind | null; readonly isNumbered: boolean; readonly rest: string } | null {
  const found = BLOCK.exec(text);
  if (!found) return null;
  const [whole, number, name = ""] = found;
  return { kind: KINDS.get(folded(name)) ?? null, isNumbered: number !== undefined, rest: text.slice(whole.length) };
}

/** `Answer 2: Paris` is the label `answer` for `2`. */
export function labelOf(text: string): { readonly label: Label; readonly of: string | null; readonly value: string } | null {
  const found = LABEL.exec(text);
  const label = found && LABELS_BY_NAME.get(folded(found[1] ?? ""));
  if (!found || !label) return null;
  return { label, of: found[2] ?? found[3] ?? found[4] ?? null, value: text.slice(found[0].length) };
}

export function scoringOf(text: string): "all" | "part" | null {
  return SCORINGS.get(folded(text)) ?? null;
}

export function booleanOf(text: string): boolean | null {
  const found = BOOLEANS.get(folded(text));
  return found === undefined ? null : found === "true";
}

/** Writes the words of one language. */
export function wordsIn(language: WordLanguage) {
  const isChinese = language === "zh-CN";
  return {
    block: (kind: BlockKind, text: string) =>
      isChinese ? `【${KIND_NAMES[kind][language][0]}】${text}` : `[${KIND_NAMES[kind][language][0]}] ${text}`,
    line: (label: Label, value: string, of?: string) => {
      const name = LABEL_NAMES[label][language][0];
      if (isChinese) return `${name}${of === undefined ? "" : `（${of}）`}：${value}`;
      return `${name}${of === undefined ? "" : ` (${of})`}: ${value}`;
    },
    scoring: (scoring: "all" | "part") => SCORING_NAMES[scoring][language][0],
    boolean: (isTrue: boolean) => BOOLEAN_NAMES[isTrue ? "true" : "false"][language][0],
  };
}
