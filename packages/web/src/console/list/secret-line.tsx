/** Shows a secret, such as a link or a key: it breaks where it must, and is copied with one press. */
import { Button } from "@lectern/ui";
import { CHECK_ICON, COPY_ICON } from "@lectern/ui/icons";
import { useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { CAN_COPY } from "./copy-as-curl.tsx";

type SecretLineProps = {
  readonly label: string;
  readonly value: string;
  /** It is covered until the person asks for it. Default: it is shown. */
  readonly isCovered?: boolean;
};

export function SecretLine({ label, value, isCovered = false }: SecretLineProps) {
  const { t } = useTranslation();
  const [isShown, setIsShown] = useState(!isCovered);
  const [copied, setCopied] = useState(false);
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
  };
  return (
    <div className="secret-line">
      <strong>{label}</strong>
      <code>{isShown ? value : "••••••••••••"}</code>
      <div className="form-end">
        {isShown ? null : <Button onClick={() => setIsShown(true)}>{t("showSecret")}</Button>}
        {CAN_COPY ? (
          <Button icon={copied ? CHECK_ICON : COPY_ICON} onClick={() => void copy()}>
            {t(copied ? "copied" : "copy")}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
