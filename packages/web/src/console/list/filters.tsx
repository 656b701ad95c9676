/** Filters of a list; they stand in the address, so that a list as it is seen can be sent to somebody. */
import { Select, TextInput } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { useSearchParams } from "wouter";

export type Filter = readonly [value: string, set: (value: string) => void];

export function useUrlFilter(name: string): Filter {
  const [parameters, setParameters] = useSearchParams();
  const set = (value: string) =>
    setParameters(
      (before) => {
        const next = new URLSearchParams(before);
        if (value) next.set(name, value);
        else next.delete(name);
        return next;
      },
      { replace: true },
    );
  return [parameters.get(name) ?? "", set];
}

export function SearchFilter({ filter: [value, set] }: { filter: Filter }) {
  const { t } = useTranslation();
  return <TextInput label={t("search")} type="search" value={value} onChange={(event) => set(event.target.value)} />;
}

export function SelectFilter({
  label,
  options,
  filter: [value, set],
}: {
  label: string;
  options: readonly { readonly value: string; readonly label: string }[];
  filter: Filter;
}) {
  const known = options.some((option) => option.value === value) ? value : null;
  return <Select label={label} clearable data={[...options]} value={known} onChange={(chosen) => set(chosen ?? "")} />;
}

/** Those fields of a query that say something. */
export function nonEmpty<T extends Readonly<Record<string, string | undefined>>>(
  fields: T,
): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value)) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
