/** Shows what a teacher needs while live: mute, camera and screen in the dock, and what is wrong with a device over the stage. */
import { useTranslation } from "../../../texts/use-translation.ts";
import { DeviceDock } from "../parts/device-dock.tsx";
import { DeviceTrouble } from "../parts/device-trouble.tsx";
import type { Publishing } from "../parts/use-publishing.ts";

export function TeachDock({ publishing }: { publishing: Publishing }) {
  const { t } = useTranslation();
  const { captured } = publishing;
  const { isMuted, source } = captured;
  const hasCamera = source !== "sound" && source !== "screen";
  return (
    <>
      <DeviceDock publishing={publishing} isOpen isLive />
      {isMuted ? (
        <p role="status" className="stage-note muted-hint">
          {t("publishing.mutedHint")}
        </p>
      ) : null}
      {(["camera", "microphone"] as const).map((kind) => {
        const { problem } = captured[kind];
        return problem && !(kind === "camera" && !hasCamera) ? <DeviceTrouble key={kind} kind={kind} problem={problem} /> : null;
      })}
    </>
  );
}
