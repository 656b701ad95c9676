/** Chooses one of the cameras or microphones that are here. */
import { useId } from "react";
import { useTranslation } from "../../../texts/use-translation.ts";
import { type DeviceKind, listedId } from "../devices/device-choice.ts";
import type { Publishing } from "./use-publishing.ts";

export function DeviceSelect({ publishing: { capture, captured }, kind }: { publishing: Publishing; kind: DeviceKind }) {
  const { t } = useTranslation();
  const id = useId();
  const devices = captured.devices[kind];
  const open = captured[kind].device;
  const chosen = listedId(open, devices);
  if (captured[kind].problem === "denied" || devices.length === 0 || devices.every(({ label }) => label === "")) return null;
  return (
    <div className="device-select">
      <label htmlFor={id}>{t(`publishing.${kind}`)}</label>
      <select id={id} value={chosen} onChange={(event) => void capture.changeDevice(kind, event.target.value)}>
        {chosen === "" ? <option value="">{open?.label ?? "—"}</option> : null}
        {devices.map((device, index) => (
          <option key={device.id} value={device.id}>
            {device.label || `${t(`publishing.${kind}`)} ${index + 1}`}
          </option>
        ))}
      </select>
    </div>
  );
}
