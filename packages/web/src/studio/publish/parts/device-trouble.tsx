/** Says in plain words why a device does not open, and what to do in this browser. */
import { useTranslation } from "../../../texts/use-translation.ts";
import type { InputKind } from "../capture/capture-state.ts";
import { browserOf, type DeviceProblem } from "../devices/device-problem.ts";

export function DeviceTrouble({ kind, problem }: { kind: InputKind; problem: DeviceProblem }) {
  const { t } = useTranslation();
  const device = t(`publishing.devices.${kind}`);
  const browser = browserOf(navigator.userAgent, navigator.maxTouchPoints);
  const help =
    problem === "denied" ? t(`publishing.allow.${browser}`) : problem === "denied-by-system" ? t("publishing.allow.system") : null;
  return (
    <p className="device-trouble">
      <strong>{t(`publishing.problem.${problem}`, { device })}</strong> {help}
    </p>
  );
}
