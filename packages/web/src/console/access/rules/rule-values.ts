/** Converts between a rule and the values of its form. */
import { InputError } from "../../../session/error-message.ts";
import type { Values } from "../../list/fields-form.tsx";
import { type TimeWindow, windowsOf, windowsText } from "../../list/week-windows.ts";
import { BACK_END_FACTS, BACK_END_METHODS, LIST_PREFIX, PLAY_ONLY, RULE_KINDS, type Rule } from "./rule.ts";

const MAX_COUNT = 1_000_000;
const MAX_SEGMENTS = 1000;
const MAX_CACHE_SECONDS = 3600;
const [MIN_TIMEOUT_MS, MAX_TIMEOUT_MS] = [100, 10_000];
const MIN_PERCENT = 5;
/** Mondays to Fridays in the hours of a school. */
export const SCHOOL_HOURS: TimeWindow = { days: [1, 2, 3, 4, 5], from: "07:30", to: "18:00" };

/** What a new rule's form begins with. @param timeZone IANA name */
export function newRuleValues(timeZone: string): Values {
  return {
    kind: "referers",
    for: "play",
    combine: "add",
    mode: "enforce",
    locked: "no",
    "referers.without": "allow",
    "user-agents.without": "allow",
    "regions.without": "allow",
    "carriers.without": "allow",
    "times.zone": timeZone,
    "times.windows": windowsText([SCHOOL_HOURS]),
    "links.bound": "no",
    "viewers.over": "refuse-newest",
    "encryption.segments": "5",
    "watermark.shows": "name",
    "watermark.opacity": "20",
    "back-end.method": "POST",
    "back-end.sends": BACK_END_FACTS.join(" "),
    "back-end.cache": "60",
    "back-end.refusedCache": "10",
    "back-end.timeout": "2000",
    "back-end.failure": "refuse",
    "back-end.signed": "no",
  };
}

/** The values that stand for a rule. */
export function ruleValues(rule: Rule): Values {
  const { kind, combine, mode, locked } = rule;
  return { kind, for: rule.for, combine, mode, locked: locked ? "yes" : "no", ...ownValues(rule) };
}

function ownValues(rule: Rule): Values {
  switch (rule.kind) {
    case "addresses":
      return {
        "addresses.allow": plainOf(rule.allow).join("\n"),
        "addresses.allowLists": listsOf(rule.allow).join(" "),
        "addresses.deny": plainOf(rule.deny).join("\n"),
        "addresses.denyLists": listsOf(rule.deny).join(" "),
      };
    case "referers":
    case "user-agents":
      return { ...listedValues(rule), [`${rule.kind}.without`]: rule.empty };
    case "regions":
      return { ...listedValues(rule), "regions.without": rule.unknown };
    case "carriers":
      return {
        "carriers.allow": rule.allow.join(" "),
        "carriers.deny": rule.deny.join(" "),
        "carriers.without": rule.unknown,
      };
    case "times":
      return { "times.zone": rule.timeZone, "times.windows": windowsText(rule.windows) };
    case "links":
      return { "links.bound": rule.boundAddress ? "yes" : "no", "links.keys": rule.keys.join(" ") };
    case "viewers":
      return { "viewers.most": text(rule.most), "viewers.perViewer": text(rule.perViewer), "viewers.over": rule.over };
    case "encryption":
      return { "encryption.segments": String(rule.segmentsPerKey) };
    case "watermark":
      return { "watermark.shows": rule.shows, "watermark.opacity": String(Math.round(rule.opacity * 100)) };
    case "back-end":
      return {
        "back-end.url": rule.url,
        "back-end.method": rule.method,
        "back-end.sends": rule.sends.join(" "),
        "back-end.cache": String(rule.cacheSeconds),
        "back-end.refusedCache": String(rule.refusedCacheSeconds),
        "back-end.timeout": String(rule.timeoutMs),
        "back-end.failure": rule.onFailure,
        "back-end.signed": rule.signed ? "yes" : "no",
        "back-end.secret": rule.secret ?? "",
      };
  }
}

/** Texts for mistakes that the page finds itself. */
export type RuleTexts = {
  readonly notWhole: (field: string, min: number, max: number) => string;
  readonly noDays: string;
  readonly labels: {
    readonly most: string;
    readonly perViewer: string;
    readonly segments: string;
    readonly opacity: string;
  } & BackEndLabels;
};
type BackEndLabels = { readonly cache: string; readonly refusedCache: string; readonly timeout: string };

/**
 * The rule that the values stand for.
 * @throws InputError
 */
export function ruleOf(values: Values, texts: RuleTexts): Rule {
  const kind = oneOf(values["kind"], RULE_KINDS, "referers");
  const base = {
    for: PLAY_ONLY.includes(kind) ? ("play" as const) : oneOf(values["for"], ["play", "publish"], "play"),
    combine: oneOf(values["combine"], ["add", "replace"], "add"),
    mode: oneOf(values["mode"], ["enforce", "dry-run"], "enforce"),
    locked: values["locked"] === "yes",
  };
  const value = (name: string): string => values[`${kind}.${name}`] ?? "";
  const listed = { ...base, allow: linesOf(value("allow")), deny: linesOf(value("deny")) };
  const without = oneOf(value("without"), ["allow", "refuse"], "allow");
  switch (kind) {
    case "back-end":
      return backEndRule(base, value, texts);
    case "addresses":
      return {
        ...base,
        kind,
        allow: [...listed.allow, ...wordsOf(value("allowLists")).map((id) => LIST_PREFIX + id)],
        deny: [...listed.deny, ...wordsOf(value("denyLists")).map((id) => LIST_PREFIX + id)],
      };
    case "referers":
    case "user-agents":
      return { ...listed, kind, empty: without };
    case "regions":
      return { ...listed, kind, unknown: without };
    case "carriers":
      return { ...base, kind, allow: wordsOf(value("allow")), deny: wordsOf(value("deny")), unknown: without };
    case "times":
      return { ...base, kind, timeZone: value("zone"), windows: filledWindows(value("windows"), texts) };
    case "links":
      return { ...base, kind, boundAddress: value("bound") === "yes", keys: wordsOf(value("keys")) };
    case "viewers": {
      const count = (name: "most" | "perViewer") =>
        value(name).trim() === "" ? null : whole(value(name), texts.labels[name], 1, MAX_COUNT, texts);
      const over = oneOf(value("over"), ["refuse-newest", "end-oldest"], "refuse-newest");
      return { ...base, kind, most: count("most"), perViewer: count("perViewer"), over };
    }
    case "encryption":
      return { ...base, kind, segmentsPerKey: whole(value("segments"), texts.labels.segments, 1, MAX_SEGMENTS, texts) };
    case "watermark": {
      const percent = whole(value("opacity"), texts.labels.opacity, MIN_PERCENT, 100, texts);
      return { ...base, kind, shows: oneOf(value("shows"), ["name", "id", "both"], "name"), opacity: percent / 100 };
    }
  }
}

type BackEndRule = Extract<Rule, { kind: "back-end" }>;
type BaseFields = Pick<Rule, "for" | "combine" | "mode" | "locked">;

/** An empty secret is the one from before, where the rule is signed. */
function backEndRule(base: BaseFields, value: (name: string) => string, texts: RuleTexts): BackEndRule {
  const { labels } = texts;
  const seconds = (name: "cache" | "refusedCache") => whole(value(name), labels[name], 0, MAX_CACHE_SECONDS, texts);
  const signed = value("signed") === "yes";
  const secret = value("secret");
  return {
    ...base,
    kind: "back-end",
    url: value("url").trim(),
    method: oneOf(value("method"), BACK_END_METHODS, "POST"),
    sends: BACK_END_FACTS.filter((fact) => wordsOf(value("sends")).includes(fact)),
    cacheSeconds: seconds("cache"),
    refusedCacheSeconds: seconds("refusedCache"),
    timeoutMs: whole(value("timeout"), labels.timeout, MIN_TIMEOUT_MS, MAX_TIMEOUT_MS, texts),
    onFailure: oneOf(value("failure"), ["refuse", "allow"], "refuse"),
    signed,
    ...(signed && secret !== "" ? { secret } : {}),
  };
}

/** The ids of the address lists that a rule's entries name. */
export function listsOf(entries: readonly string[]): readonly string[] {
  return entries.filter((entry) => entry.startsWith(LIST_PREFIX)).map((entry) => entry.slice(LIST_PREFIX.length));
}

function plainOf(entries: readonly string[]): readonly string[] {
  return entries.filter((entry) => !entry.startsWith(LIST_PREFIX));
}

function listedValues({ kind, allow, deny }: Extract<Rule, { allow: unknown }>): Values {
  return { [`${kind}.allow`]: allow.join("\n"), [`${kind}.deny`]: deny.join("\n") };
}

function filledWindows(value: string, { noDays }: RuleTexts): readonly TimeWindow[] {
  const windows = windowsOf(value);
  if (windows.some(({ days }) => days.length === 0)) throw new InputError(noDays, "times.windows");
  return windows;
}

function whole(value: string, field: string, min: number, max: number, { notWhole }: RuleTexts): number {
  const number = Number(value);
  if (value.trim() === "" || !Number.isInteger(number) || number < min || number > max)
    throw new InputError(notWhole(field, min, max));
  return number;
}

function linesOf(value: string): readonly string[] {
  return value
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

function wordsOf(value: string): readonly string[] {
  return value.split(" ").filter((word) => word !== "");
}

function oneOf<const T extends string>(value: string | undefined, known: readonly T[], otherwise: NoInfer<T>): T {
  return known.find((one) => one === value) ?? otherwise;
}

function text(count: number | null): string {
  return count === null ? "" : String(count);
}
