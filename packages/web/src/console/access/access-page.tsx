/** The frame of the pages of access: links to each of them, above the page. */
import { Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "wouter";
import { schoolPath, useSchoolScope } from "../school/school-context.ts";
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
  const scope = useSchoolScope();
  return (
    <Stack>
      <nav className="access-pages" aria-label={t("nav.access")}>
        {PAGES.map(({ name, path }) => (
          <Link key={name} href={schoolPath(scope, path)} {...(name === page ? { "aria-current": "page" as const } : {})}>
            {t(`access.pages.${name}`)}
          </Link>
        ))}
      </nav>
      {children}
    </Stack>
  );
}
