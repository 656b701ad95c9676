/** Shows "Copy as curl", for developers: the shown list, or the last change of the page, as a command for the shell. */
import { Button, type MenuItem, showToast } from "@lectern/ui";
import { CHECK_ICON, COPY_ICON } from "@lectern/ui/icons";
import { useState } from "react";
import { lastChange } from "../../session/last-change.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { type ApiRequest, curlCommand, listUrl } from "./curl-command.ts";
import { isDeveloper, useIsDeveloper } from "./developer.ts";

const COPIED_MS = 2000;

type Listed = { readonly path: string; readonly query: Readonly<Record<string, string | boolean | undefined>> };

/** @param path after /api/v1 */
export function CopyListAsCurl({ path, query }: Listed) {
  return <CopyAsCurl request={() => listRequest({ path, query })} />;
}

export function CopyChangeAsCurl() {
  return <CopyAsCurl request={lastChange} />;
}

/** Browsers give pages over plain HTTP no clipboard. */
export const CAN_COPY = navigator.clipboard !== undefined;

export function canCopyAsCurl(): boolean {
  return CAN_COPY && isDeveloper();
}

/** What the menu of a list has of it: nothing for people who are no developers. */
export function useCurlItems(listed: Listed): readonly MenuItem[] {
  const { t } = useTranslation();
  const isShown = useIsDeveloper() && CAN_COPY;
  const run = async (): Promise<void> => {
    await copyAsCurl(listRequest(listed));
    showToast(t("copied"));
  };
  return isShown ? [{ label: t("copyAsCurl"), icon: COPY_ICON, run: () => void run() }] : [];
}

export async function copyAsCurl(request: ApiRequest | null): Promise<void> {
  await navigator.clipboard.writeText(request ? curlCommand(request) : "");
}

function listRequest({ path, query }: Listed): ApiRequest {
  return { method: "GET", url: listUrl(location.origin, path, query) };
}

/** @param request read when the button is pressed */
function CopyAsCurl({ request }: { request: () => ApiRequest | null }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const isShown = useIsDeveloper() && CAN_COPY;
  const copy = async (): Promise<void> => {
    await copyAsCurl(request());
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  if (!isShown) return null;
  return (
    <Button icon={copied ? CHECK_ICON : COPY_ICON} onClick={() => void copy()}>
      {t(copied ? "copied" : "copyAsCurl")}
    </Button>
  );
}
