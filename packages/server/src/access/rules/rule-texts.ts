/** Lists the refusal texts of the access rules, in English and Chinese. */
import { defineMessages } from "../../platform/messages/message.ts";

export const ruleText = defineMessages("access", {
  "publish-key-needed": {
    en: "A publish key is required: put ?key=KEY behind the stream's name.",
    zh: "需要推流密钥：在流名称后加上 ?key=密钥。",
  },
  "member-key-expired": {
    en: "The key has expired. The lesson's room gives a new one while you may speak.",
    zh: "密钥已过期。在你可以发言期间，课堂会提供新的密钥。",
  },
  "link-needed": { en: "This stream requires a link that was given to you.", zh: "观看这路流需要老师给你的链接。" },
  "link-of-stills": {
    en: "This link opens the still image only.",
    zh: "这个链接只能打开静态画面。",
  },
  "link-of-other-address": {
    en: "This link was made for another connection. Ask for a new one.",
    zh: "这个链接是为另一个连接生成的，请重新索取。",
  },
  "link-unbound": {
    en: "This stream needs a link that was made for your connection alone.",
    zh: "观看这路流需要只为您的连接生成的链接。",
  },
  encrypted: {
    en: "It is encrypted, and can be watched by HLS only.",
    zh: "内容已加密，只能通过 HLS 观看。",
  },
  address: { en: "It is not open to your network address.", zh: "您的网络地址不能访问。" },
  referer: { en: "It cannot be opened from this page.", zh: "不能从这个页面打开。" },
  "user-agent": { en: "It is not open to this program.", zh: "不能用这个程序打开。" },
  region: { en: "Not available in your region.", zh: "您所在的地区不能访问。" },
  carrier: { en: "It is not open to your network provider.", zh: "您的网络运营商不能访问。" },
  "viewers-most": { en: "It has as many viewers as it may have. Try again later.", zh: "观看人数已达上限，请稍后再试。" },
  "other-device": { en: "It is being watched on another device with this link.", zh: "这个链接正在另一台设备上观看。" },
  unmarked: {
    en: "It is shown with a watermark, and can only be downloaded with it: choose Download.",
    zh: "该录像带有水印，只能下载带水印的文件，请点击“下载”。",
  },
  time: { en: "It is closed at this time.", zh: "现在不在开放时间内。" },
});
