/** Lists the refusal texts about load tests, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const loadTestText = defineMessages("load-test", {
  "wrong-secret": {
    en: "This is not the `load.secret` of this server.",
    zh: "这不是本服务器的 load.secret。",
  },
  "too-many-people": {
    en: "A load test of this server has at most {{max}} people (`load.maxPeople`), and this one has {{count}}.",
    zh: "本服务器的压力测试最多 {{max}} 人（load.maxPeople），本次计划为 {{count}} 人。",
  },
  "too-many-lessons": {
    en: "A load test of this server has at most {{max}} lessons and examinations (`load.maxLessons`), and this one has {{count}}.",
    zh: "本服务器的压力测试最多 {{max}} 节课和考试（load.maxLessons），本次计划为 {{count}} 个。",
  },
  "too-long": {
    en: "A load test of this server lasts at most {{max}} minutes (`load.maxMinutes`), and this one lasts {{count}}.",
    zh: "本服务器的压力测试最长 {{max}} 分钟（load.maxMinutes），本次计划为 {{count}} 分钟。",
  },
  "one-at-a-time": {
    en: "Another load test of this server has not ended. End it with `lectern load --clean`, or wait.",
    zh: "本服务器上另一项压力测试尚未结束，请用 lectern load --clean 结束它，或稍候再试。",
  },
});
