/** Shows who may watch something: its own rules, which can be changed, and the rules from above, with what replaces what. */
import { Alert, Button, Group, Stack, Title } from "@mantine/core";
import { useState } from "react";
import { Link, useSearchParams } from "wouter";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { CopyChangeAsCurl, CopyListAsCurl } from "../../list/copy-as-curl.tsx";
import { FieldsForm } from "../../list/fields-form.tsx";
import { schoolPath, useSchoolScope } from "../../school/school-context.ts";
import { useTimeZone } from "../../school/school-time.ts";
import { AccessPage } from "../access-page.tsx";
import type { Rule } from "../rules/rule.ts";
import { ruleFields, ruleTexts } from "../rules/rule-fields.tsx";
import { ruleSentence } from "../rules/rule-sentence.ts";
import { newRuleValues, ruleOf, ruleValues } from "../rules/rule-values.ts";
import { Policies } from "./policies.tsx";
import { OwnRule, RuleFromAbove } from "./rule-item.tsx";
import { type Target, targetOfQuery, useTargetText } from "./target.ts";
import { useNamedThings } from "./use-named-things.ts";
import { type LoadedPolicy, type PolicyNotice, usePolicy } from "./use-policy.ts";

export function PolicyPage() {
  const [parameters] = useSearchParams();
  const target = targetOfQuery(parameters);
  // The address has lost its target where an operator has chosen another school.
  if (!target) return <Policies />;
  return <PolicyOf key={`${target.level} ${target.id}`} asked={target} />;
}

type PolicyState = ReturnType<typeof usePolicy>;

function PolicyOf({ asked }: { asked: Target }) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const state = usePolicy(asked);
  const { loaded, notice } = state;
  const name = useTargetText(loaded.data?.target ?? asked);
  return (
    <AccessPage page="policies">
      <span className="row-links">
        <Link href={schoolPath(scope, "/access")}>{t("policies.all")}</Link>
        {asked.level === "lesson" ? (
          <Link href={schoolPath(scope, `/access/explain?lesson=${asked.id}`)}>{t("policies.explain")}</Link>
        ) : null}
      </span>
      <Group justify="space-between">
        <Title order={1}>{t("access.whoMayWatchOne", { name })}</Title>
        <CopyListAsCurl path="/policies/effective" query={{ level: asked.level, id: asked.id }} />
      </Group>
      {notice ? <Notice notice={notice} /> : null}
      {loaded.error ? (
        <Alert color="red" role="alert">
          {t("failed", { message: errorMessage(loaded.error, t("offline")) })}
        </Alert>
      ) : null}
      {loaded.data ? <Rules loaded={loaded.data} state={state} /> : null}
    </AccessPage>
  );
}

function Notice({ notice: { message, undo, isError } }: { notice: PolicyNotice }) {
  const { t } = useTranslation();
  return (
    <Alert role={isError ? "alert" : "status"} {...(isError ? { color: "red" } : {})}>
      <Group>
        {message}
        {undo ? (
          <Button variant="default" onClick={() => void undo()}>
            {t("undo")}
          </Button>
        ) : null}
        {isError ? null : <CopyChangeAsCurl />}
      </Group>
    </Alert>
  );
}

/** What is open: the form of a rule by its place, or that of a new one. */
type Open = number | "new" | null;

function Rules({ loaded: { policy, inherited, target }, state }: { loaded: LoadedPolicy; state: PolicyState }) {
  const { t, i18n } = useTranslation();
  const [open, setOpen] = useState<Open>(null);
  const { school } = useSchoolScope();
  const things = useNamedThings(policy?.schoolId ?? (target.level === "installation" ? null : (school?.id ?? null)));
  const sentence = (rule: Rule) => ruleSentence(rule, { t, language: i18n.language, names: things.names });
  const own: readonly Rule[] = policy?.rules ?? [];
  const { save, trySave } = state;
  const setMode = (rule: Rule, index: number, mode: Rule["mode"]) =>
    trySave(
      (rules) => rules.with(index, { ...rule, mode }),
      t(mode === "enforce" ? "policies.ruleEnforced" : "policies.ruleTried"),
    );
  /** Another may have been opened while this one was saved. */
  const close = (one: Open) => setOpen((now) => (now === one ? null : now));
  return (
    <>
      <Stack component="section" gap="xs" aria-label={t("policies.ownRules")}>
        <Title order={2}>{t("policies.ownRules")}</Title>
        {own.length === 0 && open !== "new" ? <p className="text-muted">{t("policies.noOwnRules")}</p> : null}
        <ul className="rules">
          {own.map((rule, index) =>
            open === index ? (
              <li key={`form ${sentence(rule)}`} className="rule">
                <strong>{t(`rules.kinds.${rule.kind}`)}</strong>
                <RuleForm
                  rule={rule}
                  things={things}
                  onSave={(changed) => save((rules) => rules.with(index, changed), t("policies.ruleSaved"))}
                  onClose={() => close(index)}
                />
              </li>
            ) : (
              <OwnRule
                // biome-ignore lint/suspicious/noArrayIndexKey: two rules may be the same
                key={`${index} ${rule.kind}`}
                rule={rule}
                sentence={sentence(rule)}
                onEdit={() => setOpen(index)}
                onMode={(mode) => void setMode(rule, index, mode)}
                onRemove={() => void trySave((rules) => rules.toSpliced(index, 1), t("policies.ruleRemoved"))}
              />
            ),
          )}
        </ul>
        {open === "new" ? (
          <RuleForm
            rule={null}
            things={things}
            onSave={(rule) => save((rules) => [...rules, rule], t("policies.ruleAdded"))}
            onClose={() => close("new")}
          />
        ) : (
          <Button className="add-rule" onClick={() => setOpen("new")}>
            {t("policies.addRule")}
          </Button>
        )}
      </Stack>
      {target.level === "installation" ? null : (
        <Stack component="section" gap="xs" aria-label={t("policies.fromAbove")}>
          <Title order={2}>{t("policies.fromAbove")}</Title>
          {inherited.length === 0 ? <p className="text-muted">{t("policies.noneFromAbove")}</p> : null}
          <ul className="rules">
            {inherited.map((one, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: two rules may be the same
              <RuleFromAbove key={index} rule={one} sentence={sentence(one.rule)} />
            ))}
          </ul>
        </Stack>
      )}
    </>
  );
}

type RuleFormProps = {
  /** Null: a new one. */
  readonly rule: Rule | null;
  readonly things: ReturnType<typeof useNamedThings>;
  readonly onSave: (rule: Rule) => Promise<void>;
  readonly onClose: () => void;
};

function RuleForm({ rule, things, onSave, onClose }: RuleFormProps) {
  const { t, i18n } = useTranslation();
  const zone = useTimeZone();
  const values = rule ? ruleValues(rule) : newRuleValues(zone);
  return (
    <FieldsForm
      fields={ruleFields(values, rule === null, { t, language: i18n.language, ...things })}
      onSubmit={async (given) => {
        await onSave(ruleOf({ ...values, ...given }, ruleTexts(t)));
        return undefined;
      }}
      submitLabel={rule ? t("save") : t("policies.addRule")}
      queryKey={["policies"]}
      onDone={onClose}
      onCancel={onClose}
    />
  );
}
