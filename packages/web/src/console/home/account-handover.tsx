/** Hands an account over to its person: the link of the first sign-in to copy, to mail, or to print as a slip. */
import type { InvitationSlips } from "@lectern/client";
import { Button } from "@lectern/ui";
import { lazy, Suspense, useState } from "react";
import { addTranslations } from "../../i18n.ts";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { SecretLine } from "../list/secret-line.tsx";

/** It comes with the texts and the style that the other pages of the console load. */
const SlipsSheet = lazy(async () => {
  const [{ SlipsSheet: sheet }, { INVITATION_MESSAGES: texts }, { PHONE_LINK_MESSAGES: links }] = await Promise.all([
    import("../invitations/slips-sheet.tsx"),
    import("../messages/invitations.ts"),
    import("../../phone-links/messages.ts"),
  ]);
  addTranslations(links);
  addTranslations({ en: { invitations: texts.en }, "zh-CN": { invitations: texts["zh-CN"] } });
  return { default: sheet };
});

/** A new link: the person's earlier ones stop working. */
export async function newSlips(schoolId: string, userId: string): Promise<InvitationSlips> {
  const body = { schoolId, userIds: [userId], alsoSignedIn: false };
  return await unwrap(api().POST("/api/v1/account-invitations/slips", { body }));
}

/** @param slips of one person */
export function AccountHandover({ slips }: { readonly slips: InvitationSlips }) {
  const { t, i18n } = useTranslation();
  const [isPrinting, setIsPrinting] = useState(false);
  const [slip] = slips.slips;
  if (!slip) return <p>{t("handover.hasCome")}</p>;
  const { name, login, url } = slip;
  const until = new Intl.DateTimeFormat(i18n.language, { dateStyle: "long" }).format(new Date(slips.expiresAt));
  const subject = t("handover.mailSubject", { school: slips.school });
  const text = t("handover.mailText", { name, login, url, until, school: slips.school });
  return (
    <div className="handover">
      <SecretLine label={t("handover.link", { name, login })} value={url} />
      <div className="row">
        <a className="button" href={`mailto:?subject=${encodeURIComponent(subject)}&body=${encodeURIComponent(text)}`}>
          {t("handover.mail")}
        </a>
        <Button onClick={() => setIsPrinting(true)}>{t("handover.print")}</Button>
      </div>
      <p className="text-muted">{t("handover.hint", { until })}</p>
      {isPrinting ? (
        <Suspense fallback={null}>
          <SlipsSheet slips={slips} onClose={() => setIsPrinting(false)} />
        </Suspense>
      ) : null}
    </div>
  );
}
