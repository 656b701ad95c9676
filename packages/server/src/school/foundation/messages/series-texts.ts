/** Lists the refusal texts of series of lessons and of terms and holidays, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const seriesText = defineMessages("series", {
  "no-series": { en: "There is no such series of lessons.", zh: "没有这个重复课程。" },
  "too-many-series": {
    en: "The school has {{max}} series of lessons already. Delete those that are over.",
    zh: "重复课程已达 {{max}} 个，请删除已结束的。",
  },
  "no-lesson-on": { en: "The series has no lesson on {{date}}.", zh: "这个重复课程在 {{date}} 没有课。" },
  "no-lessons": {
    en: "The series has no lesson: no chosen day is between the first and the last day, or all of them are holidays.",
    zh: "没有可安排的课：起止日期之间没有所选的星期，或全部为假期。",
  },
  "no-entry": { en: "There is no such term or holiday.", zh: "没有这个学期或假期。" },
  "entry-ends-before": { en: "`endsOn` must not be before `startsOn`.", zh: "结束日期不能早于开始日期。" },
  "too-many-entries": {
    en: "The school has {{max}} terms and holidays already. Delete those that are over.",
    zh: "学期和假期已达 {{max}} 个，请删除已过去的。",
  },
});
