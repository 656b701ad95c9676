/** Lists the refusal texts of teaching materials, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const materialText = defineMessages("material", {
  "no-material": { en: "There is no such material.", zh: "没有这份资料。" },
  "no-page": { en: "The material has no such page.", zh: "这份资料没有这一页。" },
  "too-large": { en: "A file has at most {{max}} MB.", zh: "单个文件最大 {{max}} MB。" },
  "too-many": {
    en: "A school has at most {{max}} materials. Delete some first.",
    zh: "每所学校最多 {{max}} 份资料，请先删除一些。",
  },
  "too-many-open": {
    en: "You have {{max}} uploads that are not finished. Finish or delete some first.",
    zh: "您有 {{max}} 个未完成的上传，请先完成或删除一些。",
  },
  "cannot-retry": { en: "Only a material that failed can be tried again.", zh: "只有转换失败的资料才能重试。" },
  "upload-again": {
    en: "The server has lost the file. Delete the material and upload it again.",
    zh: "文件已丢失，请删除后重新上传。",
  },
  "not-ready": { en: "The material has no pages yet.", zh: "资料的页面尚未就绪。" },
  "too-many-in-lesson": { en: "A lesson has at most {{max}} materials.", zh: "一节课最多 {{max}} 份资料。" },
});
