/** Provides the actions that enable and disable the items of a list. */
import { useTranslation } from "../../texts/use-translation.ts";
import type { BulkAction } from "./bulk-actions.tsx";

export function useEnabling<Item extends { readonly enabled: boolean }>(
  setEnabled: (item: Item, enabled: boolean) => Promise<unknown>,
): readonly BulkAction<Item>[] {
  const { t } = useTranslation();
  const disable = (item: Item) => setEnabled(item, false);
  const enable = (item: Item) => setEnabled(item, true);
  return [
    {
      label: t("disable"),
      doneMessage: (count) => t("disabled", { count }),
      run: disable,
      undo: enable,
      appliesTo: ({ enabled }) => enabled,
    },
    {
      label: t("enable"),
      doneMessage: (count) => t("enabled", { count }),
      run: enable,
      undo: disable,
      appliesTo: ({ enabled }) => !enabled,
    },
  ];
}
