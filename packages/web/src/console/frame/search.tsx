/** Shows the search over everything (⌘K): pages of the console, lessons, people and courses. Arrow keys choose, Enter opens. */
import { Dialog, Icon } from "@lectern/ui";
import { ACCOUNT_ICON } from "@lectern/ui/icons";
import { useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useRef, useState } from "react";
import { useLocation } from "wouter";
import { usePaused } from "../../components/use-paused.ts";
import { api, unwrap } from "../../session/api.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { schoolPath, schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { pageGroups } from "./pages.ts";
import { foundPages, foundThings, foundWords, RECORDINGS_KEY, type SearchResult } from "./search-results.ts";
import "./search.css";

const LIMIT = 5;

export function Search({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const [, navigate] = useLocation();
  const [text, setText] = useState("");
  const { results, isAsking } = useResults(text);
  const [chosen, setChosen] = useState(0);
  const at = Math.min(chosen, Math.max(0, results.length - 1));
  const isNothing = results.every(({ key }) => key === RECORDINGS_KEY);
  const listId = useId();
  const open = (found: SearchResult): void => {
    navigate(schoolPath(scope, found.path));
    onClose();
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.nativeEvent.isComposing) return;
    const current = results[at];
    if (event.key === "Enter" && current) open(current);
    // In a field of a search, the key would only empty it.
    else if (event.key === "Escape") onClose();
    else if (event.key === "ArrowDown") setChosen((at + 1) % Math.max(1, results.length));
    else if (event.key === "ArrowUp") setChosen((at + results.length - 1) % Math.max(1, results.length));
    else return;
    event.preventDefault();
  };
  return (
    <Dialog className="search-all" aria-label={t("searchAll.open")} onClose={onClose}>
      <input
        type="search"
        role="combobox"
        aria-label={t("searchAll.open")}
        aria-expanded="true"
        aria-controls={listId}
        {...(results[at] ? { "aria-activedescendant": `${listId}-${at}` } : {})}
        placeholder={t("searchAll.placeholder")}
        autoComplete="off"
        spellCheck={false}
        value={text}
        onKeyDown={onKey}
        onChange={(event) => {
          setText(event.target.value);
          setChosen(0);
        }}
      />
      <div className="search-results">
        <div role="listbox" id={listId} aria-label={t("searchAll.open")}>
          {results.map((found, index) => (
            <Result key={found.key} found={found} id={`${listId}-${index}`} isChosen={index === at} onOpen={() => open(found)} />
          ))}
        </div>
        <p role="status">{!isNothing ? "" : isAsking ? t("loading") : t("searchAll.nothing", { text: text.trim() })}</p>
      </div>
    </Dialog>
  );
}

type ResultProps = { readonly found: SearchResult; readonly id: string; readonly isChosen: boolean; readonly onOpen: () => void };

function Result({ found: { kind, icon, name, more }, id, isChosen, onOpen }: ResultProps) {
  const { t } = useTranslation();
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isChosen) row.current?.scrollIntoView({ block: "nearest" });
  }, [isChosen]);
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the keys
    // biome-ignore lint/a11y/useFocusableInteractive: the field above has the focus
    <div ref={row} className="search-result" role="option" id={id} aria-selected={isChosen} onClick={onOpen}>
      <Icon drawing={icon} />
      <span>{name}</span>
      <small>{more || t(`searchAll.kinds.${kind}`)}</small>
    </div>
  );
}

function useResults(text: string): { readonly results: readonly SearchResult[]; readonly isAsking: boolean } {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const search = usePaused(text.trim());
  const pages = pageGroups(scope.isOperator).flatMap((group) => group.pages);
  const named = [...pages, { name: "account", path: "/account", icon: ACCOUNT_ICON } as const].map((page) => ({
    ...page,
    label: page.name === "account" ? t("account") : t(`nav.${page.name}`),
  }));
  const things = useQuery({
    queryKey: ["search", scope.school?.id, search],
    queryFn: async () => {
      const query = { ...schoolQuery(scope), search, limit: LIMIT };
      const [lessons, people, courses] = await Promise.all([
        unwrap(api().GET("/api/v1/lessons", { params: { query } })),
        unwrap(api().GET("/api/v1/users", { params: { query } })),
        unwrap(api().GET("/api/v1/courses", { params: { query } })),
      ]);
      return foundThings(lessons.items, people.items, courses.items, (role) => t(`roles.${role}`));
    },
    enabled: search !== "",
  });
  const found = search === "" ? [] : (things.data ?? []);
  const inRecordings = search === "" ? [] : [foundWords(search, t("searchAll.inRecordings", { text: search }))];
  return {
    results: [...foundPages(named, text), ...found, ...inRecordings],
    isAsking: search !== text.trim() || things.isFetching,
  };
}
