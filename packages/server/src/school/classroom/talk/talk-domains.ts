/** Has the domains of what people say in a room: each file of `kinds/` exports one as `domain`. */
import { modulesOf } from "../../../platform/modules-of.ts";
import type { Domain } from "../domain.ts";
import type { TalkContext } from "./talk-context.ts";

type MakeDomain = (context: TalkContext) => Domain;

const KINDS = await modulesOf(import.meta.dirname, "kinds", /^[a-z-]+$/);

const DOMAINS = [...KINDS].map(([name, { domain }]): MakeDomain => {
  if (!isDomain(domain)) throw new Error(`kinds/${name}.ts exports no function \`domain\``);
  return domain;
});

export function talkDomains(context: TalkContext): Domain[] {
  return DOMAINS.map((make) => make(context));
}

/** What it makes is held by `classroom-domains.test.ts`. */
function isDomain(value: unknown): value is MakeDomain {
  return typeof value === "function";
}
