/**
 * Writes messages for the robots of groups, and reads their answers, as their makers document them:
 * - WeCom: https://developer.work.weixin.qq.com/document/path/91770
 * - DingTalk: https://open.dingtalk.com/document/robots/custom-robot-access and …/customize-robot-security-settings
 * - Feishu: https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot
 * - Slack: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks
 */
import { createHmac } from "node:crypto";
import { z } from "zod";
import type { GuardedAnswer } from "../../../foundation/delivery/post-guarded.ts";
import type { MessageText } from "./message-text.ts";

export type RobotKind = "wecom" | "dingtalk" | "feishu" | "slack";

export type RobotPost = { readonly url: string; readonly body: string };

/** WeCom takes 2048 bytes of text. */
const WECOM_BYTES = 2048;
/** DingTalk and Feishu take about 20 kB as a whole. */
const TEXT_BYTES = 12_000;
/** Slack: characters of a block's text. */
const SLACK_HEADER = 150;
const SLACK_SECTION = 3000;

/** @param secret of the robot; empty: messages are not signed @param now milliseconds since 1970 */
export function robotPost(kind: RobotKind, url: string, secret: string, text: MessageText, now: number): RobotPost {
  switch (kind) {
    case "wecom":
      return { url, body: JSON.stringify({ msgtype: "text", text: { content: withinBytes(plainText(text), WECOM_BYTES) } }) };
    case "dingtalk":
      return {
        url: secret === "" ? url : dingTalkUrl(url, secret, now),
        body: JSON.stringify({ msgtype: "text", text: { content: withinBytes(plainText(text), TEXT_BYTES) } }),
      };
    case "feishu":
      return { url, body: JSON.stringify({ ...(secret === "" ? {} : feishuSignature(secret, now)), ...feishuPost(text) }) };
    case "slack":
      return { url, body: JSON.stringify(slackMessage(text)) };
  }
}

/** Why the robot did not take the message; null: it did. Most answer with status 200 in both cases. */
export function robotRefusal(kind: RobotKind, { error, text }: Pick<GuardedAnswer, "error" | "text">): string | null {
  if (error !== null) return error;
  // Slack answers `ok`.
  if (kind === "slack") return null;
  const answer = robotAnswer.safeParse(parsed(text)).data;
  const code = kind === "feishu" ? (answer?.code ?? answer?.StatusCode) : answer?.errcode;
  if (code === 0) return null;
  const reason = answer?.errmsg ?? answer?.msg ?? answer?.StatusMessage ?? text;
  return code === undefined ? `no answer of a robot: ${text}`.slice(0, 300) : `${code} ${reason}`.slice(0, 300);
}

const robotAnswer = z.looseObject({
  errcode: z.number().optional(),
  errmsg: z.string().optional(),
  code: z.number().optional(),
  msg: z.string().optional(),
  StatusCode: z.number().optional(),
  StatusMessage: z.string().optional(),
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** The signature is of the time in milliseconds and the secret, under the secret. */
function dingTalkUrl(address: string, secret: string, now: number): string {
  const url = new URL(address);
  url.searchParams.set("timestamp", String(now));
  url.searchParams.set("sign", createHmac("sha256", secret).update(`${now}\n${secret}`).digest("base64"));
  return url.href;
}

/** The signature is of nothing, under the time in seconds and the secret. */
function feishuSignature(secret: string, now: number) {
  const timestamp = String(Math.floor(now / 1000));
  return { timestamp, sign: createHmac("sha256", `${timestamp}\n${secret}`).digest("base64") };
}

function feishuPost({ title, lines, url }: MessageText) {
  const text = withinBytes(lines.join("\n"), TEXT_BYTES);
  const content: unknown[] = text.split("\n").map((line) => [{ tag: "text", text: line }]);
  if (url !== "") content.push([{ tag: "a", text: url, href: url }]);
  return { msg_type: "post", content: { post: { zh_cn: { title, content } } } };
}

function slackMessage({ title, lines, url }: MessageText) {
  const text = [...lines, ...(url === "" ? [] : [url])].map(slackText).join("\n");
  return {
    text: slackText(title),
    blocks: [
      { type: "header", text: { type: "plain_text", text: title.slice(0, SLACK_HEADER) } },
      { type: "section", text: { type: "mrkdwn", text: text.slice(0, SLACK_SECTION) } },
    ],
  };
}

/** What people write is no markup: `<!channel>` would call a whole company. */
function slackText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** WeCom takes `<@id>` in a text as a mention, which a lesson's title could have. */
function plainText({ title, lines, url }: MessageText): string {
  return [title, ...lines, ...(url === "" ? [] : [url])].join("\n").replaceAll("<", "＜");
}

/** The beginning of a text, in whole characters of UTF-8. */
function withinBytes(text: string, limit: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= limit) return text;
  const ellipsis = Buffer.byteLength("…");
  let end = limit - ellipsis;
  // Bytes 10xxxxxx continue a character.
  while (end > 0 && ((bytes[end] ?? 0) & 0xc0) === 0x80) end--;
  return `${bytes.toString("utf8", 0, end)}…`;
}
