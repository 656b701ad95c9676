/** Lists the refusal and field texts of the service's protection, and of limits per person, code and address, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const protectionText = defineMessages("protection", {
  "no-exemption": { en: "There is no such exemption.", zh: "没有这条豁免。" },
  "exemption-taken": { en: "This address, network or list is exempt already.", zh: "这个地址、网段或名单已被豁免。" },
  "too-many-exemptions": {
    en: "There are {{max}} exemptions already. Remove one, or put the addresses into an address list.",
    zh: "豁免已达 {{max}} 条。请移除不用的，或将地址放入地址名单。",
  },
  "unknown-list": {
    en: "names an address list that is not there, or is a school's",
    zh: "所填的地址名单不存在，或属于某所学校",
  },
  "in-past": { en: "is in the past", zh: "不能早于现在" },
  "list-exempt": {
    en: "An exemption from the protection names this address list. Remove the exemption first.",
    zh: "有一条防护豁免正在使用这个地址名单，请先移除该豁免。",
  },
  "no-degradation": { en: "This is not turned off, or no longer.", zh: "此项未被关闭，或已恢复。" },
  "too-many-degradations": {
    en: "{{max}} things are turned off already. Turn one on again first.",
    zh: "已关闭 {{max}} 项，请先恢复其中一项。",
  },
  "school-or-lesson": { en: "names a school and a lesson: name one of them", zh: "不能同时指定学校和课堂" },
  "not-of-lesson": { en: "cannot be turned off for one lesson", zh: "不能只为一节课关闭" },
  "not-of-school": { en: "can be turned off for everybody only", zh: "只能为所有人关闭" },
  "no-lesson": { en: "There is no such lesson.", zh: "没有这节课。" },
  "no-school": { en: "There is no such school.", zh: "没有这所学校。" },
  busy: {
    en: "The server is very busy, and lets in nobody new at this moment. Try again in a minute.",
    zh: "服务器繁忙，暂时不能进入新的人，请一分钟后再试。",
  },
  "person-requests": {
    en: "You have sent too many requests in a short time. Wait a moment.",
    zh: "你在短时间内发送的请求太多，请稍等片刻。",
  },
  "person-joins": {
    en: "You have joined too often in a short time. Wait a moment.",
    zh: "你在短时间内加入的次数太多，请稍等片刻。",
  },
  "code-joins": {
    en: "Too many people are joining this lesson at the same moment. Wait a moment.",
    zh: "此刻加入这节课的人太多，请稍等片刻。",
  },
  "address-joins": {
    en: "Too many people are joining from your address at the same moment. Wait a moment.",
    zh: "此刻从你所在地址加入的人太多，请稍等片刻。",
  },
  "hour-person": {
    en: {
      one: "You have done this too often in the last hour. Try again in {{count}} minute.",
      other: "You have done this too often in the last hour. Try again in {{count}} minutes.",
    },
    zh: "你在一小时内的操作次数太多，请在 {{count}} 分钟后再试。",
  },
  "hour-address": {
    en: {
      one: "This was done too often from your address in the last hour. Try again in {{count}} minute.",
      other: "This was done too often from your address in the last hour. Try again in {{count}} minutes.",
    },
    zh: "你所在地址在一小时内的操作次数太多，请在 {{count}} 分钟后再试。",
  },
  "hour-recipient": {
    en: {
      one: "This person was sent too much in the last hour. Try again in {{count}} minute.",
      other: "This person was sent too much in the last hour. Try again in {{count}} minutes.",
    },
    zh: "此人在一小时内收到的邮件或邀请太多，请在 {{count}} 分钟后再试。",
  },
});
