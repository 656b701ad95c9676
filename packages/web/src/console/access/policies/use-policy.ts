/** Provides a target's policy with the rules that hold for it, and the changes of its own rules, which can be undone. */
import type { Policy } from "@lectern/client";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, unwrap } from "../../../session/api.ts";
import { errorMessage } from "../../../session/error-message.ts";
import { useTranslation } from "../../../texts/use-translation.ts";
import { apiRules, type Rule } from "../rules/rule.ts";
import { isSame, type Target } from "./target.ts";

/** A rule from above. */
export type InheritedRule = { readonly rule: Rule; readonly source: Target; readonly replacedBy: Target | null };

export type LoadedPolicy = {
  /** The asked one; for a lesson's stream, its lesson. */
  readonly target: Target;
  /** Null: it has no rules of its own yet. */
  readonly policy: Policy | null;
  readonly inherited: readonly InheritedRule[];
};

export type PolicyNotice = { readonly message: string; readonly undo: (() => Promise<void>) | null; readonly isError: boolean };

/** The query key of everything about policies. */
const KEY = "policies";

export function usePolicy(asked: Target) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [notice, setNotice] = useState<PolicyNotice | null>(null);
  const loaded = useQuery({ queryKey: [KEY, "of", asked.level, asked.id], queryFn: () => loadPolicy(asked) });
  const reload = () => client.invalidateQueries({ queryKey: [KEY] });
  const undo = async (before: Policy | null, after: Policy): Promise<void> => {
    try {
      if (before) await storeRules(after, after.target, before.rules);
      else await removePolicy(after);
      setNotice({ message: t("undone"), undo: null, isError: false });
    } catch (failure) {
      setNotice({ message: t("failed", { message: errorMessage(failure, t("offline")) }), undo: null, isError: true });
    }
    await reload();
  };
  /** @throws ApiError */
  const save = async (change: (rules: readonly Rule[]) => readonly Rule[], message: string): Promise<void> => {
    if (!loaded.data) return;
    const { policy, target } = loaded.data;
    const after = await storeRules(policy, target, change(policy?.rules ?? []));
    await reload();
    setNotice({ message, undo: () => undo(policy, after), isError: false });
  };
  /** The same, where nothing else says that it failed. */
  const trySave = async (change: (rules: readonly Rule[]) => readonly Rule[], message: string): Promise<void> => {
    try {
      await save(change, message);
    } catch (failure) {
      setNotice({ message: t("failed", { message: errorMessage(failure, t("offline")) }), undo: null, isError: true });
      await reload();
    }
  };
  return { loaded, notice, save, trySave };
}

async function loadPolicy({ level, id }: Target): Promise<LoadedPolicy> {
  const { targets, rules } = await unwrap(api().GET("/api/v1/policies/effective", { params: { query: { level, id } } }));
  const target = targets.at(-1) ?? { level, id };
  const query = { level: target.level, ...(target.id === "" ? {} : { targetId: target.id }), limit: 1 };
  const { items } = await unwrap(api().GET("/api/v1/policies", { params: { query } }));
  return { target, policy: items[0] ?? null, inherited: rules.filter(({ source }) => !isSame(source, target)) };
}

/** The server refuses the change when the policy has changed since it was read. */
function storeRules(policy: Policy | null, target: Target, rules: readonly Rule[]): Promise<Policy> {
  const stored = apiRules(rules);
  if (!policy) return unwrap(api().POST("/api/v1/policies", { body: { target, rules: stored } }));
  return unwrap(api().PATCH("/api/v1/policies/{policyId}", { params: versionOf(policy), body: { rules: stored } }));
}

function removePolicy(policy: Policy): Promise<unknown> {
  return unwrap(api().DELETE("/api/v1/policies/{policyId}", { params: versionOf(policy) }));
}

function versionOf({ id, version }: Policy) {
  return { path: { policyId: id }, header: { "If-Match": `"v${version}"` } };
}
