/** Slips to cut out, over the whole window: the person's name and username, and the QR code of the link that sets the password. */

import type { InvitationSlips } from "@lectern/client";
import { Button } from "@lectern/ui";
import { useEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { QrCode } from "../../components/qr-code.tsx";
import { PhoneLinkNote } from "../../phone-links/phone-link-note.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import "./invitations.css";
import { SkippedPeople } from "./skipped-people.tsx";

type SlipsSheetProps = { readonly slips: InvitationSlips; readonly onClose: () => void };

export function SlipsSheet({ slips: { school, expiresAt, slips, skipped }, onClose }: SlipsSheetProps) {
  const { t, i18n } = useTranslation();
  const sheet = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const shown = sheet.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  const until = new Intl.DateTimeFormat(i18n.language, { dateStyle: "long" }).format(new Date(expiresAt));
  return createPortal(
    <dialog
      ref={sheet}
      className="slips-sheet"
      aria-label={t("invitations.slipsTitle", { school })}
      // Escape would lose the links, which are shown only now.
      onCancel={(event) => event.preventDefault()}
    >
      <header className="slips-head">
        <h2>{t("invitations.slipsTitle", { school })}</h2>
        <p className="text-muted">{t("invitations.slipsHint", { count: slips.length })}</p>
        {slips[0] ? <PhoneLinkNote link={slips[0].url} /> : null}
        <SkippedPeople skipped={skipped} />
        <div className="row">
          <Button kind="primary" onClick={() => print()}>
            {t("invitations.print")}
          </Button>
          <Button onClick={onClose}>{t("close")}</Button>
        </div>
      </header>
      <ul className="slips">
        {slips.map(({ userId, name, login, url }) => (
          <li key={userId}>
            <QrCode text={url} label={t("invitations.qrOf", { name })} />
            <div>
              <small>{school}</small>
              <strong>{name}</strong>
              <span>
                {t("invitations.slipLogin")}: <b>{login}</b>
              </span>
              <span>{t("invitations.slipText")}</span>
              <small className="slip-url">{url}</small>
              <small>{t("invitations.slipUntil", { date: until })}</small>
            </div>
          </li>
        ))}
      </ul>
    </dialog>,
    document.body,
  );
}
