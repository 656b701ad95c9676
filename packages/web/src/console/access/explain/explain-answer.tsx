/** Shows the answer of an explanation: let in or refused, by which rule of which policy, and the decisions of all rules. */
import { Alert, Table, Title } from "@mantine/core";
import { Link } from "wouter";
import { useTranslation } from "../../../texts/use-translation.ts";
import { TableScroll } from "../../list/table-scroll.tsx";
import { schoolPath, useSchoolScope } from "../../school/school-context.ts";
import { OPERATORS_LEVELS, type Target, targetPath, useTargetText } from "../policies/target.ts";
import { ruleName } from "../rules/refused-request.ts";
import { RULE_KINDS } from "../rules/rule.ts";
import { carrierName } from "../rules/rule-sentence.ts";
import type { Explanation } from "./explain-request.ts";

type Decision = Explanation["decisions"][number];

const SILENT = ["allow", "pass", "skip"];

export function ExplainAnswer({ answer }: { answer: Explanation }) {
  const { t } = useTranslation();
  const { allowed, code, detail, decisions } = answer;
  return (
    <section className="explain-answer" aria-label={t("explain.decisions")}>
      <Alert role="status" color={allowed ? "green" : "red"}>
        <strong>{allowed ? t("explain.allowed") : t("explain.refused", { detail: detail ?? code ?? "" })}</strong>
        <DecidingRule answer={answer} />
        <Place place={answer.place} />
      </Alert>
      {decisions.length > 0 ? <Decisions decisions={decisions} /> : null}
    </section>
  );
}

/** The rule that refuses, with its policy. */
function DecidingRule({ answer: { rule, decisions } }: { answer: Explanation }) {
  const { t } = useTranslation();
  const deciding = decisions.find((one) => one.rule === rule && one.mode === "enforce" && !SILENT.includes(one.decision));
  const name = useTargetText(deciding?.source ?? null);
  if (rule === null) return null;
  const named = ruleName(rule, t);
  return <p>{name === "" ? t("explain.by", { rule: named }) : t("explain.byOf", { rule: named, name })}</p>;
}

function Place({ place }: { place: Explanation["place"] }) {
  const { t } = useTranslation();
  if (!place) return <p>{t("explain.noPlace")}</p>;
  const { country, province, city, carrier } = place;
  const region = [country, province, city].filter((part) => part !== "").join("/");
  const all = [region, ...(carrier === "" ? [] : [carrierName(carrier, t)])];
  return <p>{t("explain.place", { place: all.join(" · ") })}</p>;
}

function Decisions({ decisions }: { decisions: readonly Decision[] }) {
  const { t } = useTranslation();
  return (
    <>
      <Title order={2} mt="md">
        {t("explain.decisions")}
      </Title>
      <TableScroll label={t("explain.decisions")}>
        <Table striped className="list">
          <Table.Thead>
            <Table.Tr>
              <Table.Th>{t("explain.rule")}</Table.Th>
              <Table.Th>{t("explain.from")}</Table.Th>
              <Table.Th>{t("explain.decision")}</Table.Th>
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {decisions.map((decision, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the rules of an answer keep their order
              <DecisionRow key={index} decision={decision} />
            ))}
          </Table.Tbody>
        </Table>
      </TableScroll>
    </>
  );
}

function DecisionRow({ decision: { rule, source, mode, decision, detail } }: { decision: Decision }) {
  const { t } = useTranslation();
  const isSilent = SILENT.includes(decision);
  const isOfPolicies = RULE_KINDS.some((kind) => kind === rule);
  const word = isSilent ? decision : mode === "dry-run" ? "dry-run" : "refuse";
  return (
    <Table.Tr>
      <Table.Td data-label={t("explain.rule")}>{ruleName(rule, t)}</Table.Td>
      <Table.Td data-label={t("explain.from")}>
        {source ? (
          <Source source={source} />
        ) : (
          <span className="text-muted">{t(isOfPolicies ? "explain.noRule" : "explain.always")}</span>
        )}
      </Table.Td>
      <Table.Td data-label={t("explain.decision")}>
        <span className="list-facts">
          <span className={word === "refuse" ? "error" : decision === "skip" ? "text-muted" : ""}>
            {t(`explain.decides.${word}`)}
          </span>
          {detail ? <small className="text-muted">{detail}</small> : null}
        </span>
      </Table.Td>
    </Table.Tr>
  );
}

function Source({ source }: { source: Target }) {
  const scope = useSchoolScope();
  const name = useTargetText(source);
  const mayOpen = scope.isOperator || !OPERATORS_LEVELS.includes(source.level);
  return mayOpen ? <Link href={schoolPath(scope, targetPath(source))}>{name}</Link> : name;
}
