/** Provides the form fields with which a school, a course or a lesson chooses its ladder, and what they stand for. */
import type { Ladder, LadderPreset } from "@lectern/client";
import type { Translate } from "../../texts/use-translation.ts";
import type { Field, Values } from "../list/fields-form.tsx";
import type { Option } from "../list/filters.tsx";

/** Null: as the course, then the school, then the server says. */
export type LadderSetting = { readonly ladder: string | null; readonly ladderStart: "demand" | "publish" | null };

/** What can be chosen: the server's presets, and the ladders of schools. */
export type KnownLadders = { readonly presets: readonly LadderPreset[]; readonly ladders: readonly Ladder[] };

/** Stands for null in a select. */
export const INHERIT = "inherit";
const STARTS = ["demand", "publish"] as const;

/** What holds where nothing is chosen: the nearest choice of those above, the course first. */
export function inheritedSetting(above: readonly (LadderSetting | null | undefined)[]): LadderSetting {
  const nearest = <K extends keyof LadderSetting>(name: K) => above.find((each) => each && each[name] !== null)?.[name] ?? null;
  return { ladder: nearest("ladder"), ladderStart: nearest("ladderStart") };
}

/** @param schoolId whose own ladders can be chosen; undefined: none */
export function ladderOptions(
  known: KnownLadders,
  schoolId: string | undefined,
  inherited: LadderSetting,
  t: Translate,
): readonly Option[] {
  return [
    { value: INHERIT, label: t("ladders.inherited", { name: ladderName(known, inherited.ladder, t) }) },
    ...known.presets.map(({ id, rungs }) => ({ value: id, label: withRungs(ladderName(known, id, t), rungs, t) })),
    ...known.ladders
      .filter((ladder) => ladder.schoolId === schoolId)
      .map(({ id, name, rungs }) => ({ value: id, label: withRungs(name, rungs, t) })),
  ];
}

export function startOptions(inherited: LadderSetting, t: Translate): readonly Option[] {
  const nameOf = (start: LadderSetting["ladderStart"]) => (start === null ? t("ladders.server") : t(`ladders.start.${start}`));
  return [
    { value: INHERIT, label: t("ladders.inherited", { name: nameOf(inherited.ladderStart) }) },
    ...STARTS.map((start) => ({ value: start, label: nameOf(start) })),
  ];
}

/** @param inherited what holds where nothing is chosen; it may depend on other fields */
export function qualityFields(
  own: LadderSetting | null,
  known: KnownLadders,
  schoolId: string | undefined,
  inherited: (values: Values) => LadderSetting,
  t: Translate,
): readonly Field[] {
  return [
    {
      name: "ladder",
      label: t("ladders.qualities"),
      required: true,
      value: own?.ladder ?? INHERIT,
      options: (values) => ladderOptions(known, schoolId, inherited(values), t),
    },
    {
      name: "ladderStart",
      label: t("ladders.made"),
      required: true,
      value: own?.ladderStart ?? INHERIT,
      options: (values) => startOptions(inherited(values), t),
      // Nothing is made.
      isShown: ({ ladder }) => ladder !== "none",
    },
  ];
}

/** The setting that the fields stand for. */
export function settingOf({ ladder, ladderStart }: Readonly<Record<string, string | undefined>>): LadderSetting {
  return {
    ladder: ladder && ladder !== INHERIT ? ladder : null,
    ladderStart: STARTS.find((start) => start === ladderStart) ?? null,
  };
}

/** @param id null: the server's setting, which no call tells */
function ladderName({ presets, ladders }: KnownLadders, id: string | null, t: Translate): string {
  if (id === null) return t("ladders.server");
  if (presets.some((preset) => preset.id === id)) return t(`ladders.presets.${id}`);
  return ladders.find((ladder) => ladder.id === id)?.name ?? t("ladders.removed");
}

function withRungs(name: string, rungs: readonly { readonly name: string }[], t: Translate): string {
  // A ladder of sound alone says so by its name.
  if (rungs.length < 2) return name;
  return `${name} (${rungs.map((rung) => rungName(rung.name, t)).join(" · ")})`;
}

/** The name of a rung for people: those of presets have words. */
export function rungName(name: string, t: Translate): string {
  return name === "saver" || name === "audio" ? t(`ladders.rungs.${name}`) : name;
}
