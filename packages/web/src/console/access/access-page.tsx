/** Shows the frame of the pages of access: links to each of them, above the page. */
import type { ReactNode } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { SubPages } from "../list/sub-pages.tsx";
import "./access.css";

const PAGES = [
  { name: "policies", path: "/access" },
  { name: "lists", path: "/access/lists" },
  { name: "keys", path: "/access/keys" },
  { name: "explain", path: "/access/explain" },
  { name: "refusals", path: "/access/refusals" },
] as const;

type AccessPageProps = { readonly page: (typeof PAGES)[number]["name"]; readonly children: ReactNode };

export function AccessPage({ page, children }: AccessPageProps) {
  const { t } = useTranslation();
  const pages = PAGES.map(({ name, path }) => ({ label: t(`access.pages.${name}`), path, isCurrent: name === page }));
  return (
    <SubPages label={t("nav.access")} pages={pages}>
      {children}
    </SubPages>
  );
}
