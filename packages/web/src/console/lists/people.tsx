/** Shows the list of a school's people. */

import { Badge, Button, type MenuItem, showToast } from "@lectern/ui";
import { DOWNLOAD_ICON, KEY_ICON, UPLOAD_ICON } from "@lectern/ui/icons";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { api, unwrap } from "../../session/api.ts";
import { errorMessage } from "../../session/error-message.ts";
import { shownName } from "../../texts/shown-name.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { useSentRequests } from "../approvals/use-sent-requests.ts";
import { Arrivals } from "../invitations/arrivals.tsx";
import { type InvitedSelection, InvitePeople } from "../invitations/invite-people.tsx";
import type { BulkAction } from "../list/bulk-actions.tsx";
import type { Field, Values } from "../list/fields-form.tsx";
import { SearchFilter, SelectFilter, useUrlFilter } from "../list/filters.tsx";
import { ListPage } from "../list/list-page.tsx";
import type { Column } from "../list/list-table.tsx";
import { SecretLine } from "../list/secret-line.tsx";
import { nonEmpty } from "../list/url-filters.ts";
import { isOfAllSchools, schoolPath, schoolQuery, useSchoolScope } from "../school/school-context.ts";
import { useFormatDay } from "../school/school-time.ts";
import { Guardians } from "./guardians.tsx";

const ROLES = ["administrator", "teacher", "assistant", "student", "supervisor"] as const;

type User = {
  readonly id: string;
  readonly name: string;
  readonly login: string;
  readonly email: string | null;
  readonly role: string;
  readonly schoolId: string | null;
  readonly disabledAt: string | null;
  readonly signedInAt: string | null;
  readonly invitedAt: string | null;
  readonly version: number;
};

export function People() {
  const { t } = useTranslation();
  const search = useUrlFilter("search");
  const role = useUrlFilter("role");
  const [resetLink, setResetLink] = useState<ResetLink | null>(null);
  const [inviting, setInviting] = useState<InvitedSelection | null>(null);
  const arrival = useUrlFilter("signedIn");
  const [, navigate] = useLocation();
  const place = useSchoolScope();
  const scope = schoolQuery(place);
  const query = {
    ...scope,
    ...nonEmpty({ search: search[0], role: roleOf(role[0]) }),
    ...(arrival[0] === "" ? {} : { signedIn: arrival[0] === "true" }),
  };
  const fields = useFields();
  return (
    <>
      <ListPage
        title={t("nav.people")}
        queryKey={["users", query]}
        path="/users"
        query={query}
        load={(cursor) => unwrap(api().GET("/api/v1/users", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }))}
        keyOf={(user) => user.id}
        nameOf={(user) => user.name}
        filters={
          <>
            <SearchFilter filter={search} />
            <SelectFilter label={t("fields.role")} options={useRoleOptions()} filter={role} />
            <SelectFilter
              label={t("invitations.signIns")}
              options={[
                { value: "false", label: t("invitations.neverSignedIn") },
                { value: "true", label: t("invitations.hasSignedIn") },
              ]}
              filter={arrival}
            />
          </>
        }
        headActions={
          <Button icon={KEY_ICON} disabled={isOfAllSchools(place)} onClick={() => setInviting(scope)}>
            {t("invitations.open")}
          </Button>
        }
        menu={[{ label: t("imports.open"), icon: UPLOAD_ICON, run: () => navigate(schoolPath(place, "/people/import")) }]}
        overview={
          <>
            {scope.schoolId ? <Arrivals schoolId={scope.schoolId} onShowMissing={() => arrival[1]("false")} /> : null}
            {resetLink ? <ResetLinkBox link={resetLink} /> : null}
          </>
        }
        columns={useColumns()}
        rowActions={useRowActions(setResetLink)}
        add={{ fields: fields(null), save: (values) => addUser(scope, values) }}
        edit={{ fields, save: editUser }}
        actions={useActions((people) => setInviting({ ...scope, ...schoolOf(people), userIds: people.map(({ id }) => id) }))}
      />
      {inviting ? <InvitePeople selection={inviting} onClose={() => setInviting(null)} /> : null}
    </>
  );
}

/** An operator of several schools invites people of one at a time. */
function schoolOf([first]: readonly User[]): { schoolId?: string } {
  return first?.schoolId ? { schoolId: first.schoolId } : {};
}

function roleOf(text: string | undefined) {
  return ROLES.find((role) => role === text);
}

function useRoleOptions() {
  const { t } = useTranslation();
  return ROLES.map((value) => ({ value, label: t(`roles.${value}`) }));
}

/** The fields of the form; of an empty one for null. */
function useFields(): (user: User | null) => readonly Field[] {
  const { t } = useTranslation();
  const options = useRoleOptions();
  return (user) => [
    { name: "name", label: t("fields.personName"), required: true, value: user?.name ?? "" },
    { name: "login", label: t("fields.login"), required: true, value: user?.login ?? "" },
    { name: "email", label: t("fields.email"), type: "email", value: user?.email ?? "" },
    { name: "role", label: t("fields.role"), required: true, value: user?.role ?? "student", options },
    ...(user?.role === "student"
      ? [{ name: "guardians", label: t("guardians.title"), input: () => <Guardians key="guardians" userId={user.id} /> }]
      : []),
    ...(user
      ? []
      : [{ name: "password", label: t("fields.password"), hint: t("fields.firstPasswordHint"), type: "password" as const }]),
  ];
}

type ResetLink = { readonly name: string; readonly url: string; readonly hours: number };

/** The link is shown only now, whole on a phone too. */
function ResetLinkBox({ link: { name, url, hours } }: { readonly link: ResetLink }) {
  const { t } = useTranslation();
  return (
    <div className="message-box" role="status">
      <SecretLine key={url} label={t("resetLinkOf", { name, hours })} value={url} />
    </div>
  );
}

function useRowActions(onReset: (link: ResetLink) => void): (user: User) => readonly MenuItem[] {
  const { t } = useTranslation();
  const reset = async ({ id, name }: User): Promise<void> => {
    try {
      const path = { userId: id };
      const { url, hours } = await unwrap(api().POST("/api/v1/users/{userId}/password-reset", { params: { path } }));
      onReset({ name, url, hours });
      scrollTo({ top: 0 });
    } catch (failure) {
      showToast(t("failed", { message: errorMessage(failure, t("offline")) }));
    }
  };
  const download = async (userId: string): Promise<void> => {
    const archive = await unwrap(api().GET("/api/v1/users/{userId}/archive", { params: { path: { userId } } }));
    downloadFile(`person-${userId}.json`, JSON.stringify(archive, null, 2));
  };
  return (user) => [
    { label: t("resetPassword"), icon: KEY_ICON, run: () => void reset(user) },
    { label: t("downloadPersonData"), icon: DOWNLOAD_ICON, run: () => void download(user.id) },
  ];
}

function useColumns(): readonly Column<User>[] {
  const { t } = useTranslation();
  const day = useFormatDay();
  return [
    { label: t("fields.personName"), show: (user) => shownName(user.name, t("erasedPerson")) },
    { label: t("fields.login"), show: (user) => user.login },
    { label: t("fields.email"), show: (user) => <span className="wraps">{user.email ?? ""}</span> },
    { label: t("fields.role"), show: (user) => t(`roles.${user.role}`) },
    {
      label: t("analytics.record"),
      show: ({ id, name, role }) =>
        role === "student" ? (
          <Link href={`/people/${id}/record`} aria-label={t("analytics.recordOf", { name })}>
            {t("analytics.record")}
          </Link>
        ) : (
          ""
        ),
    },
    {
      label: t("fields.state"),
      show: ({ disabledAt, signedInAt, invitedAt }) => {
        if (disabledAt !== null) return <Badge tone="warning">{t("isSuspended")}</Badge>;
        if (signedInAt !== null) return "";
        return (
          <Badge>
            {invitedAt === null ? t("invitations.neverSignedIn") : t("invitations.wasInvited", { day: day(invitedAt) })}
          </Badge>
        );
      },
    },
  ];
}

function useActions(onInvite: (people: readonly User[]) => void): readonly BulkAction<User>[] {
  const { t } = useTranslation();
  const { countSent, sentMessage } = useSentRequests();
  const setDisabled = (disabled: boolean) => (user: User) =>
    unwrap(api().PATCH("/api/v1/users/{userId}", { params: { path: { userId: user.id } }, body: { disabled } }));
  return [
    { label: t("invitations.open"), open: onInvite, appliesTo: ({ disabledAt }) => disabledAt === null },
    {
      label: t("suspend"),
      doneMessage: (count) => t("suspended", { count }),
      run: setDisabled(true),
      undo: setDisabled(false),
      appliesTo: ({ disabledAt }) => disabledAt === null,
    },
    {
      label: t("reinstate"),
      doneMessage: (count) => t("reinstated", { count }),
      run: setDisabled(false),
      undo: setDisabled(true),
      appliesTo: ({ disabledAt }) => disabledAt !== null,
    },
    {
      label: t("secondFactor.remove"),
      doneMessage: (count) => t("secondFactor.removed", { count }),
      run: ({ id }) => unwrap(api().DELETE("/api/v1/users/{userId}/second-factor", { params: { path: { userId: id } } })),
    },
    {
      label: t("erase"),
      doneMessage: (count) => sentMessage() ?? t("erased", { count }),
      run: ({ id, login }) =>
        countSent(unwrap(api().POST("/api/v1/users/{userId}/erase", { params: { path: { userId: id } }, body: { login } }))),
    },
  ];
}

function downloadFile(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  Object.assign(document.createElement("a"), { href: url, download: name }).click();
  URL.revokeObjectURL(url);
}

async function addUser(scope: { schoolId?: string }, values: Values): Promise<undefined> {
  const { name = "", login = "", email, role, password } = values;
  const details = { role: roleOf(role) ?? "student", email: email || null, ...nonEmpty({ password }) };
  await unwrap(api().POST("/api/v1/users", { body: { ...scope, name, login, ...details } }));
}

function editUser({ id, version }: User, { name = "", login = "", email, role }: Values) {
  return unwrap(
    api().PATCH("/api/v1/users/{userId}", {
      params: { path: { userId: id }, header: { "If-Match": `"v${version}"` } },
      body: { name, login, email: email || null, ...nonEmpty({ role: roleOf(role) }) },
    }),
  );
}
