/** Lists the texts of what a room refuses of its groups, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const groupText = defineMessages("groups", {
  "no-groups": { en: "The lesson is not divided into groups.", zh: "这节课没有分组。" },
  "no-such-group": { en: "There is no such group.", zh: "没有这个小组。" },
  "not-in-group": { en: "You are in no group.", zh: "你不在任何小组中。" },
  "nobody-here": { en: "No student is here to be put into a group.", zh: "现在没有可以分组的学生。" },
  "no-student": { en: "There is no such student in this lesson.", zh: "这节课没有这个学生。" },
  "no-number": { en: "Say how many groups there are to be, or how many people in each.", zh: "请填写分成几组，或每组几人。" },
  "too-large": { en: "A group has at most {{max}} people. Make more groups.", zh: "每组最多 {{max}} 人，请增加小组数。" },
  "too-many": { en: "There are at most {{max}} groups. Make larger groups.", zh: "最多 {{max}} 个小组，请增加每组人数。" },
  full: { en: "This group is full.", zh: "这个小组已满。" },
  choose: { en: "Choose a group yourself.", zh: "请自己选择一个小组。" },
  "no-choice": { en: "Your teacher puts people into groups.", zh: "由老师安排小组。" },
  "none-before": { en: "There are no earlier groups to be kept.", zh: "没有可以沿用的上次分组。" },
});
