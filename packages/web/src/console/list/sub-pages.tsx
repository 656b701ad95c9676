/** The frame of pages that belong together: links to each of them, above the page. */
import { Stack } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { schoolPath, useSchoolScope } from "../school/school-context.ts";

type SubPage = {
  readonly label: string;
  /** Below /console. */
  readonly path: string;
  readonly isCurrent: boolean;
};

type SubPagesProps = { readonly label: string; readonly pages: readonly SubPage[]; readonly children: ReactNode };

export function SubPages({ label, pages, children }: SubPagesProps) {
  const scope = useSchoolScope();
  return (
    <Stack>
      <nav className="tab-row sub-pages" aria-label={label}>
        {pages.map((page) => (
          <Link
            key={page.path}
            href={schoolPath(scope, page.path)}
            {...(page.isCurrent ? { "aria-current": "page" as const } : {})}
          >
            {page.label}
          </Link>
        ))}
      </nav>
      {children}
    </Stack>
  );
}
