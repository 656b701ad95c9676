/** Says a rule in a sentence: "Watching: only from pages of school.com; players without a page are refused." */
import type { Translate } from "../../../texts/use-translation.ts";
import { windowName } from "../../list/week-windows.ts";
import { LIST_PREFIX, type Rule } from "./rule.ts";

/** More entries than this are only counted. */
const MAX_NAMED = 4;

/** What a sentence needs beside the rule. */
export type Wording = {
  readonly t: Translate;
  /** BCP 47. */
  readonly language: string;
  /** Names of address lists and of link keys, by their ids. */
  readonly names: ReadonlyMap<string, string>;
};

export function ruleSentence(rule: Rule, wording: Wording): string {
  const { t, language } = wording;
  const separator = language.startsWith("zh") ? "；" : "; ";
  return t("rules.sentence.whole", { who: t(`rules.actions.${rule.for}`), what: parts(rule, wording).join(separator) });
}

function parts(rule: Rule, wording: Wording): readonly string[] {
  const { t } = wording;
  switch (rule.kind) {
    case "addresses":
      return listedParts(rule, (entry) => addressName(entry, wording), wording);
    case "referers":
    case "user-agents":
      return [...listedParts(rule, (entry) => entry, wording), ...refusedParts(rule.kind, rule.empty, t)];
    case "regions":
      return [...listedParts(rule, (entry) => entry, wording), ...refusedParts(rule.kind, rule.unknown, t)];
    case "carriers":
      return [...listedParts(rule, (entry) => carrierName(entry, t), wording), ...refusedParts(rule.kind, rule.unknown, t)];
    case "times": {
      const list = listed(rule.windows, (window) => windowName(window, wording), wording);
      return [t("rules.sentence.times", { list, zone: rule.timeZone })];
    }
    case "links": {
      const names = listed(rule.keys, (id) => wording.names.get(id) ?? t("rules.sentence.keyGone"), wording);
      const keys = rule.keys.length > 0 ? [t("rules.sentence.linkKeys", { list: names })] : [];
      return [t(rule.boundAddress ? "rules.sentence.linksBound" : "rules.sentence.links"), ...keys];
    }
    case "viewers":
      return viewersParts(rule, t);
    case "encryption":
      return [t("rules.sentence.encryption", { count: rule.segmentsPerKey })];
    case "watermark":
      return [t(`rules.sentence.watermark.${rule.shows}`)];
    case "back-end":
      return [
        t("rules.sentence.backEnd", { host: URL.parse(rule.url)?.host ?? rule.url }),
        t(`rules.sentence.backEndFails.${rule.onFailure}`),
      ];
  }
}

function listedParts(
  { kind, allow, deny }: Extract<Rule, { allow: unknown }>,
  name: (entry: string) => string,
  wording: Wording,
): readonly string[] {
  const { t } = wording;
  return [
    ...(allow.length > 0 ? [t(`rules.sentence.${kind}.allow`, { list: listed(allow, name, wording) })] : []),
    ...(deny.length > 0 ? [t(`rules.sentence.${kind}.deny`, { list: listed(deny, name, wording) })] : []),
    ...(allow.length + deny.length === 0 ? [t(`rules.sentence.${kind}.all`)] : []),
  ];
}

/** What the rule does with requests that do not say what it asks for. */
function refusedParts(
  kind: "referers" | "user-agents" | "regions" | "carriers",
  without: "allow" | "refuse",
  t: Translate,
): readonly string[] {
  return without === "refuse" ? [t(`rules.sentence.${kind}.refuse`)] : [];
}

function viewersParts({ most, perViewer, over }: Extract<Rule, { kind: "viewers" }>, t: Translate): readonly string[] {
  const each = over === "end-oldest" ? "rules.sentence.endOldest" : "rules.sentence.refuseNewest";
  const limits = [
    ...(most === null ? [] : [t("rules.sentence.most", { count: most })]),
    ...(perViewer === null ? [] : [t(each, { count: perViewer })]),
  ];
  return limits.length > 0 ? limits : [t("rules.sentence.noLimit")];
}

/** Names the first ones, and counts the rest. */
function listed<T>(entries: readonly T[], name: (entry: T) => string, { t, language }: Wording): string {
  const named = entries.slice(0, entries.length > MAX_NAMED + 1 ? MAX_NAMED : MAX_NAMED + 1).map(name);
  const rest = entries.length - named.length;
  const all = rest > 0 ? [...named, t("rules.sentence.more", { count: rest })] : named;
  return new Intl.ListFormat(language, { type: "conjunction" }).format(all);
}

function addressName(entry: string, { t, names }: Wording): string {
  if (!entry.startsWith(LIST_PREFIX)) return entry;
  const name = names.get(entry.slice(LIST_PREFIX.length));
  return name === undefined ? t("rules.sentence.listGone") : t("rules.sentence.list", { name });
}

/** Carriers may have names of the configuration, which are shown as they are. */
export function carrierName(carrier: string, t: Translate): string {
  return t(`rules.carrierNames.${carrier}`, { defaultValue: carrier });
}
