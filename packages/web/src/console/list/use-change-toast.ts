/** Says what a change has done, with the way back, and for developers also as a command for the shell. */
import { showToast } from "@lectern/ui";
import { lastChange } from "../../session/last-change.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { canCopyAsCurl, copyAsCurl } from "./copy-as-curl.tsx";

type MoreAction = { readonly label: string; readonly run: () => void };

/** @param undo null: there is no way back; @param more what else can be done now */
export type ChangeToast = (message: string, undo?: (() => Promise<void>) | null, more?: readonly MoreAction[]) => void;

export function useChangeToast(): ChangeToast {
  const { t } = useTranslation();
  return (message, undo = null, more = []) => {
    const change = lastChange();
    const back = undo ? [{ label: t("undo"), run: () => void undo() }] : [];
    const copy = { label: t("copyAsCurl"), doneLabel: t("copied"), run: () => void copyAsCurl(change) };
    showToast(message, canCopyAsCurl() && change ? [...back, ...more, copy] : [...back, ...more]);
  };
}
