/** Shows the stage of a lesson that streaming software sends: how to set it up, until the picture comes and where it breaks off. */
import type { Lesson } from "@lectern/client";
import { CAMERA_ICON } from "@lectern/ui/icons";
import { loadedLater } from "../../components/loaded-later.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import { DockButton } from "../frame/dock-button.tsx";
import { InPlace } from "../frame/places.tsx";
import { uplinkLimit } from "./devices/uplink-words.ts";
import { FailedAttempts } from "./failed-attempts.tsx";
import { type MeasuredUplink, uplinkOf } from "./parts/use-measured-uplink.ts";
import { ConnectionCheck } from "./prepare/checks.tsx";
import { ObsSwitch } from "./prepare/obs-switch.tsx";
import { SoftwareChecks } from "./prepare/software-checks.tsx";
import { Preview } from "./preview.tsx";
import { SoftwareStatus } from "./teach/software-status.tsx";

// Those who publish from the browser need neither the settings of an encoder nor QR codes.
const PublishSettings = loadedLater(() => import("./prepare/publish-settings.tsx").then((file) => file.PublishSettings));

type SoftwareStageProps = {
  readonly lesson: Lesson;
  readonly access: NonNullable<Lesson["stream"]>;
  readonly isLive: boolean;
  readonly isOnStage: boolean;
  /** What a narrow uplink carries of what is sent now; null while it is enough. */
  readonly uplinkKbps: number | null;
  readonly measured: MeasuredUplink;
  readonly onBrowser: () => void;
};

export function SoftwareStage({ lesson, access, isLive, isOnStage, uplinkKbps, measured, onBrowser }: SoftwareStageProps) {
  const { t } = useTranslation();
  const choice = <ObsSwitch publishWith="software" onPublishWith={onBrowser} />;
  const settings = <PublishSettings stream={access} uplinkKbps={uplinkKbps} measuredKbps={uplinkLimit(uplinkOf(measured))} />;
  if (isOnStage)
    return (
      <Preview lesson={lesson} isLive={isLive} isOnStage notes={<SoftwareStatus />}>
        <InPlace name="own">
          <DockButton icon={CAMERA_ICON} label={t("publishing.with.browser")} onPress={onBrowser} />
        </InPlace>
        {lesson.state === "live" ? null : (
          <div className="stage-panel">
            <SoftwareChecks />
            {choice}
          </div>
        )}
        {isLive ? null : (
          <div className="stage-panel">
            <FailedAttempts />
            <details>
              <summary>{t("publishTitle")}</summary>
              {settings}
            </details>
          </div>
        )}
      </Preview>
    );
  return (
    <Preview lesson={lesson} isLive={isLive} isOnStage={false}>
      <div className="stage-panel large">
        <div className="prepare-foot">
          <p>{t("publishing.softwareHint")}</p>
          {choice}
        </div>
        <FailedAttempts />
        {settings}
        <ol className="checks">
          <ConnectionCheck measured={measured} />
        </ol>
      </div>
    </Preview>
  );
}
