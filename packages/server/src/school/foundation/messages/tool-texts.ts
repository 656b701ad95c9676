/** Lists the texts of what a room refuses of its tools: the timer, picking a student, stars, the order of speakers. In English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const toolText = defineMessages("tools", {
  "no-timer": { en: "There is no timer.", zh: "没有计时器。" },
  "no-end": { en: "A stopwatch has no end that could be moved.", zh: "秒表没有结束时间，不能加时。" },
  "nobody-to-pick": { en: "No student is here to be picked.", zh: "现在没有可以抽取的学生。" },
  "no-order": { en: "No order of speakers was drawn.", zh: "还没有抽取发言顺序。" },
  "no-student": { en: "There is no such student in this lesson.", zh: "这节课没有这个学生。" },
  "too-many-stars": { en: "A student has at most {{max}} stars in a lesson.", zh: "一名学生一节课最多有 {{max}} 颗星。" },
});
