/** Teaches with streaming software instead of this browser. */
import { useTranslation } from "../../../texts/use-translation.ts";
import type { PublishWith } from "../devices/remembered.ts";

type ObsSwitchProps = { readonly publishWith: PublishWith; readonly onPublishWith: (choice: PublishWith) => void };

export function ObsSwitch({ publishWith, onPublishWith }: ObsSwitchProps) {
  const { t } = useTranslation();
  return (
    <label className="obs-switch">
      <input
        type="checkbox"
        role="switch"
        aria-checked={publishWith === "software"}
        checked={publishWith === "software"}
        onChange={(event) => onPublishWith(event.target.checked ? "software" : "browser")}
      />{" "}
      {t("publishing.with.software")}
    </label>
  );
}
