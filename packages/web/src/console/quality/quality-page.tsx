/** Shows the frame of the pages of lesson quality. */
import type { ReactNode } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { SubPages } from "../list/sub-pages.tsx";
import "./quality.css";

const PAGES = [
  { name: "report", path: "/quality" },
  { name: "makeUps", path: "/quality/make-ups" },
] as const;

type QualityPageProps = { readonly page: (typeof PAGES)[number]["name"]; readonly children: ReactNode };

export function QualityPage({ page, children }: QualityPageProps) {
  const { t } = useTranslation();
  const pages = PAGES.map(({ name, path }) => ({ label: t(`quality.pages.${name}`), path, isCurrent: name === page }));
  return (
    <SubPages label={t("nav.quality")} pages={pages}>
      {children}
    </SubPages>
  );
}
