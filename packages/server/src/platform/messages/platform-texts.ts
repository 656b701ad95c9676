/** Lists the refusal texts for requests that the API server cannot read, in English and Chinese. */
import { defineMessages } from "./message.ts";

export const platformText = defineMessages("platform", {
  "unknown-field": { en: "there is no such field", zh: "没有这个字段" },
  "in-path": { en: "path", zh: "路径" },
  "in-query": { en: "query", zh: "查询参数" },
  "in-body": { en: "body", zh: "请求内容" },
  mistake: { en: "{{where}}: {{mistake}}", zh: "{{where}}：{{mistake}}" },
  "field-mistake": { en: "{{where}} {{field}}: {{mistake}}", zh: "{{where}} {{field}}：{{mistake}}" },
  "bad-text": {
    en: "has characters that are no text, or more than 32 levels",
    zh: "含有无效字符，或嵌套超过 32 层",
  },
  unstorable: { en: "A value is out of the range that can be stored.", zh: "有的值超出了可保存的范围。" },
  "deleted-meanwhile": {
    en: "Something that this request names was deleted at the same moment. Reload it and try again.",
    zh: "请求所涉及的内容刚刚被删除，请刷新后重试。",
  },
  "bad-host": { en: "The Host header is not a host name or address.", zh: "Host 请求头不是主机名或地址。" },
  "http-version": { en: "The request line must end with HTTP/1.1 or HTTP/1.0.", zh: "请求行应以 HTTP/1.1 或 HTTP/1.0 结尾。" },
  "several-hosts": { en: "A request has one Host header.", zh: "请求只能有一个 Host 请求头。" },
  "transfer-coding": {
    en: "Of transfer codings, only chunked is taken. Compress the content, and say so in Content-Encoding.",
    zh: "传输编码只支持 chunked。如需压缩内容，请使用 Content-Encoding。",
  },
  "not-http": { en: "What was sent is no request of HTTP/1.1.", zh: "发送的内容不是 HTTP/1.1 请求。" },
  "no-body": { en: "This request takes no body.", zh: "这个请求不带内容。" },
  "body-incomplete": { en: "The connection ended before the whole request had arrived.", zh: "请求尚未完整到达，连接就已断开。" },
  "body-type": {
    en: "The body must be {{type}}; say so in Content-Type.",
    zh: "内容类型应为 {{type}}，请在 Content-Type 中注明。",
  },
  "if-match": {
    en: 'If-Match must be the ETag of an earlier response, such as "v3".',
    zh: 'If-Match 应为之前返回的 ETag，例如 "v3"。',
  },
  "idempotency-key": {
    en: "Idempotency-Key must have 1 to {{max}} characters.",
    zh: "Idempotency-Key 应为 1 到 {{max}} 个字符。",
  },
  unreadable: { en: "{{reason}}", zh: "请求内容有误。（{{reason}}）" },
  "not-a-network": {
    en: "is not an address or a network such as 10.0.0.0/8",
    zh: "不是地址或网络，例如 10.0.0.0/8",
  },
  "not-a-web-address": { en: "is not an http or https address", zh: "不是 http 或 https 地址" },
});
