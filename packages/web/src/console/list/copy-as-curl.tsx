/** The same for the shell: a list as it is shown, and the last change that was made here. */
import { Button } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { lastChange } from "../../session/api.ts";

/** @param path behind /api/v1 */
export function ListCurl({ path, query }: { path: string; query: Readonly<Record<string, string | undefined>> }) {
  const asked = new URLSearchParams(Object.entries(query).flatMap(([key, value]) => (value ? [[key, value]] : [])));
  return <CurlButton line={() => curl("GET", `${location.origin}/api/v1${path}${asked.size > 0 ? `?${asked}` : ""}`)} />;
}

export function ChangeCurl() {
  return (
    <CurlButton
      line={() => {
        const change = lastChange();
        return change && curl(change.method, change.url, change.body);
      }}
    />
  );
}

function CurlButton({ line }: { line: () => string | null }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(line() ?? "");
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  if (!navigator.clipboard) return null;
  return (
    <Button variant="default" onClick={() => void copy()}>
      {t(copied ? "copied" : "curl")}
    </Button>
  );
}

function curl(method: string, url: string, body = ""): string {
  const verb = method === "GET" ? "" : ` -X ${method}`;
  const content = body === "" ? "" : ` -H "Content-Type: application/json" -d ${quoted(body)}`;
  return `curl${verb} -H "Authorization: Bearer $TOKEN"${content} ${quoted(url)}`;
}

/** For a POSIX shell. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
