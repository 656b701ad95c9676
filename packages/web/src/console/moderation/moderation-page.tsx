/** Shows the frame of the pages of moderation: links to word lists and content checks, above the page. */
import type { ReactNode } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { SubPages } from "../list/sub-pages.tsx";

const PAGES = [
  { name: "lists", path: "/moderation" },
  { name: "checks", path: "/moderation/checks" },
] as const;

type ModerationPageProps = { readonly page: (typeof PAGES)[number]["name"]; readonly children: ReactNode };

export function ModerationPage({ page, children }: ModerationPageProps) {
  const { t } = useTranslation();
  const pages = PAGES.map(({ name, path }) => ({ label: t(`moderation.pages.${name}`), path, isCurrent: name === page }));
  return (
    <SubPages label={t("nav.moderation")} pages={pages}>
      {children}
    </SubPages>
  );
}
