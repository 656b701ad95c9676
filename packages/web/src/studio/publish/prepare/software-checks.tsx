/** Shows the checks of a picture that comes from streaming software: what arrives of it is what counts. */
import { CAMERA_ICON, CONNECTION_ICON, MICROPHONE_ICON } from "@lectern/ui/icons";
import { useTranslation } from "../../../texts/use-translation.ts";
import { uplinkHealth } from "../../frame/uplink.tsx";
import { useStream } from "../../lesson/use-stream.ts";
import { Check } from "./checks.tsx";

export function SoftwareChecks() {
  const { t } = useTranslation();
  const stream = useStream();
  const [video, audio] = [stream?.video ?? null, stream?.audio ?? null];
  const health = uplinkHealth(stream);
  return (
    <ol className="checks" aria-label={t("publishing.checks")}>
      <Check name={t("publishing.picture")} icon={CAMERA_ICON} isDone={video !== null}>
        <p className="text-muted">{t(video ? "publishing.pictureArrives" : "publishing.noPictureArrives")}</p>
      </Check>
      <Check name={t("publishing.sound")} icon={MICROPHONE_ICON} isDone={audio !== null}>
        <p className="text-muted">{t(audio ? "publishing.soundArrives" : "publishing.noSoundArrives")}</p>
      </Check>
      <Check name={t("publishing.connection")} icon={CONNECTION_ICON} isDone={health === "good" || health === "fair"}>
        <p className="text-muted">{t(`uplinkHealth.${health}`)}</p>
      </Check>
    </ol>
  );
}
