/** Shows `/console`: the administration of a school and of the platform. Everything here is also in the API. */

import { serverClock } from "@lectern/player/server-clock";
import { SkeletonRows } from "@lectern/ui";
import "../class/class.css";
import { QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { Route, Router, Switch, useSearchParams } from "wouter";
import { loadBrand } from "../brand/brand.ts";
import { initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";
import { api, unwrap } from "../session/api.ts";
import { keepValue, keptValue } from "../session/kept-values.ts";
import { pageQueries } from "../session/queries.ts";
import { useSignedInQuery } from "../session/use-signed-in-query.ts";
import { SignIn } from "../sign-in/sign-in.tsx";
import { useTranslation } from "../texts/use-translation.ts";
import { Shell } from "./frame/shell.tsx";
import { SignOutButton } from "./frame/sign-out-button.tsx";
import { CONSOLE_MESSAGES } from "./messages/messages.ts";
import { BigScreen, MantineFrame, OwnPages, RequiredFactor, Routes } from "./routes.tsx";
import { type SchoolScope, SchoolScopeContext, shownSchool } from "./school/school-context.ts";

initTranslations(CONSOLE_MESSAGES);

const RELOADED_KEY = "lectern.console.reloaded";
const RELOAD_PAUSE_MS = 60_000;
const ADMINISTRATORS = ["operator", "administrator"];

function Loading() {
  const { t } = useTranslation();
  return (
    <main className="card">
      <SkeletonRows rows={3} label={t("loading")} />
    </main>
  );
}

function Page() {
  const { t } = useTranslation();
  const me = useSignedInQuery("me", () => unwrap(api().GET("/api/v1/me")));
  // Until there is a second factor, the API gives nothing else.
  const isInside = me.data !== undefined && !me.data.needsSecondFactor;
  useEffect(() => {
    if (isInside) void loadBrand();
  }, [isInside]);
  if (!me.signedIn) return <SignIn onDone={me.onSignedIn} />;
  if (!me.data) return me.error ? <p role="status">{t("offline")}</p> : <Loading />;
  const { user, name, role, schoolId } = me.data;
  if (me.data.needsSecondFactor) {
    return (
      <main className="card">
        <MantineFrame>
          <RequiredFactor />
        </MantineFrame>
        <SignOutButton />
      </main>
    );
  }
  if (!ADMINISTRATORS.includes(role))
    return (
      <MantineFrame>
        <OwnPages id={user?.id ?? null} role={role} />
      </MantineFrame>
    );
  return <Administration isOperator={role === "operator"} ownSchoolId={schoolId} name={name} />;
}

type AdministrationProps = {
  readonly isOperator: boolean;
  /** Null for an operator. */
  readonly ownSchoolId: string | null;
  readonly name: string;
};

function Administration({ isOperator, ownSchoolId, name }: AdministrationProps) {
  const [parameters, setParameters] = useSearchParams();
  const query = useQuery({
    queryKey: ["schools"],
    queryFn: () => unwrap(api().GET("/api/v1/schools", { params: { query: { limit: 1000 } } })),
  });
  // Lists are of a school: shown before it is known, they would load twice, and lose what was selected in between.
  if (query.isPending) return <Loading />;
  const schools = query.data?.items ?? [];
  const scope: SchoolScope = {
    isOperator,
    schools,
    school: shownSchool(schools, ownSchoolId, parameters.get("school")),
    select: (id) => setParameters(id ? { school: id } : {}),
  };
  return (
    <SchoolScopeContext.Provider value={scope}>
      <Switch>
        <Route path="/screen">
          <MantineFrame>
            <BigScreen />
          </MantineFrame>
        </Route>
        <Route>
          <Shell name={name}>
            <Routes />
          </Shell>
        </Route>
      </Switch>
    </SchoolScopeContext.Provider>
  );
}

// After an upgrade of the server, the files of a page that was opened before are gone: it is loaded again, but not over and over.
addEventListener("vite:preloadError", () => {
  const now = serverClock.now();
  if (now - Number(keptValue("tab", RELOADED_KEY)) < RELOAD_PAUSE_MS) return;
  keepValue("tab", RELOADED_KEY, String(now));
  location.reload();
});
mountPage(
  <QueryClientProvider client={pageQueries()}>
    <Router base="/console">
      <Page />
    </Router>
  </QueryClientProvider>,
);
