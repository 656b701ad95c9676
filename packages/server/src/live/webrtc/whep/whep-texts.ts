/** Lists the refusal texts of WHEP, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const whepText = defineMessages("whep", {
  full: {
    en: "This server has no room for more viewers in real time. Watch at {{flv}} or {{hls}}.",
    zh: "本服务器的实时观看人数已满，请改用 {{flv}} 或 {{hls}} 观看。",
  },
  "not-in-webrtc": {
    en: "This stream cannot be watched in real time. Watch at {{flv}} or {{hls}}.",
    zh: "这路流不支持实时观看，请改用 {{flv}} 或 {{hls}} 观看。",
  },
  "not-made-yet": {
    en: "This stream is being converted for real time. Try again in a moment, or watch at {{flv}} or {{hls}}.",
    zh: "这路流正在转换为实时格式，请稍后再试，或改用 {{flv}} 或 {{hls}} 观看。",
  },
  "no-room-to-make": {
    en: "The server cannot convert this stream for real time at the moment. Watch at {{flv}} or {{hls}}.",
    zh: "服务器目前无法将这路流转换为实时格式，请改用 {{flv}} 或 {{hls}} 观看。",
  },
  "nothing-taken": {
    en: "The session description takes none of what this stream has.",
    zh: "会话描述未接收这路流所含的声音或画面。",
  },
});
