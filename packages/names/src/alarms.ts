/** Names alarms and how urgent they are, by language. */
import alarmsEn from "./alarms.en.json" with { type: "json" };
import alarmsZh from "./alarms.zh-CN.json" with { type: "json" };
import severitiesEn from "./severities.en.json" with { type: "json" };
import severitiesZh from "./severities.zh-CN.json" with { type: "json" };

/** By the code of the alarm. */
export const ALARM_NAMES: Readonly<Record<"en" | "zh-CN", typeof alarmsEn>> = { en: alarmsEn, "zh-CN": alarmsZh };

export const SEVERITY_NAMES: Readonly<Record<"en" | "zh-CN", typeof severitiesEn>> = { en: severitiesEn, "zh-CN": severitiesZh };
