/** Lists the refusal and field texts of moderation, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const moderationText = defineMessages("moderation", {
  "no-entry": { en: "There is no such line, or it was deleted.", zh: "没有这条消息，或已被删除。" },
  "not-deleted": { en: "This line is not deleted.", zh: "这条消息没有被删除。" },
  "private-line": { en: "A private line cannot be pinned.", zh: "私下消息不能置顶。" },
  "not-pinned": { en: "This line is not pinned.", zh: "这条消息没有置顶。" },
  "not-muted": { en: "This person is not muted.", zh: "此人没有被禁言。" },
  "staff-not-muted": { en: "Staff of the lesson cannot be muted.", zh: "授课人员不能被禁言。" },
  "too-many-mutes": {
    en: "{{max}} people are muted already. Unmute some, or let only teachers write.",
    zh: "已有 {{max}} 人被禁言，请解除一部分，或改为仅老师可发言。",
  },
  "not-held": { en: "This text is not held, or it was decided already.", zh: "这条内容不在待审核之列，或已处理。" },
  "no-word-list": { en: "There is no such word list.", zh: "没有这个词库。" },
  "word-list-name-taken": { en: "Another word list has this name.", zh: "已有同名的词库。" },
  "too-many-word-lists": {
    en: "There are {{max}} word lists already. Delete one that is not used.",
    zh: "词库已达 {{max}} 个，请删除不用的。",
  },
  "too-many-words": {
    en: "All word lists of a school together may have {{max}} words.",
    zh: "一所学校的所有词库合计最多 {{max}} 个词。",
  },
  "words-too-large": {
    en: "All word lists of a school together may have {{max}} characters.",
    zh: "一所学校的所有词库合计最多 {{max}} 个字符。",
  },
  "long-word": { en: "has a line of more than 100 characters", zh: "有一行超过 100 个字符" },
  "no-content-check": { en: "There is no such content check.", zh: "没有这个内容审核。" },
  "content-check-taken": {
    en: "The school has a check of this kind already. Change that one.",
    zh: "学校已有这类内容审核，请修改已有的。",
  },
});
