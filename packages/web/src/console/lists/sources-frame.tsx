/** Shows the frame of the pages of sources: links to channels and to cameras that register here, above the page. */
import type { ReactNode } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { SubPages } from "../list/sub-pages.tsx";

const PAGES = [
  { name: "channels", path: "/sources" },
  { name: "cameras", path: "/sources/cameras" },
] as const;

type SourcesFrameProps = { readonly page: (typeof PAGES)[number]["name"]; readonly children: ReactNode };

export function SourcesFrame({ page, children }: SourcesFrameProps) {
  const { t } = useTranslation();
  const pages = PAGES.map(({ name, path }) => ({ label: t(`cameras.pages.${name}`), path, isCurrent: name === page }));
  return (
    <SubPages label={t("nav.sources")} pages={pages}>
      {children}
    </SubPages>
  );
}
