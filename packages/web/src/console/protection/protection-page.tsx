/** The frame of the pages of protection: links to each of them, above the page. */
import { Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { schoolPath, useSchoolScope } from "../school/school-context.ts";
import "../access/access.css";
import "./protection.css";

const PAGES = [
  { name: "now", path: "/protection" },
  { name: "exemptions", path: "/protection/exemptions" },
] as const;

type ProtectionPageProps = { readonly page: (typeof PAGES)[number]["name"]; readonly children: ReactNode };

export function ProtectionPage({ page, children }: ProtectionPageProps) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  return (
    <Stack>
      <nav className="access-pages" aria-label={t("nav.protection")}>
        {PAGES.map(({ name, path }) => (
          <Link key={name} href={schoolPath(scope, path)} {...(name === page ? { "aria-current": "page" as const } : {})}>
            {t(`protection.pages.${name}`)}
          </Link>
        ))}
      </nav>
      {children}
    </Stack>
  );
}
