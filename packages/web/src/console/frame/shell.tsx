/**
 * Shows the frame of the console: at the side the school, the search, the navigation and the person; on a phone behind "Menu", with all of it. The
 * page beside it.
 */
import { Button, Icon, ToastRegion } from "@lectern/ui";
import { ACCOUNT_ICON, CLOSE_ICON, LANGUAGE_ICON, MENU_ICON, SEARCH_ICON, WARNING_ICON } from "@lectern/ui/icons";
import { type ReactNode, useEffect, useState } from "react";
import { Link } from "wouter";
import { Wordmark } from "../../brand/wordmark.tsx";
import { changeLanguage } from "../../i18n.ts";
import { LANGUAGES, otherLanguage } from "../../language.ts";
import { useServerReach } from "../../session/use-server-reach.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useSchoolScope } from "../school/school-context.ts";
import { Navigation } from "./navigation.tsx";
import { Search } from "./search.tsx";
import { SignOutButton } from "./sign-out-button.tsx";
import "./frame.css";

type ShellProps = {
  /** Of the person. */
  readonly name: string;
  readonly children: ReactNode;
};

export function Shell({ name, children }: ShellProps) {
  const { t } = useTranslation();
  const [isOpen, setIsOpen] = useState(false);
  const [isSearching, setIsSearching] = useState(false);
  const reach = useServerReach();
  useSearchKey(() => setIsSearching(true));
  useEffect(() => {
    if (!isOpen) return;
    const close = (event: KeyboardEvent) => event.key === "Escape" && setIsOpen(false);
    addEventListener("keydown", close);
    return () => removeEventListener("keydown", close);
  }, [isOpen]);
  return (
    <div className={isOpen ? "console menu-open" : "console"}>
      <a className="skip-link button primary" href="#console-page">
        {t("skipToPage")}
      </a>
      <header className="console-bar">
        <Button kind="quiet" icon={isOpen ? CLOSE_ICON : MENU_ICON} aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          {t("menu")}
        </Button>
        <Wordmark href="/console" />
        <Button kind="quiet" icon={SEARCH_ICON} onClick={() => setIsSearching(true)}>
          <span className="unseen">{t("searchAll.open")}</span>
        </Button>
      </header>
      <section className="console-side" aria-label={t("menu")}>
        <div className="console-brand">
          <Wordmark href="/console" />
        </div>
        <SchoolSelect />
        <button type="button" className="console-search" onClick={() => setIsSearching(true)}>
          <Icon drawing={SEARCH_ICON} />
          {t("searchAll.open")}
          <kbd>{isApple() ? "⌘K" : "Ctrl K"}</kbd>
        </button>
        <Navigation onNavigate={() => setIsOpen(false)} />
        <div className="console-person">
          <Link className="nav-link" href="/account" aria-label={`${t("account")}: ${name}`} onClick={() => setIsOpen(false)}>
            <Icon drawing={ACCOUNT_ICON} />
            {name}
          </Link>
          <LanguageButton />
          <SignOutButton />
        </div>
      </section>
      <main className={reach === null ? "console-page" : "console-page of-before"} id="console-page">
        <Unreachable since={reach} />
        {children}
      </main>
      {isSearching ? <Search onClose={() => setIsSearching(false)} /> : null}
      <ToastRegion dismissLabel={t("dismiss")} />
    </div>
  );
}

/** @param since when the last answer came, milliseconds since 1970; null: the server is reached */
function Unreachable({ since }: { since: number | null }) {
  const { t, i18n } = useTranslation();
  if (since === null) return null;
  const time = new Date(since).toLocaleTimeString(i18n.language);
  return (
    <div role="alert">
      <p className="console-unreachable">
        <Icon drawing={WARNING_ICON} />
        {t("unreachable", { time })}
      </p>
    </div>
  );
}

function isApple(): boolean {
  return /Mac|iPhone|iPad/.test(navigator.userAgent);
}

/** ⌘K, and Ctrl+K on other systems. */
function useSearchKey(open: () => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key.toLowerCase() !== "k" || !(event.metaKey || event.ctrlKey)) return;
      event.preventDefault();
      open();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
}

/** A select for operators of several schools; all others see the school's name in the mark. */
function SchoolSelect() {
  const { t } = useTranslation();
  const { isOperator, schools, school, select } = useSchoolScope();
  if (!isOperator || schools.length < 2) return null;
  return (
    <div className="field console-school">
      <select aria-label={t("school")} value={school?.id ?? ""} onChange={(event) => select(event.target.value || null)}>
        <option value="">{t("allSchools")}</option>
        {schools.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}

function LanguageButton() {
  const { i18n } = useTranslation();
  const other = otherLanguage(i18n.language);
  return (
    <Button kind="quiet" icon={LANGUAGE_ICON} lang={other} onClick={() => changeLanguage(other)}>
      {LANGUAGES[other]}
    </Button>
  );
}
