/** Shows the frame of pages that belong together: links to each of them, above the page. */
import { Stack } from "@mantine/core";
import { type ReactNode, useEffect, useRef } from "react";
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
  const row = useRef<HTMLElement>(null);
  const current = pages.find(({ isCurrent }) => isCurrent)?.path;
  // On a phone the row is longer than the screen: where the person is is in sight.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page has another link
  useEffect(() => {
    const link = row.current?.querySelector('[aria-current="page"]');
    if (!row.current || !link) return;
    row.current.scrollLeft += Math.max(0, link.getBoundingClientRect().right - row.current.getBoundingClientRect().right);
  }, [current]);
  return (
    <Stack>
      <nav className="tab-row sub-pages" aria-label={label} ref={row}>
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
