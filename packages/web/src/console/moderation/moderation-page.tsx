/** The frame of the pages of moderation: links to word lists and content checks, above the page. */
import { Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { schoolPath, useSchoolScope } from "../school/school-context.ts";
import "../access/access.css";

const PAGES = [
  { name: "lists", path: "/moderation" },
  { name: "checks", path: "/moderation/checks" },
] as const;

type ModerationPageProps = { readonly page: (typeof PAGES)[number]["name"]; readonly children: ReactNode };

export function ModerationPage({ page, children }: ModerationPageProps) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  return (
    <Stack>
      <nav className="access-pages" aria-label={t("nav.moderation")}>
        {PAGES.map(({ name, path }) => (
          <Link key={name} href={schoolPath(scope, path)} {...(name === page ? { "aria-current": "page" as const } : {})}>
            {t(`moderation.pages.${name}`)}
          </Link>
        ))}
      </nav>
      {children}
    </Stack>
  );
}
