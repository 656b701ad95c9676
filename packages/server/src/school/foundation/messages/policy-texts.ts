/** Lists the refusal and field texts of policies and lists of addresses, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const policyText = defineMessages("policies", {
  "no-policy": { en: "There is no such policy.", zh: "没有这个访问策略。" },
  "no-target": {
    en: "There is no such school, course, lesson, stream or recording.",
    zh: "没有这所学校、课程、课时、直播流或录像。",
  },
  "target-taken": {
    en: "There is a policy for this already. Change that one.",
    zh: "这里已有访问策略，请修改已有的。",
  },
  "operators-only": {
    en: "Only operators can set policies of the installation, and of streams and recordings that belong to no school.",
    zh: "只有平台管理员可以设置整个平台的访问策略，以及不属于任何学校的直播流和录像的访问策略。",
  },
  "too-many-policies": {
    en: "There are {{max}} policies already. Delete one that is not used.",
    zh: "访问策略已达 {{max}} 个，请删除不用的。",
  },
  "policies-too-large": {
    en: "The policies of this school are too large together. Put long lists of addresses into an address list.",
    zh: "这所学校的访问策略总量过大，请将较长的地址名单放入地址列表。",
  },
  address: { en: "This is no IP address.", zh: "这不是 IP 地址。" },
  "url-or-lesson": { en: "Either an address or a lesson is needed, not both.", zh: "请填写地址或课时，二者只能选一。" },
  "no-stream-address": {
    en: "This is not the address of a stream or recording of this server.",
    zh: "这不是本服务器的直播流或录像的地址。",
  },
  "no-list": { en: "There is no such address list.", zh: "没有这个地址列表。" },
  "list-name-taken": { en: "Another address list has this name.", zh: "已有同名的地址列表。" },
  "list-in-use": {
    en: "A policy names this address list. Remove it there first.",
    zh: "有访问策略正在使用这个地址列表，请先在那里移除。",
  },
  "too-many-lists": {
    en: "There are {{max}} address lists already. Delete one that is not used.",
    zh: "地址列表已达 {{max}} 个，请删除不用的。",
  },
  "not-uploaded": {
    en: "The entries of this list come from its URL or file. Change them there.",
    zh: "这个列表的内容来自网址或文件，请在那里修改。",
  },
  "other-source": {
    en: "A list keeps its source: only one of a URL has `url` and `refreshSeconds`, and only one of a file has `file`.",
    zh: "列表的来源不能更改：只有网址列表才有 `url` 和 `refreshSeconds`，只有文件列表才有 `file`。",
  },
  "operators-name-files": { en: "Only operators can name files.", zh: "只有平台管理员可以填写文件。" },
  "file-outside": {
    en: "The file is in none of the directories of `addressLists.files`.",
    zh: "文件不在 `addressLists.files` 所列的目录中。",
  },
  "too-many-entries": {
    en: "The list has too many entries: all lists together may have {{max}}.",
    zh: "条目过多：所有列表合计最多 {{max}} 条。",
  },
  "not-a-list": {
    en: "None of the {{count}} lines is an address or a network. The first is line {{line}}.",
    zh: "{{count}} 行内容中没有一个地址或网段，第一处在第 {{line}} 行。",
  },
  "fetch-empty": { en: "The answer is empty.", zh: "应答为空。" },
  "fetch-status": { en: "The server answered with the status {{status}}.", zh: "服务器返回状态码 {{status}}。" },
  "fetch-too-large": { en: "The content is larger than {{max}} MiB.", zh: "内容超过 {{max}} MiB。" },
  "fetch-private": { en: "The address leads into a private network.", zh: "该地址指向内部网络。" },
  "fetch-redirects": {
    en: "The address leads to too many others, to no http address, or from https to http.",
    zh: "重定向次数过多、目标不是 http 地址，或从 https 转到了 http。",
  },
  "fetch-late": { en: "The content did not arrive in time.", zh: "未能在规定时间内收到内容。" },
  "fetch-failed": { en: "The server cannot be reached ({{reason}}).", zh: "无法连接服务器（{{reason}}）。" },
  "file-unreadable": { en: "The file cannot be read ({{reason}}).", zh: "无法读取文件（{{reason}}）。" },
  "secret-unreadable": {
    en: "The URL cannot be decrypted on this server. Enter it again.",
    zh: "本服务器无法解密网址，请重新填写。",
  },
  "network-or-list": {
    en: "is not an address such as 192.0.2.7, a network such as 192.0.2.0/24, or a list such as list:ID",
    zh: "应为地址（例如 192.0.2.7）、网段（例如 192.0.2.0/24）或列表（例如 list:编号）",
  },
  network: {
    en: "is not an address such as 192.0.2.7 or a network such as 192.0.2.0/24",
    zh: "应为地址（例如 192.0.2.7）或网段（例如 192.0.2.0/24）",
  },
  "unknown-list": {
    en: "names an address list that is not there, or not of this school",
    zh: "所填的地址列表不存在，或不属于这所学校",
  },
  "unknown-key": { en: "names a link key that is not there, or not of this school", zh: "所填的链接密钥不存在，或不属于这所学校" },
  domain: {
    en: "is not a domain such as school.com or *.school.com, without scheme, port and path",
    zh: "应为域名，例如 school.com 或 *.school.com，不带协议、端口和路径",
  },
  place: {
    en: "is not a place: country, province and city as the tables of places name them, separated by /",
    zh: "应为地区，例如 中国、中国/广东 或 中国/广东/深圳",
  },
  carrier: { en: "is not the name of a carrier such as telecom", zh: "应为运营商名称，例如 telecom" },
  clock: { en: "is not a time of day such as 08:30", zh: "应为时刻，例如 08:30" },
  days: { en: "names a day twice", zh: "有重复的星期" },
  key: { en: "is not the id of a link key", zh: "应为链接密钥的编号" },
  "back-end-url": {
    en: "is not an http or https address without a user, a fragment, and parameters that are secrets: put what is secret into `secret`",
    zh: "应为 http 或 https 地址，不含用户名、片段和带有密钥的参数；密钥请填入 `secret`",
  },
  "back-end-secret": { en: "has fewer than 8 or more than 256 characters", zh: "应为 8 到 256 个字符" },
  "back-end-secret-needed": {
    en: "is needed: no rule with this address had one",
    zh: "请填写：此前没有使用这个地址并带有密钥的规则",
  },
  "back-end-rules": { en: "has more than 10 rules that ask a back end", zh: "询问后端系统的规则超过 10 条" },
  large: { en: "takes more than 128 KiB as JSON", zh: "以 JSON 表示超过 128 KiB" },
  "list-url": {
    en: "is not an http or https address",
    zh: "应为 http 或 https 地址",
  },
  "list-file": { en: "is not an absolute path without ..", zh: "应为绝对路径，且不含 .." },
  "list-source": {
    en: "has what belongs to another source: a list has url and refreshSeconds, or file, or neither",
    zh: "与来源不符：应填写 url 与 refreshSeconds，或 file，或都不填",
  },
  "stream-id": {
    en: "is not APP/NAME of a stream that belongs to no lesson",
    zh: "应为不属于课时的直播流，格式为 应用/名称",
  },
});
