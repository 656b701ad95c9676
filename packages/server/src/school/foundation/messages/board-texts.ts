/** Lists the texts of what the board of a lesson refuses, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const boardText = defineMessages("board", {
  pages: {
    en: "A lesson has at most {{max}} pages. Close some that are not needed.",
    zh: "一节课最多 {{max}} 页，请先关闭不需要的页面。",
  },
  pens: { en: "At most {{max}} people have a pen. Take one back first.", zh: "最多 {{max}} 人可以板书，请先收回一支笔。" },
  "no-board": { en: "This lesson has shown no slides and no board.", zh: "这节课没有展示过课件或板书。" },
  "no-earlier-lesson": {
    en: "There is no such earlier lesson that you teach or assist in.",
    zh: "没有这节课，或您不是这节课的老师或助教。",
  },
  "earlier-too-large": {
    en: "The board of that lesson has more writing than can be taken over. Close some of its pages there first.",
    zh: "那节课的板书内容过多，无法全部带入，请先在那节课中关闭部分页面。",
  },
  "pdf-busy": { en: "Other files are being made. Try again in half a minute.", zh: "正在生成其他文件，请半分钟后再试。" },
  "everybody-small": {
    en: "Everybody draws only in a small lesson. Give pens to single people here.",
    zh: "只有小班课可以让所有人板书，这里请指定学生。",
  },
});
