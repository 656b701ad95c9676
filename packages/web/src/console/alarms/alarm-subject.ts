/** Reads what an alarm is about from its subject, as the server writes it (`MEASURED_KINDS` there). */

export type AlarmSubject =
  | { readonly kind: "platform" }
  /** More subjects of a rule, of which those before have alarms of their own. */
  | { readonly kind: "more"; readonly count: number }
  | { readonly kind: "node"; readonly node: string }
  | { readonly kind: "link"; readonly from: string; readonly to: string }
  | { readonly kind: "hop"; readonly node: string; readonly from: string; readonly stream: string }
  | { readonly kind: "stream"; readonly stream: string }
  | { readonly kind: "component"; readonly node: string; readonly component: string }
  | { readonly kind: "probe"; readonly node: string; readonly via: string; readonly stream: string }
  /** A lesson or a school. */
  | { readonly kind: "id"; readonly id: string };

const ID = /^[0-9a-hjkmnp-tv-z]{26}$/;
const FORMS: readonly (readonly [RegExp, (parts: readonly string[]) => AlarmSubject])[] = [
  [/^([^<> ]+)<([^<> ]+) (\S+)$/, ([node = "", from = "", stream = ""]) => ({ kind: "hop", node, from, stream })],
  [/^([^<> ]+)>([^<> ]+) (\S+)$/, ([node = "", via = "", stream = ""]) => ({ kind: "probe", node, via, stream })],
  [/^([^<> ]+)>([^<> ]+)$/, ([from = "", to = ""]) => ({ kind: "link", from, to })],
  [/^([^/ ]+) (\S+)$/, ([node = "", component = ""]) => ({ kind: "component", node, component })],
  [/^([^/ ]+\/[^/ ]+)$/, ([stream = ""]) => ({ kind: "stream", stream })],
];

/** @param detail says how many more there are */
export function alarmSubject(subject: string, detail: string): AlarmSubject {
  if (subject === "") return { kind: "platform" };
  if (subject === "*") return { kind: "more", count: Number.parseInt(detail, 10) || 0 };
  if (ID.test(subject)) return { kind: "id", id: subject };
  for (const [form, read] of FORMS) {
    const found = form.exec(subject);
    if (found) return read(found.slice(1));
  }
  return { kind: "node", node: subject };
}

/**
 * What is said of the cause. Of an alarm of a rule, the server says what was measured in English, and channels say it in their language: here it is
 * the value alone, which reads the same in every language.
 */
export function shownDetail({
  ruleId,
  subject,
  detail,
}: {
  readonly ruleId: string | null;
  readonly subject: string;
  readonly detail: string;
}): string {
  if (ruleId === null) return detail;
  if (subject === "*") return "";
  return /-?\d[\d.e+-]*(?: (?:%|ms|s|fps|kbit\/s|Mbit\/s))?$/.exec(detail)?.[0] ?? "";
}
