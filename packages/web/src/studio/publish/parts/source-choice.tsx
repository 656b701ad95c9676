/** Chooses what students see: camera, screen, both, or nothing; and the corner of the camera in a screen. */
import { useTranslation } from "../../../texts/use-translation.ts";
import { CORNERS, SOURCES } from "../devices/remembered.ts";
import { DeviceTrouble } from "./device-trouble.tsx";
import type { Publishing } from "./use-publishing.ts";

/** Phones share no screens. */
export function canShareScreens(): boolean {
  return typeof navigator.mediaDevices?.getDisplayMedia === "function";
}

export function SourceChoice({ publishing: { capture, captured } }: { publishing: Publishing }) {
  const { t } = useTranslation();
  const { source, screen } = captured;
  const sources = SOURCES.filter((one) => canShareScreens() || one === "camera" || one === "sound");
  return (
    <div className="source-choice">
      <fieldset className="chips">
        <legend>{t("publishing.showLabel")}</legend>
        {sources.map((one) => (
          <button
            key={one}
            type="button"
            className="button small"
            aria-pressed={source === one}
            onClick={() => void capture.chooseSource(one)}
          >
            {t(`publishing.show.${one}`)}
          </button>
        ))}
      </fieldset>
      {screen.problem ? <DeviceTrouble kind="screen" problem={screen.problem} /> : null}
      {source === "both" ? <CornerChoice {...{ capture, captured }} /> : null}
    </div>
  );
}

function CornerChoice({ capture, captured }: Pick<Publishing, "capture" | "captured">) {
  const { t } = useTranslation();
  return (
    <fieldset className="corner-choice">
      <legend>{t("publishing.corner")}</legend>
      {CORNERS.map((corner) => (
        <button
          key={corner}
          type="button"
          className="corner"
          data-corner={corner}
          aria-pressed={captured.corner === corner}
          aria-label={t(`publishing.corners.${corner}`)}
          title={t(`publishing.corners.${corner}`)}
          onClick={() => capture.setCorner(corner)}
        />
      ))}
    </fieldset>
  );
}
