/** Determines which tab of the class is chosen, and whether the class is open where it is a drawer or a sheet. */
import { useState } from "react";
import { TAB_NAMES, type TabName } from "./tab-names.ts";

export type Side = {
  readonly tab: TabName;
  readonly isOpen: boolean;
  readonly choose: (tab: TabName) => void;
  /** @param tab shown then. Default: the one of before */
  readonly open: (tab?: TabName) => void;
  readonly close: () => void;
};

/** @param firstTab default: the chat */
export function useSide(firstTab: string | null = null): Side {
  const [tab, choose] = useState<TabName>(TAB_NAMES.find((name) => name === firstTab) ?? "chat");
  const [isOpen, setOpen] = useState(false);
  return {
    tab,
    isOpen,
    choose,
    open: (wanted) => {
      if (wanted) choose(wanted);
      setOpen(true);
    },
    close: () => setOpen(false),
  };
}
