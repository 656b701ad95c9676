/** Warns beside a link or its QR code where no phone can open it, because the page itself was opened at an address of this computer alone. */
import { useTranslation } from "../texts/use-translation.ts";
import { loopbackHost } from "./loopback.ts";

export function PhoneLinkNote({ link }: { readonly link: string }) {
  const { t } = useTranslation();
  const host = loopbackHost(link);
  if (host === null) return null;
  return (
    <p className="error" role="note">
      {t("onlyThisComputer", { host })}
    </p>
  );
}
