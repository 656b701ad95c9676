/** Says the cause of an alarm in the language of the page. The server writes it in English, for logs and programs (`alarm-handlers.ts`, `job-alarms.ts`, `operator-watch.ts`). */
import type { Alarm } from "@lectern/client";
import type { Translate, TranslateFirst } from "../../texts/text-key.ts";
import { shownDetail } from "./alarm-subject.ts";

type Read = readonly [form: RegExp, say: (found: readonly string[], words: AlarmWords) => string];
export type AlarmWords = {
  readonly t: Translate & TranslateFirst;
  readonly time: (iso: string) => string;
};

const JOB: Read = [/^([a-z-]+)(?:: (.*))?$/, ([code = "", raw = ""], words) => jobText(code, raw, words)];
const FORMS: Readonly<Record<string, readonly Read[]>> = {
  "node-gone": [[/^It has not been heard for (\d+) s\.$/, ([seconds], { t }) => t("alarmDetails.unheard", { seconds })]],
  "clock-skew": [[/^It is (-?\d+) s off\.$/, ([seconds], { t }) => t("alarmDetails.clockOff", { seconds })]],
  // The name of the alarm says the same.
  "ladder-refused": [[/^No node has room for its ladder\.$/, () => ""]],
  "break-glass": [
    [/^has signed in, ends at (\S+)$/, ([until = ""], { t, time }) => t("alarmDetails.breakGlass", { time: time(until) })],
  ],
  "operator-token-expires": [
    [/^it has expired$/, (_, { t }) => t("alarmDetails.tokenOver")],
    [/^(\d+) days are left$/, ([count], { t }) => t("alarmDetails.tokenLeft", { count: Number(count) })],
  ],
  "publish-refused": [
    [/^The last from (\S+) by ([^,:]+)(?:, ([^:]*))?: /, ([ip, protocol], { t }) => t("alarmDetails.lastFrom", { ip, protocol })],
  ],
  "source-away": [JOB],
  "forward-away": [JOB],
  "ladder-failed": [JOB],
};

/** What the page does not know is shown as the server says it. */
export function alarmDetail(alarm: Pick<Alarm, "code" | "ruleId" | "subject" | "detail">, words: AlarmWords): string {
  const detail = shownDetail(alarm);
  if (alarm.ruleId !== null) return detail;
  for (const [form, say] of FORMS[alarm.code] ?? []) {
    const found = form.exec(detail);
    if (found) return say(found.slice(1), words);
  }
  return detail;
}

/** What is wrong with a component of a node, as `components.ts` says it. */
export function componentDetail(detail: string, t: Translate): string {
  if (detail === "It has expired.") return t("alarmDetails.tokenOver");
  if (detail === "No time server has set it.") return t("alarmDetails.clockUnset");
  const days = /^It expires in (\d+) days\.$/.exec(detail)?.[1];
  return days === undefined ? detail : t("alarmDetails.tokenLeft", { count: Number(days) });
}

/** @param raw what the program or the system said: an address, a code of an error */
function jobText(code: string, raw: string, { t }: AlarmWords): string {
  const text = t([`jobProblems.${code}`, "jobProblems.unknown"]);
  return raw === "" ? text : t("alarmDetails.withRaw", { text, raw });
}
