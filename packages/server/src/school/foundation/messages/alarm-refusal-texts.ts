/** Lists the refusal and field texts of alarms, in English and Chinese. */
import { defineMessages } from "../../../platform/messages/message.ts";

export const alarmText = defineMessages("alarm", {
  "no-alarm": { en: "There is no such alarm.", zh: "没有这条告警。" },
  "no-rule": { en: "There is no such alarm rule.", zh: "没有这条告警规则。" },
  "no-channel": { en: "There is no such alarm channel.", zh: "没有这个告警渠道。" },
  "default-rule-stays": {
    en: "The server's own rules cannot be deleted. Disable the rule.",
    zh: "系统自带的规则不能删除，可以停用。",
  },
  "too-many-rules": {
    en: "There are {{max}} alarm rules already. Delete one that is not used.",
    zh: "告警规则已达 {{max}} 条，请删除不用的。",
  },
  "too-many-channels": {
    en: "There are {{max}} alarm channels already. Delete one that is not used.",
    zh: "告警渠道已达 {{max}} 个，请删除不用的。",
  },
  "clear-side": {
    en: "is not on the good side of the threshold: the alarm would never end",
    zh: "不在阈值正常的一侧，告警将无法恢复",
  },
  metric: { en: "has 1 to 60 letters, digits, - and _", zh: "由 1 到 60 个字母、数字、- 和 _ 组成" },
  "mail-addresses": {
    en: "is not a list of 1 to 10 mail addresses with spaces between",
    zh: "应为 1 到 10 个邮箱地址，用空格分隔",
  },
  "secret-needed": { en: "is needed for a webhook: 16 to 256 characters", zh: "Webhook 必须填写密钥：16 到 256 个字符" },
});
