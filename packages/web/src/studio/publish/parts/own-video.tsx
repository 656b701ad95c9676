/** Shows the picture that is published, as the page has it: without delay, and without sound. */

import { useStreamVideo } from "../../../player/use-stream-video.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import type { CaptureState } from "../capture/capture-state.ts";
import { isMirrored } from "../devices/device-choice.ts";

type OwnPictureProps = {
  readonly captured: CaptureState;
  /** Students see it: it is as they do, unless it is small. */
  readonly isOnAir: boolean;
};

export function OwnVideo({ captured, isOnAir }: OwnPictureProps) {
  const { t } = useTranslation();
  const { output, source } = captured;
  if (!output || output.getVideoTracks().length === 0)
    return <p className="stage-message">{t(output ? "publishing.noPicture" : "publishing.notOn")}</p>;
  const isMirror = source === "camera" && showsFace(captured);
  return (
    <Picture
      stream={output}
      name={isMirror ? `own-picture ${isOnAir ? "mirrored-small" : "mirrored"}` : "own-picture"}
      label={t("publishing.ownVideo")}
    />
  );
}

/** As in a mirror, small beside what students see. */
export function OwnMirror({ captured }: { readonly captured: CaptureState }) {
  const { t } = useTranslation();
  const { camera, source } = captured;
  const isShown = (source === "camera" || source === "both") && showsFace(captured);
  return isShown && camera.stream ? (
    <Picture stream={camera.stream} name="own-mirror mirrored" label={t("publishing.mirror")} />
  ) : null;
}

function showsFace({ camera }: CaptureState): boolean {
  const settings = camera.stream?.getVideoTracks()[0]?.getSettings() ?? {};
  return camera.status === "on" && isMirrored(settings, camera.device?.label ?? "");
}

function Picture({ stream, name, label }: { readonly stream: MediaStream; readonly name: string; readonly label: string }) {
  const video = useStreamVideo(stream);
  return <video ref={video} className={name} muted playsInline aria-label={label} />;
}
