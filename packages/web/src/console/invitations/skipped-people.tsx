/** Says who is not invited, and why. */
import type { QueuedInvitations } from "@lectern/client";
import { useTranslation } from "../../texts/use-translation.ts";

export function SkippedPeople({ skipped }: Pick<QueuedInvitations, "skipped">) {
  const { t } = useTranslation();
  if (skipped.length === 0) return null;
  return (
    <div className="message-box skipped-people">
      <strong>{t("invitations.skipped")}</strong>
      <ul>
        {skipped.map(({ userId, name, because }) => (
          <li key={userId}>
            {name || userId}: {t(`invitations.because.${because}`)}
          </li>
        ))}
      </ul>
    </div>
  );
}
