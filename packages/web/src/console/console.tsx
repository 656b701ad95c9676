/** `/console`: the administration of a school and of the platform. Everything here is also in the API. */
import "@mantine/core/styles.css";
import "../class/class.css";
import "./console.css";
import { MantineProvider } from "@mantine/core";
import { QueryClient, QueryClientProvider, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Route, Router, Switch, useSearchParams } from "wouter";
import { initTranslations } from "../i18n.ts";
import { mountPage } from "../mount-page.tsx";
import { api, unwrap } from "../session/api.ts";
import { SignIn } from "../session/sign-in.tsx";
import { useSignedInQuery } from "../session/use-signed-in-query.ts";
import { SecondFactor } from "./account/second-factor.tsx";
import { CONSOLE_MESSAGES } from "./messages/messages.ts";
import { BigScreen } from "./monitoring/big-screen.tsx";
import { OwnPages } from "./own-pages.tsx";
import { type SchoolScope, SchoolScopeContext, shownSchool } from "./school/school-context.ts";
import { Shell, SignOutButton } from "./shell.tsx";

initTranslations(CONSOLE_MESSAGES);

const ADMINISTRATORS = ["operator", "administrator"];

function Page() {
  const { t } = useTranslation();
  const me = useSignedInQuery("me", () => unwrap(api().GET("/api/v1/me")));
  if (!me.signedIn) return <SignIn onDone={me.onSignedIn} />;
  if (!me.data) return <p role="status">{me.error ? t("offline") : ""}</p>;
  const { user, name, role, schoolId } = me.data;
  if (me.data.needsSecondFactor) {
    return (
      <main className="card">
        <SecondFactor />
        <a className="button" href="/console">
          {t("continue")}
        </a>
        <SignOutButton />
      </main>
    );
  }
  if (!ADMINISTRATORS.includes(role)) return <OwnPages id={user?.id ?? null} role={role} />;
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
  if (query.isPending) return <p role="status" />;
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
        <Route path="/screen" component={BigScreen} />
        <Route>
          <Shell name={name} />
        </Route>
      </Switch>
    </SchoolScopeContext.Provider>
  );
}

// The Content-Security-Policy allows Mantine's generated styles only with the nonce of this answer.
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
