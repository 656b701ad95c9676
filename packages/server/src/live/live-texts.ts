/** Refusal texts of the doors of live media, in English and Chinese. */
import { defineMessages } from "../platform/messages/message.ts";

export const liveText = defineMessages("live", {
  "stream-name": {
    en: "A stream's name has 1 to 128 letters, digits, - and _.",
    zh: "流名称由 1 到 128 个字母、数字、- 和 _ 组成。",
  },
  "no-such-app": { en: 'There is no application "{{app}}" here.', zh: "这里没有应用 “{{app}}”。" },
  "stills-busy": { en: "Too many pictures are requested at the moment.", zh: "目前请求画面的人较多。" },
  "no-video": { en: "This stream has no video.", zh: "这路流没有画面。" },
  "streams-full": { en: "This server cannot take more streams at the moment.", zh: "目前无法接收更多的流。" },
  directives: { en: "These delivery directives are not valid.", zh: "这些播放列表参数无效。" },
  "too-far-ahead": { en: "The request is too far ahead of the live stream.", zh: "请求的内容超前于直播太多。" },
  "not-kept": { en: "This part of the stream is not kept any more, or never existed.", zh: "这部分内容已不再保留，或从未存在。" },
});
