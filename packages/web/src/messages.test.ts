import assert from "node:assert/strict";
import { test } from "node:test";
import { DRAWING_MESSAGES } from "./board/drawing/messages.ts";
import { BOARD_MESSAGES } from "./board/messages.ts";
import { TEACHER_BOARD_MESSAGES } from "./board/teacher/messages.ts";
import { CHECK_IN_MESSAGES } from "./check-in/messages.ts";
import { CLASS_MESSAGES } from "./class/messages.ts";
import { GROUP_MESSAGES } from "./class/room/groups/messages.ts";
import { ROOM_MESSAGES } from "./class/room/messages.ts";
import { REPLAY_MESSAGES } from "./class/room/replay/messages.ts";
import { CONSOLE_MESSAGES } from "./console/messages/messages.ts";
import { CONSOLE_PAGE_MESSAGES } from "./console/messages/pages.ts";
import { EXAM_MESSAGES } from "./exam/messages.ts";
import { PRINT_MESSAGES } from "./exam/print/messages.ts";
import { SECTION_MESSAGES } from "./exam/sections/messages.ts";
import { WATCHED_MESSAGES } from "./exam/supervision/messages.ts";
import { LTI_MESSAGES } from "./lti/messages.ts";
import { NOT_FOUND_MESSAGES } from "./not-found/messages.ts";
import { OFFLINE_MESSAGES } from "./offline/messages.ts";
import { RESET_MESSAGES } from "./reset/messages.ts";
import { SIGN_ON_MESSAGES } from "./sign-on/messages.ts";
import { STAGE_MESSAGES } from "./stage/messages.ts";
import { START_MESSAGES } from "./start/messages.ts";
import { STUDIO_MESSAGES } from "./studio/messages.ts";
import { DIVISION_MESSAGES } from "./studio/room/groups/messages.ts";
import { SUPERVISION_MESSAGES } from "./supervision/messages.ts";
import { translator } from "./texts/translator.ts";
import { TOOL_MESSAGES } from "./tools/messages.ts";
import { WATCH_MESSAGES } from "./watch/messages.ts";

const OF_BOARDS = [BOARD_MESSAGES, DRAWING_MESSAGES, TEACHER_BOARD_MESSAGES];

type Catalogue = { readonly en: object; readonly "zh-CN": object };

/** The messages of each page. That its code asks for these and no others is checked by `script/house-rules/page-texts.ts`. */
const PAGES: readonly { readonly page: string; readonly messages: Catalogue }[] = [
  {
    page: "class",
    messages: merged(CLASS_MESSAGES, GROUP_MESSAGES, ROOM_MESSAGES, REPLAY_MESSAGES, STAGE_MESSAGES, TOOL_MESSAGES, ...OF_BOARDS),
  },
  {
    page: "studio",
    messages: merged(STUDIO_MESSAGES, DIVISION_MESSAGES, STAGE_MESSAGES, TOOL_MESSAGES, ...OF_BOARDS),
  },
  {
    page: "console",
    messages: merged(CONSOLE_MESSAGES, CONSOLE_PAGE_MESSAGES),
  },
  { page: "not-found", messages: NOT_FOUND_MESSAGES },
  {
    page: "watch",
    messages: merged(WATCH_MESSAGES, ROOM_MESSAGES, REPLAY_MESSAGES, TOOL_MESSAGES, ...OF_BOARDS),
  },
  { page: "check-in", messages: CHECK_IN_MESSAGES },
  { page: "exam", messages: merged(EXAM_MESSAGES, PRINT_MESSAGES, SECTION_MESSAGES, WATCHED_MESSAGES) },
  { page: "supervision", messages: SUPERVISION_MESSAGES },
  { page: "lti", messages: LTI_MESSAGES },
  { page: "sign-on", messages: SIGN_ON_MESSAGES },
  { page: "reset", messages: RESET_MESSAGES },
  { page: "start", messages: START_MESSAGES },
  { page: "offline", messages: OFFLINE_MESSAGES },
];
const LANGUAGES = ["en", "zh-CN"] as const;
/** Texts that are the same in every language. */
const UNTRANSLATED = [
  "exams.formats.gift",
  "exams.formats.moodle",
  "exams.formats.qti",
  "exams.formats.word",
  ...["auditWords.entry", "nodes.line"],
  ...["inTimeZone", "nav.webhooks", "rules.sentence.whole", "said"],
  ...["csvColumns.questionBank", "imports.sample.people", "imports.sample.timetable"],
];
const PLURAL = /_(?:zero|one|two|few|many|other)$/;

/** Of a page that loads some of its texts later. */
function merged(...catalogues: readonly Catalogue[]): Catalogue {
  const of = (language: keyof Catalogue) => Object.assign({}, ...catalogues.map((one) => one[language])) as object;
  return { en: of("en"), "zh-CN": of("zh-CN") };
}

function flatten(node: object, prefix = ""): [key: string, text: string][] {
  return Object.entries(node).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" ? [[prefix + name, value]] : flatten(value, `${prefix}${name}.`),
  );
}

function parameters(text: string): string[] {
  return [...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name = ""]) => name).sort();
}

for (const { page, messages } of PAGES) {
  const [en, zh] = [flatten(messages.en), flatten(messages["zh-CN"])];

  test(`${page}: both languages have the same keys, none empty, with the same parameters`, () => {
    assert.deepEqual(
      en.map(([key]) => key),
      zh.map(([key]) => key),
    );
    const chinese = new Map(zh);
    for (const [key, text] of en) {
      const translated = chinese.get(key) ?? "";
      assert.ok(text.trim() !== "" && translated.trim() !== "", key);
      assert.deepEqual(parameters(translated), parameters(text), key);
    }
  });

  test(`${page}: Chinese texts are Chinese, with Chinese punctuation`, () => {
    for (const [key, text] of zh) {
      if (UNTRANSLATED.includes(key)) continue;
      assert.match(text, /\p{Script=Han}/u, key);
      assert.doesNotMatch(text, /\p{Script=Han}[,.:;?!]|\.\.\./u, key);
    }
  });

  test(`${page}: a plural has the forms of English, and both languages resolve every count`, () => {
    const plurals = en.filter(([key]) => PLURAL.test(key)).map(([key]) => key);
    const bases = new Set(plurals.map((key) => key.replace(PLURAL, "")));
    assert.deepEqual(plurals.toSorted(), [...bases].flatMap((base) => [`${base}_one`, `${base}_other`]).toSorted());
    for (const language of LANGUAGES) {
      const { t } = translator(language, [messages]);
      for (const base of bases)
        for (const count of [0, 1, 2, 5, 21]) assert.match(t(base, { count }), new RegExp(`\\b${count}\\b`), base);
    }
  });
}
