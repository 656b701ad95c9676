/** Shows the filter fields above a list, all in one line: what each is for stands in it while it is empty. */
import { Select, TextInput } from "@mantine/core";
import { useSearchParams } from "wouter";
import { useTranslation } from "../../texts/use-translation.ts";
import { withFilter } from "./url-filters.ts";

export type UrlFilter = readonly [value: string, set: (value: string) => void];

/** A filter whose value is in the page's address. */
export function useUrlFilter(name: string): UrlFilter {
  const [parameters, setParameters] = useSearchParams();
  const set = (value: string) => setParameters((before) => withFilter(before, name, value), { replace: true });
  return [parameters.get(name) ?? "", set];
}

export function SearchFilter({ filter }: { filter: UrlFilter }) {
  const { t } = useTranslation();
  return <TextFilter label={t("search")} filter={filter} />;
}

type TextFilterProps = { readonly label: string; readonly filter: UrlFilter; readonly maxLength?: number };

export function TextFilter({ label, filter: [value, set], ...more }: TextFilterProps) {
  const shown = { "aria-label": label, placeholder: label };
  return <TextInput {...shown} type="search" value={value} onChange={(event) => set(event.target.value)} {...more} />;
}

export type Option = { readonly value: string; readonly label: string };

type SelectFilterProps = { readonly label: string; readonly options: readonly Option[]; readonly filter: UrlFilter };

export function SelectFilter({ label, options, filter: [value, set] }: SelectFilterProps) {
  const known = options.some((option) => option.value === value) ? value : null;
  const shown = { "aria-label": label, placeholder: label };
  return <Select {...shown} clearable data={[...options]} value={known} onChange={(selected) => set(selected ?? "")} />;
}
