/** "Copy as curl": the shown list, or the last change of the page, as a command for the shell. */
import { Button } from "@lectern/ui";
import { CHECK_ICON, COPY_ICON } from "@lectern/ui/icons";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { lastChange } from "../../session/last-change.ts";
import { type ApiRequest, curlCommand, listUrl } from "./curl-command.ts";

const COPIED_MS = 2000;

/** @param path after /api/v1 */
export function CopyListAsCurl({ path, query }: { path: string; query: Readonly<Record<string, string | boolean | undefined>> }) {
  return <CopyAsCurl request={() => ({ method: "GET", url: listUrl(location.origin, path, query) })} />;
}

export function CopyChangeAsCurl() {
  return <CopyAsCurl request={lastChange} />;
}

/** Browsers give pages over plain HTTP no clipboard. */
export const CAN_COPY = navigator.clipboard !== undefined;

export async function copyAsCurl(request: ApiRequest | null): Promise<void> {
  await navigator.clipboard.writeText(request ? curlCommand(request) : "");
}

/** @param request read when the button is pressed */
function CopyAsCurl({ request }: { request: () => ApiRequest | null }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await copyAsCurl(request());
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  if (!CAN_COPY) return null;
  return (
    <Button icon={copied ? CHECK_ICON : COPY_ICON} onClick={() => void copy()}>
      {t(copied ? "copied" : "copyAsCurl")}
    </Button>
  );
}
