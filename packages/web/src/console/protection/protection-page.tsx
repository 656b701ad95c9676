/** Shows the frame of the pages of protection: links to each of them, above the page. */
import type { ReactNode } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { SubPages } from "../list/sub-pages.tsx";
import "./protection.css";

const PAGES = [
  { name: "now", path: "/protection" },
  { name: "exemptions", path: "/protection/exemptions" },
  { name: "degradation", path: "/protection/degradation" },
] as const;

type ProtectionPageProps = { readonly page: (typeof PAGES)[number]["name"]; readonly children: ReactNode };

export function ProtectionPage({ page, children }: ProtectionPageProps) {
  const { t } = useTranslation();
  const pages = PAGES.map(({ name, path }) => ({ label: t(`protection.pages.${name}`), path, isCurrent: name === page }));
  return (
    <SubPages label={t("nav.protection")} pages={pages}>
      {children}
    </SubPages>
  );
}
