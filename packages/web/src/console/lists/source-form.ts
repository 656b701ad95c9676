/** Provides the form fields of a source, and the body of the API call that they stand for. */
import type { Source } from "@lectern/client";
import type { ReactNode } from "react";
import type { Translate } from "../../texts/use-translation.ts";
import type { Field, Values } from "../list/fields-form.tsx";
import type { Option } from "../list/filters.tsx";

export type SourceFormOptions = {
  readonly t: Translate;
  readonly lessons: readonly Option[];
  /** Cameras that have registered here, by their addresses. */
  readonly cameras: readonly Option[];
  /** Help on the forms of addresses. @param isNew none of them is stored yet */
  readonly addressHelp: (isNew: boolean) => ReactNode;
};

/** How the server shows a secret of an address. */
const COVER = "***";

/** @param source null for a new one. What a source is published as does not change. */
export function sourceFields(source: Source | null, { t, lessons, cameras, addressHelp }: SourceFormOptions): readonly Field[] {
  const select = (
    name: string,
    label: string,
    value: string,
    values: readonly string[],
    text: (value: string) => string,
  ): Field => ({
    name,
    label,
    value,
    required: true,
    options: values.map((each) => ({ value: each, label: text(each) })),
  });
  const isChannel = ({ publishAs }: Values) => publishAs === "channel";
  const place: readonly Field[] = [
    select("publishAs", t("sources.publishAs"), "channel", ["channel", "lesson"], (value) => t(`sources.${value}`)),
    {
      name: "name",
      label: t("sources.channelName"),
      hint: t("sources.channelNameHint"),
      required: true,
      isShown: isChannel,
    },
    {
      name: "lessonId",
      label: t("sources.lesson"),
      options: lessons,
      searchable: true,
      required: true,
      isShown: (values) => !isChannel(values),
    },
  ];
  const isCamera = ({ from }: Values) => from === "camera";
  const choice: readonly Field[] = [
    select("from", t("sources.from"), "addresses", ["addresses", "camera"], (value) => t(`sources.fromWhat.${value}`)),
    {
      name: "camera",
      label: t("sources.camera"),
      options: cameras,
      searchable: true,
      required: true,
      isShown: isCamera,
    },
  ];
  const addresses = source?.addresses?.join("\n") ?? "";
  return [
    { name: "title", label: t("fields.title"), required: true, value: source?.title ?? "" },
    ...(source === null ? place : []),
    ...(source === null && cameras.length > 0 ? choice : []),
    {
      name: "addresses",
      label: t("sources.addresses"),
      hint: addressHelp(source === null),
      required: true,
      type: "lines",
      value: addresses,
      isShown: (values) => !isCamera(values),
    },
    {
      ...select("start", t("sources.start"), source?.start ?? "demand", ["demand", "always"], (value) =>
        t(`sources.starts.${value}`),
      ),
      hint: t("sources.startHint"),
    },
    select("enabled", t("sources.enabled"), (source?.enabled ?? true) ? "yes" : "no", ["yes", "no"], (value) =>
      t(value === "yes" ? "yes" : "no"),
    ),
  ];
}

/** What a new source and a changed one have in common. */
export function sourceBody({ title = "", addresses = "", from, camera = "", start, enabled }: Values) {
  return {
    title: title.trim(),
    addresses: from === "camera" ? [camera] : addressesOf(addresses),
    start: start === "always" ? ("always" as const) : ("demand" as const),
    enabled: enabled !== "no",
  };
}

/** What a new source is published as. */
export function sourceTarget({ publishAs, name = "", lessonId = "" }: Values): { name: string } | { lessonId: string } {
  return publishAs === "lesson" ? { lessonId } : { name: name.trim() };
}

/** One address per line. */
export function addressesOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

/** Whether the server still has the secrets of the addresses that a source had. */
export function keepsSecrets(before: Pick<Source, "addresses">, after: Pick<Source, "addresses">): boolean {
  return (before.addresses ?? []).every((address) => !address.includes(COVER) || after.addresses?.includes(address));
}
