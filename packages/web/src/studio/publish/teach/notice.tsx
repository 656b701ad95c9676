/** Says what happened to the devices without the teacher's doing, and offers what can be done about it. */
import { useTranslation } from "../../../texts/use-translation.ts";
import type { CaptureNotice } from "../capture/capture-state.ts";
import type { Publishing } from "../parts/use-publishing.ts";

export function Notice({ publishing: { capture, captured } }: { publishing: Publishing }) {
  const { t } = useTranslation();
  const { notice } = captured;
  const words = useWords(notice);
  return (
    <div className="publish-notice" role="alert">
      {notice === null ? null : (
        <>
          <p>{words}</p>
          {notice.kind === "back" ? (
            <button
              type="button"
              className="button small primary"
              onClick={() => {
                capture.dismissNotice();
                void capture.changeDevice(notice.input, notice.device.id);
              }}
            >
              {t("publishing.useIt")}
            </button>
          ) : null}
          <button type="button" className="button small" onClick={() => capture.dismissNotice()}>
            {t("publishing.dismiss")}
          </button>
        </>
      )}
    </div>
  );
}

function useWords(notice: CaptureNotice | null): string {
  const { t } = useTranslation();
  if (notice === null) return "";
  if (notice.kind === "screen-ended") return t("publishing.screenEnded");
  if (notice.kind === "back") return t("publishing.back", { name: notice.device.label });
  if (notice.to !== null) return t("publishing.lost", { from: notice.from, to: notice.to });
  return t(notice.input === "camera" ? "publishing.lostCamera" : "publishing.lostMicrophone");
}
