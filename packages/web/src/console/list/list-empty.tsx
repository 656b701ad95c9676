/** Shows what stands where a list has no items: nothing has been added yet, or nothing matches the filters. */
import { Button, EmptyState } from "@lectern/ui";
import { EMPTY_ICON, SEARCH_ICON } from "@lectern/ui/icons";
import type { ReactNode } from "react";
import { useSearchParams } from "wouter";
import { useTranslation } from "../../texts/use-translation.ts";

/** Stays when the filters are cleared. */
const SCHOOL = "school";

type ListEmptyProps = {
  readonly list: {
    /** Default: "Nothing here yet." */
    readonly emptyText?: string;
    /** Where filters leave nothing. Default: "No match …". */
    readonly noMatchText?: string;
    /** Whether the parameters of the address filter the list. */
    readonly filters?: ReactNode;
  };
};

export function ListEmpty({ list: { emptyText, noMatchText, filters } }: ListEmptyProps) {
  const { t } = useTranslation();
  const [parameters, setParameters] = useSearchParams();
  const isFiltered = filters !== undefined && [...parameters.keys()].some((name) => name !== SCHOOL);
  const clear = (): void => {
    const school = parameters.get(SCHOOL);
    setParameters(school ? { [SCHOOL]: school } : {}, { replace: true });
  };
  if (isFiltered)
    return (
      <EmptyState
        icon={SEARCH_ICON}
        text={noMatchText ?? t("noMatch")}
        action={<Button onClick={clear}>{t("clearFilters")}</Button>}
      />
    );
  // The button that adds is in the head, where it stays when there are items.
  return <EmptyState icon={EMPTY_ICON} text={emptyText ?? t("empty")} />;
}
