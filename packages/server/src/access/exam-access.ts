/** Decides whether a client may reach an examination by where it is and what it is: the rules of policies that know no stream, as for watching. */
import { Refusal } from "../platform/refusal.ts";
import type { AddressKnowledge, ClientFacts } from "./credentials/client-facts.ts";
import { credentialsOf } from "./credentials/credentials.ts";
import type { EffectiveRule } from "./policies/access-policy.ts";
import type { PolicyStore } from "./policies/policy-store.ts";
import { addresses as addressRule } from "./rules/addresses.ts";
import { carriers } from "./rules/carriers.ts";
import { referers } from "./rules/referers.ts";
import { regions } from "./rules/regions.ts";
import type { AccessRule, AccessSettings } from "./rules/rule.ts";
import { userAgents } from "./rules/user-agents.ts";

/** What an examination belongs to. */
export type ExamBelonging = { readonly exam: string; readonly school: string; readonly course: string | null };

export type ExamAccessOptions = {
  readonly settings: () => AccessSettings;
  readonly policies: PolicyStore;
  readonly addresses: AddressKnowledge;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Hears of what a rule in dry-run would have refused. */
  readonly onDryRun: (exam: string, client: ClientFacts, of: EffectiveRule, refusal: Refusal) => void;
};

const RULES: readonly AccessRule[] = [addressRule, regions, carriers, referers, userAgents];
/** Requests wait so long for policies after a start. */
const POLICIES_WITHIN_MS = 5000;
const NO_CREDENTIALS = credentialsOf(new URLSearchParams());

export class ExamAccess {
  private readonly options: ExamAccessOptions;

  constructor(options: ExamAccessOptions) {
    this.options = options;
  }

  readonly check = async ({ exam, school, course }: ExamBelonging, client: ClientFacts): Promise<Refusal | null> => {
    const { policies, addresses, settings, now, onDryRun } = this.options;
    await policies.whenKnown(POLICIES_WITHIN_MS);
    if (policies.needsPlaces) await addresses.ready();
    const rules = policies.rulesOf("play", { schoolId: school, courseId: course });
    if (rules instanceof Refusal) return rules;
    if (rules.length === 0) return null;
    const subject = {
      purpose: "play",
      protocol: "exam",
      app: "exams",
      name: exam,
      client,
      credentials: NO_CREDENTIALS,
      lesson: null,
      recording: null,
      rules,
      linkKeys: policies.linkKeys,
      addresses,
      settings: settings(),
      now: now(),
      onDryRun: (of: EffectiveRule, refusal: Refusal) => onDryRun(exam, client, of, refusal),
    } as const;
    for (const rule of RULES) {
      const decision = rule.applies(subject) ? rule.decide(subject) : "pass";
      if (decision instanceof Refusal) return decision.by(rule.name);
    }
    return null;
  };
}
