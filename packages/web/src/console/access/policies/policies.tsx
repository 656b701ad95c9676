/** Shows the list of policies: what each is for, and how many rules it has. */
import type { Policy } from "@lectern/client";
import { Link, useLocation } from "wouter";
import { api, unwrap } from "../../../session/api.ts";
import { type Translate, useTranslation } from "../../../texts/use-translation.ts";
import type { BulkAction } from "../../list/bulk-actions.tsx";
import type { Field, Values } from "../../list/fields-form.tsx";
import { SelectFilter, useUrlFilter } from "../../list/filters.tsx";
import { ListPage } from "../../list/list-page.tsx";
import type { Column } from "../../list/list-table.tsx";
import { nonEmpty } from "../../list/url-filters.ts";
import { schoolPath, useSchoolScope } from "../../school/school-context.ts";
import { useFormatTime } from "../../school/school-time.ts";
import { AccessPage } from "../access-page.tsx";
import { ownedQuery } from "../owner.ts";
import { apiRules } from "../rules/rule.ts";
import { LEVELS, OPERATORS_LEVELS, type Target, targetName, targetPath } from "./target.ts";
import { type TargetOptions, useTargetOptions } from "./use-target-options.ts";

/** A policy with the name of what it is for. */
type NamedPolicy = { readonly policy: Policy; readonly name: string };

export function Policies() {
  const { t } = useTranslation();
  const place = useSchoolScope();
  const [, navigate] = useLocation();
  const level = useUrlFilter("level");
  const levels = LEVELS.filter((one) => place.isOperator || !OPERATORS_LEVELS.includes(one));
  const query = { ...ownedQuery(place), ...nonEmpty({ level: levels.find((one) => one === level[0]) }) };
  const load = async (cursor: string | undefined) => {
    const page = await unwrap(api().GET("/api/v1/policies", { params: { query: { ...query, ...nonEmpty({ cursor }) } } }));
    const named = page.items.map(async (policy) => ({ policy, name: await targetName(policy.target, place.schools) }));
    return { items: await Promise.all(named), nextCursor: page.nextCursor };
  };
  return (
    <AccessPage page="policies">
      <ListPage
        title={t("access.pages.policies")}
        hint={t("policies.hint")}
        queryKey={["policies", query]}
        path="/policies"
        query={query}
        load={load}
        keyOf={({ policy }) => policy.id}
        nameOf={({ policy: { target }, name }) => `${t(`policies.levels.${target.level}`)} ${name}`.trim()}
        filters={
          <SelectFilter
            label={t("policies.level")}
            options={levels.map((value) => ({ value, label: t(`policies.levels.${value}`) }))}
            filter={level}
          />
        }
        columns={useColumns()}
        add={{
          fields: targetFields(levels, useTargetOptions(), t),
          submitLabel: t("policies.open"),
          save: async (values) => {
            navigate(schoolPath(place, targetPath(targetOf(values))));
            return undefined;
          },
        }}
        actions={useActions()}
        emptyText={t("policies.empty")}
        noMatchText={t("policies.noMatch")}
      />
    </AccessPage>
  );
}

function useColumns(): readonly Column<NamedPolicy>[] {
  const { t } = useTranslation();
  const time = useFormatTime();
  const place = useSchoolScope();
  return [
    {
      label: t("policies.for"),
      show: ({ policy: { target }, name }) => (
        <span className="policy-target">
          <Link className="wraps" href={schoolPath(place, targetPath(target))}>
            {name || t(`policies.levels.${target.level}`)}
          </Link>
          {name ? <small className="text-muted">{t(`policies.levels.${target.level}`)}</small> : null}
        </span>
      ),
    },
    {
      label: t("policies.rules"),
      show: ({ policy: { rules } }) => {
        const dryRuns = rules.filter(({ mode }) => mode === "dry-run").length;
        const kinds = [...new Set(rules.map(({ kind }) => t(`rules.kinds.${kind}`)))];
        return (
          <span className="policy-target">
            <span>
              {t("policies.ruleCount", { count: rules.length })}
              {dryRuns > 0 ? ` (${t("policies.dryRuns", { count: dryRuns })})` : ""}
            </span>
            <small className="text-muted wraps">{kinds.join(" · ")}</small>
          </span>
        );
      },
    },
    { label: t("fields.since"), show: ({ policy }) => time(policy.createdAt) },
  ];
}

function useActions(): readonly BulkAction<NamedPolicy>[] {
  const { t } = useTranslation();
  return [
    {
      label: t("delete"),
      doneMessage: (count) => t("deletedPermanently", { count }),
      run: ({ policy }) => unwrap(api().DELETE("/api/v1/policies/{policyId}", { params: { path: { policyId: policy.id } } })),
      undo: ({ policy: { target, rules } }) => unwrap(api().POST("/api/v1/policies", { body: { target, rules: apiRules(rules) } })),
    },
  ];
}

/** The form that asks what a policy is for. */
function targetFields(levels: readonly Target["level"][], options: TargetOptions, t: Translate): readonly Field[] {
  const first = levels.find((level) => level === "course") ?? "school";
  return [
    {
      name: "level",
      label: t("policies.chooseLevel"),
      required: true,
      value: first,
      options: levels.map((value) => ({ value, label: t(`policies.levels.${value}`) })),
    },
    ...(["school", "course", "lesson", "recording"] as const).map((level) => ({
      name: level,
      label: t(`policies.levels.${level}`),
      required: true,
      searchable: true,
      value: level === "school" ? (options.school?.[0]?.value ?? "") : "",
      options: options[level] ?? [],
      isShown: (values: Values) => values["level"] === level,
    })),
    {
      name: "stream",
      label: t("policies.levels.stream"),
      required: true,
      hint: t("policies.streamHint"),
      isShown: ({ level }) => level === "stream",
    },
  ];
}

function targetOf(values: Values): Target {
  const level = LEVELS.find((one) => one === values["level"]) ?? "installation";
  return { level, id: level === "installation" ? "" : (values[level] ?? "").trim() };
}
