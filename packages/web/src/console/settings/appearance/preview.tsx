/** Shows how a page looks with a colour and a logo that are being chosen, in light and in dark. */
import { TabList, TabPanel } from "@lectern/ui";
import { type CSSProperties, useState } from "react";
import type { AccentColors } from "../../../brand/accent-colors.ts";
import { Mark } from "../../../brand/mark.tsx";
import { useTranslation } from "../../../texts/use-translation.ts";

type PreviewProps = {
  readonly school: string;
  /** Null: the colour of the pages. */
  readonly colors: AccentColors | null;
  /** The address of the picture; null: the mark. */
  readonly logo: string | null;
};

const TABS = "appearance-preview";
const THEMES = ["light", "dark"] as const;

export function Preview({ school, colors, logo }: PreviewProps) {
  const { t } = useTranslation();
  const [theme, setTheme] = useState<(typeof THEMES)[number]>("light");
  const chosen = {
    "--school-accent": colors?.light.accent,
    "--school-on-accent": colors?.light.onAccent,
    "--school-accent-dark": colors?.dark.accent,
    "--school-on-accent-dark": colors?.dark.onAccent,
  } as CSSProperties;
  return (
    <section aria-label={t("appearance.preview")}>
      <TabList
        id={TABS}
        label={t("appearance.preview")}
        names={THEMES}
        selected={theme}
        onSelect={setTheme}
        face={(name) => t(`appearance.${name}`)}
      />
      <div style={chosen} data-theme={theme}>
        <TabPanel id={TABS} selected={theme} className="preview">
          <span className="wordmark">
            {logo ? <img src={logo} alt="" /> : <Mark />}
            <span>{school}</span>
          </span>
          <p>
            {t("appearance.sample")} <span className="preview-link">{t("appearance.sampleLink")}</span>
          </p>
          <span className="button primary">{t("appearance.sampleButton")}</span>
        </TabPanel>
      </div>
    </section>
  );
}
