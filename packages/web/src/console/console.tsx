/** `/console`: the school's and the platform's administration. Everything here is the API's, and can be had there. */
import "@mantine/core/styles.css";
import "../class/class.css";
import "./console.css";
import { AppShell, Burger, Button, Group, MantineProvider, NavLink, Select, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Route, Router, Switch, useLocation, useSearchParams } from "wouter";
import { changeLanguage, initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";
import { api, saveSessionToken, unwrap } from "../session/api.ts";
import { SignIn } from "../session/sign-in.tsx";
import { useSignedInQuery } from "../session/use-signed-in-query.ts";
import { Home } from "./home/home.tsx";
import { Alarms } from "./lists/alarms.tsx";
import { Audit } from "./lists/audit.tsx";
import { Courses } from "./lists/courses.tsx";
import { Keys } from "./lists/keys.tsx";
import { Lessons } from "./lists/lessons.tsx";
import { People } from "./lists/people.tsx";
import { Recordings } from "./lists/recordings.tsx";
import { Schools } from "./lists/schools.tsx";
import { Streams } from "./lists/streams.tsx";
import { Deliveries, Webhooks } from "./lists/webhooks.tsx";
import { CONSOLE_MESSAGES } from "./messages.ts";
import { MyLessons } from "./my-lessons.tsx";
import { Nodes } from "./nodes/nodes.tsx";
import { type SchoolScope, SchoolScopeContext, useSchoolScope } from "./school/school-context.ts";
import { Settings } from "./settings.tsx";
import { Timetable } from "./timetable/timetable.tsx";

initTranslations(CONSOLE_MESSAGES);

const HEADS = ["operator", "administrator"];

function Page() {
  const { t } = useTranslation();
  const me = useSignedInQuery("me", () => unwrap(api().GET("/api/v1/me")));
  if (!me.signedIn) return <SignIn onDone={me.onSignedIn} />;
  if (!me.data) return <p role="status">{me.trouble ? t("offline") : ""}</p>;
  if (!HEADS.includes(me.data.role)) {
    return (
      <main className="card">
        <MyLessons />
        <SignOut />
      </main>
    );
  }
  return <Inside isOperator={me.data.role === "operator"} own={me.data.schoolId} name={me.data.name} />;
}

function Inside({ isOperator, own, name }: { isOperator: boolean; own: string | null; name: string }) {
  const [parameters, setParameters] = useSearchParams();
  const schools = useQuery({
    queryKey: ["schools"],
    queryFn: () => unwrap(api().GET("/api/v1/schools", { params: { query: { limit: 1000 } } })),
  });
  const all = schools.data?.items ?? [];
  const asked = parameters.get("school");
  const schoolId = own ?? all.find(({ id }) => id === asked)?.id ?? (all.length === 1 ? (all[0]?.id ?? null) : null);
  const place: SchoolScope = {
    isOperator,
    schools: all,
    school: all.find(({ id }) => id === schoolId) ?? null,
    choose: (id) => setParameters(id ? { school: id } : {}),
  };
  return (
    <SchoolScopeContext.Provider value={place}>
      <Shell name={name} />
    </SchoolScopeContext.Provider>
  );
}

function Shell({ name }: { name: string }) {
  const { t, i18n } = useTranslation();
  const place = useSchoolScope();
  const [location, go] = useLocation();
  const [opened, { toggle, close }] = useDisclosure();
  const pages = [
    "home",
    "timetable",
    "lessons",
    "courses",
    "recordings",
    "people",
    ...(place.isOperator ? ["schools"] : []),
    "streams",
    ...(place.isOperator ? ["nodes"] : []),
    "alarms",
    "webhooks",
    "keys",
    "audit",
    "settings",
  ];
  const addressOf = (page: string) => (page === "home" ? "/" : `/${page}`);
  const query = place.school && place.schools.length > 1 ? `?school=${place.school.id}` : "";
  return (
    <AppShell header={{ height: 64 }} navbar={{ width: 220, breakpoint: "sm", collapsed: { mobile: !opened } }} padding="md">
      <AppShell.Header className="console-header">
        <Burger opened={opened} onClick={toggle} hiddenFrom="sm" aria-label={t("menu")} />
        <Title order={2} size="h3">
          Lectern
        </Title>
        {place.isOperator && place.schools.length > 1 ? (
          <Select
            aria-label={t("school")}
            placeholder={t("allSchools")}
            clearable
            data={place.schools.map((school) => ({ value: school.id, label: school.name }))}
            value={place.school?.id ?? null}
            onChange={place.choose}
          />
        ) : (
          <span>{place.school?.name}</span>
        )}
        <Group ml="auto" visibleFrom="sm">
          <span className="text-muted">{name}</span>
          <Button variant="default" onClick={() => changeLanguage(i18n.language === "en" ? "zh-CN" : "en")}>
            {i18n.language === "en" ? "中文" : "English"}
          </Button>
          <SignOut />
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="sm">
        {pages.map((page) => (
          <NavLink
            key={page}
            href={`/console${addressOf(page)}${query}`}
            label={t(`nav.${page}`)}
            active={location === addressOf(page)}
            onClick={(event) => {
              event.preventDefault();
              go(addressOf(page) + query);
              close();
            }}
          />
        ))}
      </AppShell.Navbar>
      <AppShell.Main>
        <Switch>
          <Route path="/timetable" component={Timetable} />
          <Route path="/lessons" component={Lessons} />
          <Route path="/courses" component={Courses} />
          <Route path="/recordings" component={Recordings} />
          <Route path="/people" component={People} />
          <Route path="/schools" component={Schools} />
          <Route path="/streams" component={Streams} />
          <Route path="/nodes" component={Nodes} />
          <Route path="/alarms" component={Alarms} />
          <Route path="/webhooks" component={Webhooks} />
          <Route path="/webhooks/:id">{({ id }) => <Deliveries webhookId={id} />}</Route>
          <Route path="/keys" component={Keys} />
          <Route path="/audit" component={Audit} />
          <Route path="/settings" component={Settings} />
          <Route component={Home} />
        </Switch>
      </AppShell.Main>
    </AppShell>
  );
}

function SignOut() {
  const { t } = useTranslation();
  const leave = async (): Promise<void> => {
    await unwrap(api().DELETE("/api/v1/sessions/current")).catch(() => {});
    saveSessionToken(null);
    window.location.reload();
  };
  return (
    <Button variant="default" onClick={() => void leave()}>
      {t("signOut")}
    </Button>
  );
}

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
mountPage(
  <MantineProvider defaultColorScheme="auto" theme={{ primaryColor: "cyan", primaryShade: 9 }} getStyleNonce={() => nonce}>
    <QueryClientProvider client={new QueryClient({ defaultOptions: { queries: { retry: false } } })}>
      <Router base="/console">
        <Page />
      </Router>
    </QueryClientProvider>
  </MantineProvider>,
);
