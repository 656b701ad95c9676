/** The picture that is published, as the page has it: without delay, and without sound. */
import { useTranslation } from "react-i18next";
import { useStreamVideo } from "../../../player/use-stream-video.ts";
import type { CaptureState } from "../capture/capture-state.ts";
import { isMirrored } from "../devices/device-choice.ts";

export function OwnPicture({ captured }: { captured: CaptureState }) {
  const { t } = useTranslation();
  const { output, camera, source } = captured;
  if (!output || output.getVideoTracks().length === 0)
    return <p className="stage-message">{t(output ? "publishing.noPicture" : "publishing.notOn")}</p>;
  const settings = camera.stream?.getVideoTracks()[0]?.getSettings() ?? {};
  const mirrored = source === "camera" && camera.status === "on" && isMirrored(settings, camera.device?.label ?? "");
  return <Picture stream={output} mirrored={mirrored} />;
}

function Picture({ stream, mirrored }: { stream: MediaStream; mirrored: boolean }) {
  const { t } = useTranslation();
  const video = useStreamVideo(stream);
  const name = mirrored ? "own-picture mirrored" : "own-picture";
  return <video ref={video} className={name} muted playsInline aria-label={t("publishing.ownPicture")} />;
}
