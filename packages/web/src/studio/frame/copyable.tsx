/** Shows a text with a copy button. A secret is blurred until it is hovered or focused, for teachers who share their screen. */
import { useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";

const COPIED_MS = 2000;

export function Copyable({ label, text, secret = false }: { label: string; text: string; secret?: boolean }) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), COPIED_MS);
  };
  return (
    <div className="copyable">
      <strong>{label}</strong>
      <code className={secret ? "secret" : ""} tabIndex={secret ? 0 : undefined}>
        {text}
      </code>
      <button
        type="button"
        className="button"
        hidden={!navigator.clipboard}
        aria-label={`${t("copy")}: ${label}`}
        onClick={() => void copy()}
      >
        {t(copied ? "copied" : "copy")}
      </button>
    </div>
  );
}
