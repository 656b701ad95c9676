/** Shows the navigation of the console: groups of pages that fold. What is folded stays so on this device. */
import { Icon } from "@lectern/ui";
import { DOWN_ICON, RIGHT_ICON } from "@lectern/ui/icons";
import { useEffect, useRef, useState } from "react";
import { Link, useLocation } from "wouter";
import { keepValue, keptValue } from "../../session/kept-values.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { schoolPath, useSchoolScope } from "../school/school-context.ts";
import { type ConsolePage, isAt, type PageGroup, pageGroups } from "./pages.ts";

const FOLDED_KEY = "lectern.console.folded";

export function Navigation({ onNavigate }: { readonly onNavigate: () => void }) {
  const { t } = useTranslation();
  const { isOperator } = useSchoolScope();
  const [folded, setFolded] = useState(() => new Set((keptValue("device", FOLDED_KEY) ?? "").split(" ")));
  const fold = (name: string): void => {
    const next = folded.symmetricDifference(new Set([name]));
    setFolded(next);
    keepValue("device", FOLDED_KEY, [...next].join(" "));
  };
  const nav = useRef<HTMLElement>(null);
  const [location] = useLocation();
  // Where the person is is in sight, also at the end of a long menu. Newer browsers answer with a promise, which is no cleanup.
  // biome-ignore lint/correctness/useExhaustiveDependencies: each page has another link
  useEffect(() => {
    nav.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ block: "nearest" });
  }, [location]);
  return (
    <nav className="console-nav" aria-label={t("menu")} ref={nav}>
      {pageGroups(isOperator).map((group) => (
        <Group
          key={group.pages[0]?.name}
          group={group}
          isFolded={group.name !== null && folded.has(group.name)}
          onFold={fold}
          onNavigate={onNavigate}
        />
      ))}
    </nav>
  );
}

type GroupProps = {
  readonly group: PageGroup;
  readonly isFolded: boolean;
  readonly onFold: (name: string) => void;
  readonly onNavigate: () => void;
};

function Group({ group: { name, pages }, isFolded, onFold, onNavigate }: GroupProps) {
  const { t } = useTranslation();
  const [location] = useLocation();
  // Where the person is stays in sight.
  const shown = isFolded ? pages.filter(({ path }) => isAt(location, path)) : pages;
  return (
    <div className="nav-group">
      {name === null ? null : (
        <button type="button" className="nav-group-name" aria-expanded={!isFolded} onClick={() => onFold(name)}>
          {t(`navGroups.${name}`)}
          <Icon drawing={isFolded ? RIGHT_ICON : DOWN_ICON} />
        </button>
      )}
      {shown.map((page) => (
        <PageLink key={page.name} page={page} isCurrent={isAt(location, page.path)} onNavigate={onNavigate} />
      ))}
    </div>
  );
}

type PageLinkProps = { readonly page: ConsolePage; readonly isCurrent: boolean; readonly onNavigate: () => void };

function PageLink({ page: { name, path, icon }, isCurrent, onNavigate }: PageLinkProps) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  return (
    <Link
      className="nav-link"
      href={schoolPath(scope, path)}
      {...(isCurrent ? { "aria-current": "page" as const } : {})}
      onClick={onNavigate}
    >
      <Icon drawing={icon} />
      {t(`nav.${name}`)}
    </Link>
  );
}
