/** Error texts of single fields, in English and Chinese. Schemas name them by their keys. */
import { defineMessages } from "../../platform/messages/message.ts";

export const fieldText = defineMessages("field", {
  id: { en: "is not an id", zh: "不是编号" },
  instant: { en: "is a time such as 2026-11-20T09:00:00+08:00", zh: "应为时间，例如 2026-11-20T09:00:00+08:00" },
  "instant-range": { en: "is not between the years 1970 and 9999", zh: "不在 1970 年至 9999 年之间" },
  "one-line": { en: "has line breaks, control characters or changes of direction", zh: "含有换行、控制字符或文字方向控制符" },
  "field-key": {
    en: "has 1 to 31 small letters, digits and _, and begins with a letter",
    zh: "由 1 到 31 个小写字母、数字和 _ 组成，以字母开头",
  },
  "options-needed": { en: "has at least two options", zh: "至少需要两个选项" },
  "unknown-field": { en: "is no field of the form", zh: "表单没有这个字段" },
  "not-this-kind": { en: "is not what the field takes", zh: "与该字段的类型不符" },
  empty: { en: "is empty", zh: "不能为空" },
  "empty-file": { en: "is 0: the file is empty", zh: "为 0：文件是空的" },
  "too-long": { en: "is longer than {{maximum}} characters", zh: "超过 {{maximum}} 个字符" },
  "password-short": { en: "has at least {{minimum}} characters", zh: "至少 {{minimum}} 个字符" },
  "password-long": { en: "has at most {{maximum}} characters", zh: "最多 {{maximum}} 个字符" },
  "password-common": {
    en: "is one of the passwords that are guessed first. Choose another one",
    zh: "太常见，容易被猜到，请换一个",
  },
  "guest-name-of-staff": { en: "belongs to staff of the lesson, or looks as if it did", zh: "与授课人员相同，或容易与其混淆" },
  "password-own-name": { en: "is the login or the name", zh: "与账号或姓名相同" },
  login: { en: "has 1 to 100 letters, digits and . _ @ + - ·", zh: "由 1 到 100 个字母、数字和 . _ @ + - · 组成" },
  colour: { en: "is a colour such as #0b6b7f", zh: "须为 #0b6b7f 这样的颜色" },
  slug: { en: "has 1 to 40 small letters, digits and -", zh: "由 1 到 40 个小写字母、数字和 - 组成" },
  mail: { en: "is not a mail address", zh: "不是邮箱地址" },
  "link-secret": { en: "has 6 to 256 characters", zh: "由 6 到 256 个字符组成" },
  "time-zone": { en: "is not a time zone such as Asia/Shanghai", zh: "不是时区，例如 Asia/Shanghai" },
  "external-id": { en: "has 1 to 200 characters, and no control characters", zh: "由 1 到 200 个字符组成，不能有控制字符" },
  "one-of": { en: "is one of {{values}}", zh: "应为 {{values}} 之一" },
  "ends-before-start": { en: "is not after startsAt", zh: "不晚于开始时间" },
  "to-before-from": { en: "is not after from", zh: "不晚于开始时间" },
  issuer: { en: "is not the http or https address of an issuer, without a query", zh: "应为不带参数的 http 或 https 地址" },
  "web-address": { en: "is not an http or https address", zh: "应为 http 或 https 地址" },
  origin: {
    en: "is not an origin such as https://school.example, without a path",
    zh: "应为来源，例如 https://school.example，不带路径",
  },
  deployments: { en: "names no deployment", zh: "至少要有一个部署" },
  "one-choice": { en: "names one of lessonId, recordingId and title", zh: "lessonId、recordingId、title 三者选一" },
  "openid-scopes": { en: "begins with openid, and has scopes separated by spaces", zh: "以 openid 开头，各项以空格分隔" },
  "stream-name": { en: "has 1 to 128 letters, digits, - and _", zh: "由 1 到 128 个字母、数字、- 和 _ 组成" },
  "lesson-name": {
    en: "begins as the stream of a lesson does: name the lesson by lessonId",
    zh: "与课程的流名相同，请用 lessonId 指定课程",
  },
  "one-stream": { en: "names one of lessonId and name", zh: "lessonId 与 name 二者选一" },
  "source-address": {
    en: "is not an address such as rtmp://host/app/name, https://host/live.m3u8, srt://host:9000 or rtsp://camera/stream",
    zh: "应为地址，例如 rtmp://host/app/name、https://host/live.m3u8、srt://host:9000 或 rtsp://camera/stream",
  },
  "forward-address": {
    en: "is not an address such as rtmps://host/app/key or srt://host:9000, to which this server connects",
    zh: "应为本服务器所连接的地址，例如 rtmps://host/app/key 或 srt://host:9000",
  },
  "covered-address": {
    en: "has *** where its secret was, and is not as it was shown. Enter it completely",
    zh: "其中的密钥已被 *** 代替，而地址有改动，请完整填写",
  },
  ladder: {
    en: "is none of none, mobile, full, data-saver and audio, nor the id of a ladder",
    zh: "应为 none、mobile、full、data-saver、audio 之一，或自定义梯度的编号",
  },
  "rung-name": {
    en: "has 1 to 16 small letters and digits, and is not aac, opus or rtc",
    zh: "由 1 到 16 个小写字母和数字组成，且不是 aac、opus 或 rtc",
  },
  "rung-names": { en: "has two rungs of one name", zh: "有两个档位同名" },
  "too-many-roles": { en: "names more than 500 values", zh: "超过 500 项" },
});
