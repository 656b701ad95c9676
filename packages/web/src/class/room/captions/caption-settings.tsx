/** Shows what a person can choose about captions: whether, how large, where. */
import { Popup } from "@lectern/ui";
import { CAPTIONS_ICON } from "@lectern/ui/icons";
import { useTranslation } from "../../../texts/use-translation.ts";
import { Choices } from "../../parts/choices.tsx";
import { DockFace } from "../../parts/dock-face.tsx";
import { type CaptionChoice, PLACES, SIZES } from "./preferences.ts";

export function CaptionSettings({ captions: { preferences, change } }: { captions: CaptionChoice }) {
  const { t } = useTranslation();
  const { isShown, size, place } = preferences;
  return (
    <Popup
      className="bullet-settings"
      buttonClass="dock-button"
      label={t("captions")}
      face={<DockFace icon={CAPTIONS_ICON} label={t("captions")} />}
    >
      <p className="text-muted">{t("captionsHint")}</p>
      <Choices
        label={t("captions")}
        chosen={isShown ? "on" : "off"}
        choices={[
          ["on", t("captionsShow")],
          ["off", t("captionsHide")],
        ]}
        onChoose={(value) => change({ isShown: value === "on" })}
      />
      {isShown ? (
        <>
          <Choices
            label={t("captionSize")}
            chosen={size}
            choices={SIZES.map((one) => [one, t(`captionSizes.${one}`)])}
            onChoose={(value) => change({ size: value })}
          />
          <Choices
            label={t("captionPlace")}
            chosen={place}
            choices={PLACES.map((one) => [one, t(`captionPlaces.${one}`)])}
            onChoose={(value) => change({ place: value })}
          />
        </>
      ) : null}
    </Popup>
  );
}
