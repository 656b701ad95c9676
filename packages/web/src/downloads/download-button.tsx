/** Offers a recording as a file. Where it is made for the person first, shows how far it is, and lets them cancel it. */
import type { Download } from "@lectern/client";
import { formatDuration } from "@lectern/player/format-duration";
import { errorMessage } from "../session/error-message.ts";
import { type Translate, useTranslation } from "../texts/use-translation.ts";
import { type GuestBody, useDownload } from "./use-download.ts";

type DownloadButtonProps = {
  readonly recordingId: string;
  readonly label?: string;
  readonly ariaLabel?: string;
  readonly className?: string;
  /** What a guest has to send. Default: the person is signed in. */
  readonly guest?: () => GuestBody;
};

export function DownloadButton({ recordingId, label, ariaLabel, className = "button", guest = () => ({}) }: DownloadButtonProps) {
  const { t } = useTranslation();
  const { download, error, isOrdering, order, cancel } = useDownload(recordingId, guest);
  if (download?.state === "waiting" || download?.state === "running")
    return (
      <span className="row">
        <DownloadProgress download={download} />
        <button type="button" className={className} onClick={cancel}>
          {t("cancelDownload")}
        </button>
      </span>
    );
  const problem = error ? errorMessage(error, t("offline")) : download?.problem ? t(`downloadProblems.${download.problem}`) : null;
  return (
    <span className="row">
      {download?.url ? (
        <a className={className} href={download.url}>
          {t("saveDownload")}
        </a>
      ) : (
        <button type="button" className={className} disabled={isOrdering} aria-label={ariaLabel} onClick={order}>
          {label ?? t("download")}
        </button>
      )}
      {problem === null ? null : <span role="alert">{problem}</span>}
    </span>
  );
}

function DownloadProgress({ download }: { download: Download }) {
  const { t } = useTranslation();
  const text = progressText(download, t);
  return (
    <span role="status" className="text-muted">
      {download.state === "running" ? <progress max={100} value={download.percent} aria-label={t("download")} /> : null} {text}
    </span>
  );
}

function progressText({ state, ahead, percent, remainingSeconds }: Download, t: Translate): string {
  if (state === "waiting") return ahead ? t("downloadAhead", { count: ahead }) : t("downloadWaiting");
  if (remainingSeconds === null) return t("downloadRunning", { percent });
  return t("downloadRemaining", { percent, time: formatDuration(remainingSeconds) });
}
