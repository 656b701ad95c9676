/** Names an alarm: by what is wrong, or by the rule that an operator has made. */
import type { Alarm } from "@lectern/client";
import type { Translate } from "../../texts/use-translation.ts";

export function alarmName({ code, ruleName }: Pick<Alarm, "code" | "ruleName">, t: Translate): string {
  return code === "rule" && ruleName !== null ? ruleName : t(`alarms.${code}`);
}
