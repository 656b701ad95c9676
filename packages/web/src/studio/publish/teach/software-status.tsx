/** Shows how a picture arrives that this page does not send: a word in the bar, and over the stage what is wrong and what to do. */
import { useTranslation } from "../../../texts/use-translation.ts";
import { UplinkSentence, uplinkHealth } from "../../frame/uplink.tsx";
import { UplinkButton } from "../../frame/uplink-button.tsx";
import { useStream } from "../../lesson/use-stream.ts";

export function SoftwareStatus() {
  const { t } = useTranslation();
  const stream = useStream();
  const health = uplinkHealth(stream);
  const isWell = (stream?.uplink.verdict ?? "none") === "none";
  return (
    <>
      <UplinkButton health={health} word={t(`uplinkHealth.${health}`)} />
      <div role="status">
        {isWell || stream === null ? null : (
          <p className="stage-note">
            <UplinkSentence stream={stream} />
          </p>
        )}
      </div>
    </>
  );
}
