/** Shows help on the addresses of sources: an example of each form, and what it is for. */
import { useTranslation } from "../../texts/use-translation.ts";

const FORMS = [
  { what: "rtmp", example: "rtmp://HOST/APP/NAME" },
  { what: "flv", example: "https://HOST/live/NAME.flv" },
  { what: "hls", example: "https://HOST/live/NAME.m3u8" },
  { what: "srt", example: "srt://HOST:PORT?streamid=NAME" },
  { what: "rtsp", example: "rtsp://USER:PASSWORD@HOST/PATH" },
] as const;
const OPERATORS_FORMS = [
  { what: "listener", example: "srt://0.0.0.0:9000?mode=listener" },
  { what: "udp", example: "udp://239.0.0.1:1234" },
  { what: "file", example: "file:NAME.mp4" },
] as const;

type AddressHelpProps = {
  readonly isOperator: boolean;
  /** None of the addresses is stored yet. */
  readonly isNew: boolean;
};

export function AddressHelp({ isOperator, isNew }: AddressHelpProps) {
  const { t } = useTranslation();
  const forms = isOperator ? [...FORMS, ...OPERATORS_FORMS] : FORMS;
  return (
    <>
      {t("sources.addressesHint")}
      {forms.map(({ what, example }) => (
        <span key={what} className="address-form">
          <code>{example}</code> {t(`sources.addressesFor.${what}`)}
        </span>
      ))}
      {isNew ? null : t("sources.addressesCovered")}
    </>
  );
}
