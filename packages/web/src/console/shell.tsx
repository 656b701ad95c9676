/** The frame of the console: header with the school, language and sign-out; navigation; the page. */
import { AppShell, Burger, Button, Group, NavLink, Select, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation } from "wouter";
import { changeLanguage } from "../i18n.ts";
import { LANGUAGES, otherLanguage } from "../language.ts";
import { api, unwrap } from "../session/api.ts";
import { errorCode, errorMessage } from "../session/error-message.ts";
import { forgetSignIn, isSignedOut } from "../session/signed-in.ts";
import { navigationOf, Routes } from "./routes.tsx";
import { schoolPath, useSchoolScope } from "./school/school-context.ts";

export function Shell({ name }: { name: string }) {
  const { t } = useTranslation();
  const [opened, { toggle, close }] = useDisclosure();
  return (
    <AppShell header={{ height: 64 }} navbar={{ width: 220, breakpoint: "sm", collapsed: { mobile: !opened } }} padding="md">
      <AppShell.Header className="console-header">
        <Burger opened={opened} onClick={toggle} hiddenFrom="sm" aria-label={t("menu")} />
        <Title order={2} size="h3">
          Lectern
        </Title>
        <SchoolSelect />
        <Group ml="auto" visibleFrom="sm">
          <Link href="/account" aria-label={`${t("account")}: ${name}`}>
            {name}
          </Link>
          <LanguageButton />
          <SignOutButton />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm">
        <Navigation onNavigate={close} />
      </AppShell.Navbar>
      <AppShell.Main>
        <Routes />
      </AppShell.Main>
    </AppShell>
  );
}

/** A select for operators of several schools; the school's name for all others. */
function SchoolSelect() {
  const { t } = useTranslation();
  const { isOperator, schools, school, select } = useSchoolScope();
  if (!isOperator || schools.length < 2)
    return (
      <span className="school-name" title={school?.name}>
        {school?.name}
      </span>
    );
  return (
    <Select
      aria-label={t("school")}
      placeholder={t("allSchools")}
      clearable
      data={schools.map(({ id, name }) => ({ value: id, label: name }))}
      value={school?.id ?? null}
      onChange={select}
    />
  );
}

function Navigation({ onNavigate }: { onNavigate: () => void }) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const [location, navigate] = useLocation();
  return navigationOf(scope.isOperator).map(({ name, path }) => (
    <NavLink
      key={name}
      href={`/console${schoolPath(scope, path)}`}
      label={t(`nav.${name}`)}
      active={location === path || (path !== "/" && location.startsWith(`${path}/`))}
      onClick={(event) => {
        event.preventDefault();
        navigate(schoolPath(scope, path));
        onNavigate();
      }}
    />
  ));
}

function LanguageButton() {
  const { i18n } = useTranslation();
  const other = otherLanguage(i18n.language);
  return (
    <Button variant="default" lang={other} onClick={() => changeLanguage(other)}>
      {LANGUAGES[other]}
    </Button>
  );
}

export function SignOutButton() {
  const { t } = useTranslation();
  const [error, setError] = useState("");
  const signOut = async (): Promise<void> => {
    try {
      await unwrap(api().DELETE("/api/v1/sessions/current"));
    } catch (failure) {
      // Only the server can end the session and remove its cookie.
      if (!isSignedOut(errorCode(failure))) return setError(errorMessage(failure, t("offline")));
    }
    forgetSignIn();
    window.location.reload();
  };
  return (
    <>
      {error ? <span role="alert">{error}</span> : null}
      <Button variant="default" onClick={() => void signOut()}>
        {t("signOut")}
      </Button>
    </>
  );
}
