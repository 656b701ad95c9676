/** The filter fields above a list. */
import { Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";
import { withFilter } from "./url-filters.ts";

export type UrlFilter = readonly [value: string, set: (value: string) => void];

/** A filter whose value is in the page's address. */
export function useUrlFilter(name: string): UrlFilter {
  const [parameters, setParameters] = useSearchParams();
  const set = (value: string) => setParameters((before) => withFilter(before, name, value), { replace: true });
  return [parameters.get(name) ?? "", set];
}

export function SearchFilter({ filter: [value, set] }: { filter: UrlFilter }) {
  const { t } = useTranslation();
  return <TextInput label={t("search")} type="search" value={value} onChange={(event) => set(event.target.value)} />;
}

export type Option = { readonly value: string; readonly label: string };

type SelectFilterProps = { readonly label: string; readonly options: readonly Option[]; readonly filter: UrlFilter };

export function SelectFilter({ label, options, filter: [value, set] }: SelectFilterProps) {
  const known = options.some((option) => option.value === value) ? value : null;
  return <Select label={label} clearable data={[...options]} value={known} onChange={(selected) => set(selected ?? "")} />;
}
