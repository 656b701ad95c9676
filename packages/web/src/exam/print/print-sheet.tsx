/** Shows what is printed over the whole window, as it will be on paper: a browser prints it, or makes a PDF of it, without the page behind. */
import { Button } from "@lectern/ui";
import { type ReactNode, useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { addTranslations } from "../../i18n.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { PRINT_MESSAGES } from "./messages.ts";
import "./print-sheet.css";

addTranslations(PRINT_MESSAGES);

type PrintSheetProps = { readonly label: string; readonly onClose: () => void; readonly children: ReactNode };

export function PrintSheet({ label, onClose, children }: PrintSheetProps) {
  const { t } = useTranslation();
  const sheet = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = sheet.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return createPortal(
    <dialog ref={sheet} className="print-sheet" aria-label={label} onClose={onClose}>
      <div className="print-sheet-head">
        <Button kind="primary" onClick={() => print()}>
          {t("printed.print")}
        </Button>
        <Button onClick={onClose}>{t("close")}</Button>
      </div>
      {children}
    </dialog>,
    document.body,
  );
}
