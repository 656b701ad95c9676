/** The names of carriers that the server knows by a word (`platform/places/carriers.ts` there). */

const en = {
  telecom: "China Telecom",
  unicom: "China Unicom",
  mobile: "China Mobile",
  education: "CERNET (education)",
  broadcast: "China Broadnet",
};

const zh: typeof en = {
  telecom: "中国电信",
  unicom: "中国联通",
  mobile: "中国移动",
  education: "教育网",
  broadcast: "中国广电",
};

export const CARRIER_NAMES = { en, "zh-CN": zh };
