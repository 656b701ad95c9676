/** Says that another page teaches this lesson, and asks whether this one helps beside it, or is to take its place. */
import { CAMERA_ICON } from "@lectern/ui/icons";
import { useState } from "react";
import { useTranslation } from "../../../texts/use-translation.ts";
import { DockButton } from "../../frame/dock-button.tsx";
import { InPlace } from "../../frame/places.tsx";

export function SecondStudio({ onTeach }: { readonly onTeach: () => void }) {
  const { t } = useTranslation();
  const [isDismissed, setIsDismissed] = useState(false);
  if (isDismissed)
    return (
      <InPlace name="own">
        <DockButton icon={CAMERA_ICON} label={t("publishing.second.teach")} onPress={onTeach} />
      </InPlace>
    );
  return (
    <section className="decision" aria-label={t("publishing.second.title")}>
      <h2>{t("publishing.second.title")}</h2>
      <p>{t("publishing.second.hint")}</p>
      <div className="row start">
        <button type="button" className="button" onClick={onTeach}>
          {t("publishing.second.teach")}
        </button>
        <button type="button" className="button" onClick={() => setIsDismissed(true)}>
          {t("publishing.dismiss")}
        </button>
      </div>
    </section>
  );
}
