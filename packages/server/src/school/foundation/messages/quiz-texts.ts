/** Lists the refusal texts of quizzes and of the question bank, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const quizText = defineMessages("quiz", {
  "staff-only": { en: "Only teachers and assistants of this lesson can do this.", zh: "只有这节课的老师和助教可以这样做。" },
  "staff-do-not-answer": {
    en: "Teachers and assistants of the lesson do not answer quizzes.",
    zh: "这节课的老师和助教不参加测验。",
  },
  "no-quiz": { en: "There is no such quiz in this lesson.", zh: "这节课没有这道题。" },
  "no-bank-item": { en: "There is no such question in the question bank.", zh: "题库中没有这道题。" },
  "no-question": { en: "A quiz needs a type, or a question of the bank.", zh: "请选择题型，或从题库选题。" },
  "too-many-quizzes": {
    en: "A lesson has at most {{max}} quizzes. Remove some first.",
    zh: "一节课最多 {{max}} 道题，请先删除一些。",
  },
  "too-few-options": { en: "A choice needs at least two options.", zh: "选择题至少需要两个选项。" },
  "same-options": { en: "Two options are the same.", zh: "有两个选项相同。" },
  "options-not-taken": { en: "Only single and multiple choice have options.", zh: "只有单选题和多选题才有选项。" },
  "correct-does-not-fit": { en: "`correct` does not fit the type of the question.", zh: "正确答案与题型不符。" },
  "choice-does-not-fit": { en: "The answer does not fit the question.", zh: "答案与题型不符。" },
  "still-open": { en: "The quiz is open. Close it first.", zh: "测验尚未结束，请先结束。" },
  "too-many-items": { en: "The question bank has at most {{max}} questions.", zh: "题库最多 {{max}} 道题。" },
  "bank-of-course": {
    en: "Only teachers and assistants of this course can change its questions.",
    zh: "只有这门课程的老师和助教可以修改其题目。",
  },
  "type-cell": {
    en: "is one of single, multiple, boolean, number, text",
    zh: "应为 single、multiple、boolean、number、text（单选、多选、判断、数字、简答）之一",
  },
  "correct-cell": {
    en: "does not fit the type: letters or numbers of options (A|C), true or false, a number, or texts (a|b)",
    zh: "与题型不符：选项的字母或序号（A|C）、对或错、数字、或文字（甲|乙）",
  },
  "cell-length": { en: "is empty or too long", zh: "为空或过长" },
  "number-cell": { en: "is not a number, or not one that is allowed here", zh: "不是数字，或超出允许的范围" },
  "file-mistakes": {
    en: {
      one: "The file has {{count}} mistake; nothing was imported.",
      other: "The file has {{count}} mistakes; nothing was imported.",
    },
    zh: "文件有 {{count}} 处错误，没有导入任何题目。",
  },
  "file-too-large": { en: "The file is larger than {{max}} bytes. Split it.", zh: "文件超过 {{max}} 字节，请拆分。" },
  "bad-encoding": { en: "The file is neither UTF-8 nor GBK.", zh: "文件既不是 UTF-8 也不是 GBK 编码。" },
});
