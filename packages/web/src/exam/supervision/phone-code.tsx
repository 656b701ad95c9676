/** Shows the QR code that makes a phone the second camera of an attempt. The address has its secret behind `#`, which no server's log gets. */
import { Icon } from "@lectern/ui";
import { CHECK_ICON } from "@lectern/ui/icons";
import { QrCode } from "../../components/qr-code.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import { codeOfAddress } from "../session/exam-code.ts";
import { phoneAddress } from "./phone-address.ts";
import type { Streams } from "./supervision-types.ts";

export function PhoneCode({ phone }: { readonly phone: Streams["phone"] }) {
  const { t } = useTranslation();
  if (phone === null) return null;
  const isLive = phone.live ?? false;
  const address = phoneAddress(location.origin, codeOfAddress(location.pathname), phone.token);
  return (
    <div className="watched-phone">
      <h3>{t("watched.phone.title")}</h3>
      {isLive ? null : (
        <>
          <p>{t("watched.phone.lead")}</p>
          <QrCode text={address} label={t("watched.phone.code")} />
        </>
      )}
      {phone.live === undefined ? null : (
        <p role="status" className="watched-line" data-state={isLive ? "on" : "connecting"}>
          {isLive ? <Icon drawing={CHECK_ICON} /> : null}
          {t(isLive ? "watched.phone.on" : "watched.phone.off")}
        </p>
      )}
    </div>
  );
}
