/** Shows the form of an address list: where its entries come from, and for uploaded ones, a text file or single entries. */
import type { AddressList } from "@lectern/client";
import { Button, FileButton, Input } from "@mantine/core";
import { type Translate, useTranslation } from "../../../texts/use-translation.ts";
import type { Field, Values } from "../../list/fields-form.tsx";

const SECONDS_PER_MINUTE = 60;
const DEFAULT_REFRESH_MINUTES = "60";
const BYTES_PER_KILOBYTE = 1000;

/** Where the chosen file is kept while the form is open. */
export type ChosenFile = { current: File | null };

export type ListFormOptions = { readonly t: Translate; readonly isOperator: boolean; readonly file: ChosenFile };

/** @param list null: a new one */
export function addressListFields(list: AddressList | null, { t, isOperator, file }: ListFormOptions): readonly Field[] {
  const sources = ["entries", "url", ...(isOperator ? ["file"] : [])];
  const isOf = (source: AddressList["source"]) => (values: Values) => (list?.source ?? values["source"]) === source;
  const isChanged = (values: Values) => list !== null && isOf("entries")(values);
  const uploadLabel = list ? t("addressLists.replaceUpload") : t("addressLists.upload");
  return [
    { name: "name", label: t("fields.name"), required: true, value: list?.name ?? "" },
    {
      name: "source",
      label: t("addressLists.source"),
      required: true,
      value: list?.source ?? "entries",
      options: sources.map((value) => ({ value, label: t(`addressLists.sources.${value}`) })),
      isShown: () => list === null,
    },
    {
      name: "upload",
      label: uploadLabel,
      isShown: isOf("entries"),
      input: (value, onChange) => <Upload key="upload" label={uploadLabel} value={value} file={file} onChange={onChange} />,
    },
    ...(["add", "remove"] as const).map(
      (name): Field => ({
        name,
        label: t(`addressLists.${name}`),
        hint: t("addressLists.changeHint"),
        type: "lines",
        isShown: isChanged,
      }),
    ),
    {
      name: "url",
      label: t("fields.url"),
      hint: t("addressLists.urlHint"),
      required: true,
      value: list?.url ?? "",
      isShown: isOf("url"),
    },
    {
      name: "refresh",
      label: t("addressLists.refreshMinutes"),
      type: "number",
      required: true,
      isShown: isOf("url"),
      value: list?.refreshSeconds ? String(list.refreshSeconds / SECONDS_PER_MINUTE) : DEFAULT_REFRESH_MINUTES,
    },
    {
      name: "file",
      label: t("addressLists.file"),
      hint: t("addressLists.fileHint"),
      required: true,
      value: list?.file ?? "",
      isShown: isOf("file"),
    },
  ];
}

/** What a list of this source has beside its name. */
export function sourceSettings(source: string | undefined, { url = "", file = "", refresh = "" }: Values) {
  if (source === "url") return { url: url.trim(), refreshSeconds: Math.round(Number(refresh) * SECONDS_PER_MINUTE) };
  return source === "file" ? { file: file.trim() } : {};
}

type UploadProps = {
  readonly label: string;
  /** The name of the chosen file. */
  readonly value: string;
  readonly file: ChosenFile;
  readonly onChange: (value: string) => void;
};

function Upload({ label, value, file, onChange }: UploadProps) {
  const { t } = useTranslation();
  const choose = (chosen: File | null): void => {
    file.current = chosen;
    const kilobytes = Math.ceil((chosen?.size ?? 0) / BYTES_PER_KILOBYTE);
    onChange(chosen ? t("addressLists.chosen", { name: chosen.name, kilobytes }) : "");
  };
  return (
    <Input.Wrapper label={label} description={t("addressLists.uploadHint")} labelElement="div" className="upload-field">
      <FileButton accept=".txt,.csv,.list,text/plain,text/csv" onChange={choose}>
        {(props) => (
          <Button variant="default" {...props} aria-label={`${t("addressLists.choose")}: ${label}`}>
            {t("addressLists.choose")}
          </Button>
        )}
      </FileButton>
      <span role="status">{value}</span>
    </Input.Wrapper>
  );
}
