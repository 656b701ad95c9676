/** Shows the drawer of the devices: what students see of them, which they are, and while live the end of sending. */
import { Drawer, Icon } from "@lectern/ui";
import { SETTINGS_ICON, STOP_ICON } from "@lectern/ui/icons";
import { useState } from "react";
import { useTranslation } from "../../../texts/use-translation.ts";
import { DockButton } from "../../frame/dock-button.tsx";
import { DeviceSelect } from "./device-select.tsx";
import { SourceChoice } from "./source-choice.tsx";
import { type Publishing, stopPublishing } from "./use-publishing.ts";

type DevicesProps = { readonly publishing: Publishing; readonly isLive: boolean };

export function DevicesButton({ publishing, isLive, isDisabled }: DevicesProps & { readonly isDisabled: boolean }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <>
      <DockButton
        icon={SETTINGS_ICON}
        label={t("publishing.settings")}
        shortcut="D"
        isExpanded={isOpen}
        isDisabled={isDisabled}
        onPress={() => setOpen(!isOpen)}
      />
      {isOpen ? (
        <Drawer title={t("publishing.settings")} closeLabel={t("publishing.closeSettings")} onClose={() => setOpen(false)}>
          <Devices publishing={publishing} isLive={isLive} onStop={() => setOpen(false)} />
        </Drawer>
      ) : null}
    </>
  );
}

function Devices({ publishing, isLive, onStop }: DevicesProps & { readonly onStop: () => void }) {
  const { t } = useTranslation();
  const { capture, captured } = publishing;
  return (
    <div className="teach-settings">
      <SourceChoice publishing={publishing} />
      <DeviceSelect publishing={publishing} kind="camera" />
      <DeviceSelect publishing={publishing} kind="microphone" />
      <label className="noise">
        <input
          type="checkbox"
          checked={captured.noiseSuppression}
          onChange={(event) => void capture.setNoiseSuppression(event.target.checked)}
        />{" "}
        {t("publishing.noiseSuppression")} <small className="text-muted">{t("publishing.noiseHint")}</small>
      </label>
      {isLive ? (
        <div className="row start">
          <button
            type="button"
            className="button small"
            onClick={() => {
              onStop();
              stopPublishing(publishing);
            }}
          >
            <Icon drawing={STOP_ICON} /> {t("publishing.stop")}
          </button>
          <small className="text-muted">{t("publishing.stopHint")}</small>
        </div>
      ) : null}
    </div>
  );
}
