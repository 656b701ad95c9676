/** Defines why a part of a resumable upload is refused, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const uploadText = defineMessages("upload", {
  "no-offset": { en: "A part of an upload needs the header Upload-Offset.", zh: "上传分片时必须带有 Upload-Offset 头。" },
  "wrong-offset": {
    en: "The upload is at byte {{offset}}. Go on from there.",
    zh: "上传已进行到第 {{offset}} 字节，请从该处继续。",
  },
  "uploaded-already": { en: "The file has been uploaded already.", zh: "文件已上传完成。" },
  "too-much": { en: "The part goes beyond the end of the file.", zh: "分片超出了文件的大小。" },
  "too-small-parts": {
    en: "The upload came in too many small parts. Delete it, and send larger ones.",
    zh: "上传的分片太小、太多，请删除后用更大的分片重新上传。",
  },
  none: { en: "There is no such upload. It may have expired: begin a new one.", zh: "没有这个上传，可能已过期，请重新开始。" },
  "too-many-open": {
    en: "{{max}} uploads of lists are not finished. Finish or delete some first.",
    zh: "已有 {{max}} 个列表未上传完，请先完成或删除一些。",
  },
});
