/** Shows where the teacher decides: another publisher has the stream, the server refused, or the page was live before it was loaded again. */
import { useEffect, useRef } from "react";
import { useTranslation } from "../../../texts/use-translation.ts";
import { useStreamOutline } from "../../lesson/use-stream.ts";
import { type Publishing, stopPublishing } from "../parts/use-publishing.ts";

export function PublisherPresent({ publishing }: { publishing: Publishing }) {
  const { t } = useTranslation();
  const isOfSoftware = useStreamOutline().data?.isOfSoftware ?? false;
  const { broadcast } = publishing;
  const section = useRef<HTMLElement>(null);
  useEffect(() => section.current?.focus(), []);
  return (
    <section ref={section} tabIndex={-1} className="decision" role="alertdialog" aria-label={t("publishing.presentTitle")}>
      <h2>{t("publishing.presentTitle")}</h2>
      <p>
        {t(`publishing.presentHint.${isOfSoftware ? "software" : "browser"}`)} {t("publishing.presentChoice")}
      </p>
      <div className="decision-choices">
        <button type="button" className="button primary" onClick={() => broadcast.start("takeover")}>
          {t("publishing.takeOver")}
        </button>
        <small className="text-muted">{t("publishing.takeOverHint")}</small>
        <button type="button" className="button" onClick={() => broadcast.start("standby")}>
          {t("publishing.standBy")}
        </button>
        <small className="text-muted">{t("publishing.standByHint")}</small>
        <button type="button" className="button" onClick={() => stopPublishing(publishing)}>
          {t("publishing.cancel")}
        </button>
      </div>
    </section>
  );
}

export function Refused({ publishing, onGoLive }: { publishing: Publishing; onGoLive: () => void }) {
  const { t } = useTranslation();
  const { reason } = publishing.state;
  const own =
    reason?.code === "network"
      ? t("publishing.refusedNetwork")
      : reason?.code === "no-encoder"
        ? t("publishing.refusedNoEncoder")
        : null;
  return (
    <section className="decision" role="alert">
      <h2>{t("publishing.refusedTitle")}</h2>
      <p>{own ?? reason?.detail}</p>
      <div className="row start">
        <button type="button" className="button primary" onClick={onGoLive}>
          {t("publishing.goLive")}
        </button>
        <button type="button" className="button" onClick={() => stopPublishing(publishing)}>
          {t("publishing.cancel")}
        </button>
      </div>
    </section>
  );
}

export function Continue({ onContinue, onAfresh }: { onContinue: () => void; onAfresh: () => void }) {
  const { t } = useTranslation();
  return (
    <section className="decision" aria-label={t("publishing.continueTitle")}>
      <h2>{t("publishing.continueTitle")}</h2>
      <p>{t("publishing.continueHint")}</p>
      <div className="row start">
        <button type="button" className="button primary" onClick={onContinue}>
          {t("publishing.continueClass")}
        </button>
        <button type="button" className="button" onClick={onAfresh}>
          {t("publishing.startAfresh")}
        </button>
      </div>
    </section>
  );
}
