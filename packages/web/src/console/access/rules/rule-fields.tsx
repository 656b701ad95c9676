/** Shows the form of a rule: the fields of each kind, in the words of a school. */

import type { Translate } from "../../../texts/use-translation.ts";
import type { Field, Values } from "../../list/fields-form.tsx";
import type { Option } from "../../list/filters.tsx";
import { TimeWindows } from "../../list/time-windows.tsx";
import { windowsOf, windowsText } from "../../list/week-windows.ts";
import { zoneOptions } from "../../school/zone-options.ts";
import { BACK_END_FACTS, BACK_END_METHODS, LISTED_KINDS, PLAY_ONLY, RULE_KINDS, type RuleKind } from "./rule.ts";
import { carrierName } from "./rule-sentence.ts";
import { type RuleTexts, SCHOOL_HOURS } from "./rule-values.ts";

const CARRIERS = ["telecom", "unicom", "mobile", "education", "broadcast"];

export type RuleFormOptions = {
  readonly t: Translate;
  /** Of the page: names of time zones are in it. */
  readonly language: string;
  /** What rules can name. */
  readonly lists: readonly Option[];
  readonly keys: readonly Option[];
};

type Choice = {
  readonly name: string;
  readonly label: string;
  readonly values: readonly string[];
  readonly of: (value: string) => string;
};

/** @param values of the rule, or of a new one; @param isNew its kind can be chosen */
export function ruleFields(values: Values, isNew: boolean, options: RuleFormOptions): readonly Field[] {
  const { t } = options;
  const kind: Field = {
    ...select({ name: "kind", label: t("rules.kind"), values: RULE_KINDS, of: (one) => t(`rules.kinds.${one}`) }),
    isShown: () => isNew,
  };
  const action: Field = {
    ...select({ name: "for", label: t("rules.for"), values: ["play", "publish"], of: (one) => t(`rules.actions.${one}`) }),
    hint: t("rules.actionHint"),
    isShown: (shown) => !PLAY_ONLY.includes(shown["kind"] ?? ""),
  };
  return [kind, action, ...ownFields(options, values), ...generalFields(t)].map((field) => ({
    ...field,
    value: values[field.name] ?? "",
  }));
}

/** For mistakes that the page finds itself. */
export function ruleTexts(t: Translate): RuleTexts {
  return {
    notWhole: (field, min, max) => t("rules.notWhole", { field, min, max }),
    noDays: t("timeWindows.noDays"),
    labels: {
      most: t("rules.most"),
      perViewer: t("rules.perViewer"),
      segments: t("rules.segmentsPerKey"),
      opacity: t("rules.opacity"),
      cache: t("rules.backEnd.cache"),
      refusedCache: t("rules.backEnd.refusedCache"),
      timeout: t("rules.backEnd.timeout"),
    },
  };
}

function generalFields(t: Translate): readonly Field[] {
  return [
    {
      ...select({ name: "mode", label: t("rules.mode"), values: ["enforce", "dry-run"], of: (one) => t(`rules.modes.${one}`) }),
      hint: t("rules.modeHint"),
      isShown: ({ kind }) => kind !== "watermark",
    },
    {
      ...select({
        name: "combine",
        label: t("rules.combine"),
        values: ["add", "replace"],
        of: (one) => t(`rules.combines.${one}`),
      }),
      hint: t("rules.combineHint"),
    },
    {
      ...select({ name: "locked", label: t("rules.locked"), values: ["no", "yes"], of: (one) => t(`rules.lockeds.${one}`) }),
      hint: t("rules.lockedHint"),
    },
  ];
}

function ownFields(options: RuleFormOptions, values: Values): readonly Field[] {
  const { t } = options;
  return [
    ...LISTED_KINDS.flatMap((kind) => of(kind, listedFields(kind, options, values))),
    ...of("times", timeFields(options)),
    ...of("links", linkFields(options, values)),
    ...of("viewers", viewerFields(t)),
    ...of("encryption", [
      { ...number("encryption.segments", t("rules.segmentsPerKey")), required: true, hint: t("rules.segmentsHint") },
    ]),
    ...of("watermark", [
      select({
        name: "watermark.shows",
        label: t("rules.shows"),
        values: ["name", "id", "both"],
        of: (one) => t(`rules.showsOptions.${one}`),
      }),
      { ...number("watermark.opacity", t("rules.opacity")), required: true, hint: t("rules.opacityHint") },
    ]),
    ...of("back-end", backEndFields(t)),
  ];
}

/** Fields that only the form of a kind shows. */
function of(kind: RuleKind, fields: readonly Field[]): readonly Field[] {
  return fields.map((field) => ({ isShown: (values) => values["kind"] === kind, ...field }));
}

function listedFields(kind: (typeof LISTED_KINDS)[number], { t, lists }: RuleFormOptions, values: Values): readonly Field[] {
  const entries = (side: "allow" | "deny"): readonly Field[] => {
    const name = `${kind}.${side}`;
    const field = { name, label: t(`rules.entries.${kind}.${side}`) };
    const hint = side === "allow" ? t(`rules.entries.${kind}.hint`) : t(`rules.entries.${kind}.denyHint`);
    if (kind !== "carriers")
      return [{ ...field, hint, type: "lines" }, ...(kind === "addresses" ? listChoice(side, t, lists, values) : [])];
    const known = [...new Set([...CARRIERS, ...(values[name] ?? "").split(" ")])].filter((one) => one !== "");
    return [{ ...field, hint, multiple: true, options: known.map((value) => ({ value, label: carrierName(value, t) })) }];
  };
  if (kind === "addresses") return [...entries("allow"), ...entries("deny")];
  const without = select({
    name: `${kind}.without`,
    label: t(`rules.entries.${kind}.without`),
    values: ["allow", "refuse"],
    of: (one) => t(`rules.without.${one}`),
  });
  return [...entries("allow"), ...entries("deny"), { ...without, hint: t(`rules.entries.${kind}.withoutHint`) }];
}

/** Shown where there are lists. */
function listChoice(side: "allow" | "deny", t: Translate, lists: readonly Option[], values: Values): readonly Field[] {
  const label = side === "allow" ? t("rules.allowLists") : t("rules.denyLists");
  const name = `addresses.${side}Lists`;
  const isShown = lists.length > 0 || Boolean(values[name]);
  return isShown ? [{ name, label, multiple: true, options: lists }] : [];
}

function timeFields({ t, language }: RuleFormOptions): readonly Field[] {
  return [
    {
      name: "times.windows",
      label: t("rules.windows"),
      input: (value, onChange, { mistake }) => (
        <TimeWindows
          key="times.windows"
          label={t("rules.windows")}
          hint={t("rules.windowsHint")}
          windows={windowsOf(value)}
          onChange={(windows) => onChange(windowsText(windows))}
          usual={SCHOOL_HOURS}
          least={1}
          error={mistake}
        />
      ),
    },
    {
      name: "times.zone",
      label: t("fields.timeZone"),
      required: true,
      searchable: true,
      options: ({ "times.zone": zone = "" }) => zoneOptions(zone, language),
    },
  ];
}

function linkFields({ t, keys }: RuleFormOptions, values: Values): readonly Field[] {
  return [
    {
      ...select({ name: "links.bound", label: t("rules.bound"), values: ["no", "yes"], of: (one) => t(`rules.bounds.${one}`) }),
      hint: t("rules.boundHint"),
    },
    ...(keys.length > 0 || values["links.keys"]
      ? [{ name: "links.keys", label: t("rules.keys"), hint: t("rules.keysHint"), multiple: true, options: keys }]
      : []),
  ];
}

function viewerFields(t: Translate): readonly Field[] {
  return [
    { ...number("viewers.most", t("rules.most")), hint: t("rules.noLimitHint") },
    { ...number("viewers.perViewer", t("rules.perViewer")), hint: t("rules.noLimitHint") },
    select({
      name: "viewers.over",
      label: t("rules.over"),
      values: ["refuse-newest", "end-oldest"],
      of: (one) => t(`rules.overs.${one}`),
    }),
  ];
}

function backEndFields(t: Translate): readonly Field[] {
  const facts = BACK_END_FACTS.map((value) => ({ value, label: t(`rules.backEnd.facts.${value}`) }));
  const isSigned: Field["isShown"] = (values) => values["kind"] === "back-end" && values["back-end.signed"] === "yes";
  return [
    { name: "back-end.url", label: t("rules.backEnd.url"), type: "url", required: true, hint: t("rules.backEnd.urlHint") },
    select({ name: "back-end.method", label: t("rules.backEnd.method"), values: BACK_END_METHODS, of: (one) => one }),
    { name: "back-end.sends", label: t("rules.backEnd.sends"), hint: t("rules.backEnd.sendsHint"), multiple: true, options: facts },
    { ...number("back-end.cache", t("rules.backEnd.cache")), required: true, hint: t("rules.backEnd.cacheHint") },
    { ...number("back-end.refusedCache", t("rules.backEnd.refusedCache")), required: true },
    { ...number("back-end.timeout", t("rules.backEnd.timeout")), required: true },
    select({
      name: "back-end.failure",
      label: t("rules.backEnd.failure"),
      values: ["refuse", "allow"],
      of: (one) => t(`rules.without.${one}`),
    }),
    {
      ...select({
        name: "back-end.signed",
        label: t("rules.backEnd.signed"),
        values: ["no", "yes"],
        of: (one) => t(`rules.backEnd.signeds.${one}`),
      }),
      hint: t("rules.backEnd.signedHint"),
    },
    {
      name: "back-end.secret",
      label: t("rules.backEnd.secret"),
      type: "password",
      hint: t("rules.backEnd.secretHint"),
      isShown: isSigned,
    },
  ];
}

function number(name: string, label: string): Field {
  return { name, label, type: "number" };
}

function select({ name, label, values, of: labelOf }: Choice): Field {
  return { name, label, required: true, options: values.map((value) => ({ value, label: labelOf(value) })) };
}
