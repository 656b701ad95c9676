/** Shows the frame of the settings: links to each of their pages, above the page. */
import type { ReactNode } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { SubPages } from "../list/sub-pages.tsx";

const PAGES = [
  { name: "general", path: "/settings" },
  { name: "calendar", path: "/settings/calendar" },
  { name: "appearance", path: "/settings/appearance" },
] as const;

type SettingsPageProps = { readonly page: (typeof PAGES)[number]["name"]; readonly children: ReactNode };

export function SettingsPage({ page, children }: SettingsPageProps) {
  const { t } = useTranslation();
  const pages = PAGES.map(({ name, path }) => ({ label: t(`settingsPages.${name}`), path, isCurrent: name === page }));
  return (
    <SubPages label={t("nav.settings")} pages={pages}>
      {children}
    </SubPages>
  );
}
