/** Names what rules of alarms measure, by language. */
import en from "./metrics.en.json" with { type: "json" };
import zh from "./metrics.zh-CN.json" with { type: "json" };

/** By the metric's name in series and rules. The names stand within a sentence. */
export const METRIC_NAMES: Readonly<Record<"en" | "zh-CN", typeof en>> = { en, "zh-CN": zh };
