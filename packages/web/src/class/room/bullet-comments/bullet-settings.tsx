/** Shows what a person can choose about bullet comments: whether, how many, how quick, how strong. */
import { Popup } from "@lectern/ui";
import { LINES_ICON } from "@lectern/ui/icons";
import { useTranslation } from "../../../texts/use-translation.ts";
import { Choices } from "../../parts/choices.tsx";
import { DockFace } from "../../parts/dock-face.tsx";
import { type BulletComments, DENSITIES, OPACITIES, SPEEDS } from "./preferences.ts";

export function BulletCommentSettings({ bulletComments: { preferences, change, isReduced } }: { bulletComments: BulletComments }) {
  const { t } = useTranslation();
  const { isShown, density, speed, opacity } = preferences;
  return (
    <Popup
      className="bullet-settings"
      buttonClass="dock-button"
      label={t("bulletComments")}
      face={<DockFace icon={LINES_ICON} label={t("bulletComments")} />}
    >
      {isReduced ? <p className="text-muted">{t("bulletCommentsReduced")}</p> : null}
      <Choices
        label={t("bulletComments")}
        chosen={isShown ? "on" : "off"}
        choices={[
          ["on", t("bulletCommentsShow")],
          ["off", t("bulletCommentsHide")],
        ]}
        onChoose={(value) => change({ isShown: value === "on" })}
      />
      {isShown ? (
        <>
          <Choices
            label={t("density")}
            chosen={density}
            choices={DENSITIES.map((one) => [one, t(`densities.${one}`)])}
            onChoose={(value) => change({ density: value })}
          />
          <Choices
            label={t("speed")}
            chosen={speed}
            choices={SPEEDS.map((one) => [one, t(`speeds.${one}`)])}
            onChoose={(value) => change({ speed: value })}
          />
          <Choices
            label={t("opacity")}
            chosen={opacity}
            choices={OPACITIES.map((one) => [one, t(`opacities.${one}`)])}
            onChoose={(value) => change({ opacity: value })}
          />
        </>
      ) : null}
    </Popup>
  );
}
