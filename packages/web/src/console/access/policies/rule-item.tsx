/** Shows a rule of a policy as a sentence, with what is special about it, where it comes from, and what can be done with it. */
import { Button } from "@mantine/core";
import { Link } from "wouter";
import { useTranslation } from "../../../texts/use-translation.ts";
import { schoolPath, useSchoolScope } from "../../school/school-context.ts";
import type { Rule } from "../rules/rule.ts";
import { OPERATORS_LEVELS, type Target, targetPath, useTargetText } from "./target.ts";
import type { InheritedRule } from "./use-policy.ts";

type OwnRuleProps = {
  readonly rule: Rule;
  readonly sentence: string;
  readonly onEdit: () => void;
  readonly onMode: (mode: Rule["mode"]) => void;
  readonly onRemove: () => void;
};

export function OwnRule({ rule, sentence, onEdit, onMode, onRemove }: OwnRuleProps) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const isDryRun = rule.mode === "dry-run";
  return (
    <li className="rule">
      <RuleText rule={rule} sentence={sentence} />
      <div className="rule-actions">
        <Button variant="default" aria-label={t("policies.editRule", { sentence })} onClick={onEdit}>
          {t("edit")}
        </Button>
        {rule.kind === "watermark" ? null : (
          <Button
            variant={isDryRun ? "filled" : "default"}
            aria-label={t(isDryRun ? "policies.enforceRule" : "policies.tryRule", { sentence })}
            onClick={() => onMode(isDryRun ? "enforce" : "dry-run")}
          >
            {t(isDryRun ? "policies.enforce" : "policies.tryOnly")}
          </Button>
        )}
        <Button variant="default" aria-label={t("policies.removeRule", { sentence })} onClick={onRemove}>
          {t("policies.remove")}
        </Button>
        {isDryRun ? <Link href={schoolPath(scope, `/access/refusals?rule=${rule.kind}`)}>{t("policies.seeRefusals")}</Link> : null}
      </div>
    </li>
  );
}

export function RuleFromAbove({ rule: { rule, source, replacedBy }, sentence }: { rule: InheritedRule; sentence: string }) {
  const { t } = useTranslation();
  const replacing = useTargetText(replacedBy);
  return (
    <li className={replacedBy ? "rule replaced" : "rule"}>
      <RuleText rule={rule} sentence={sentence} />
      <small className="text-muted">
        <SourceLink source={source} />
      </small>
      {replacedBy ? <small>{t("policies.replacedBy", { name: replacing })}</small> : null}
    </li>
  );
}

/** A policy that the person may open is a link. */
function SourceLink({ source }: { source: Target }) {
  const { t } = useTranslation();
  const scope = useSchoolScope();
  const name = useTargetText(source);
  const text = t("policies.from", { name });
  const mayOpen = scope.isOperator || !OPERATORS_LEVELS.includes(source.level);
  return mayOpen ? <Link href={schoolPath(scope, targetPath(source))}>{text}</Link> : text;
}

function RuleText({ rule, sentence }: { rule: Rule; sentence: string }) {
  const { t } = useTranslation();
  const marks = [
    ...(rule.mode === "dry-run" ? [{ name: "isDryRun", tone: "trial" }] : []),
    ...(rule.locked ? [{ name: "isLocked", tone: "" }] : []),
    ...(rule.combine === "replace" ? [{ name: "isReplacing", tone: "" }] : []),
  ];
  return (
    <>
      <span className="rule-head">
        <strong>{t(`rules.kinds.${rule.kind}`)}</strong>
        {marks.map(({ name, tone }) => (
          <span key={name} className={`rule-mark ${tone}`}>
            {t(`rules.${name}`)}
          </span>
        ))}
      </span>
      <span className="rule-sentence">{sentence}</span>
    </>
  );
}
