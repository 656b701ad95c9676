/** Lists the domains of the classroom: each decides about actions of one kind. */
import type { Sheds } from "../contracts/degradation/degradation.ts";
import { boardDomains } from "./classroom/board/board-domains.ts";
import type { BoardContext } from "./classroom/board/page-domain.ts";
import type { Domain } from "./classroom/domain.ts";
import { groupDomain } from "./classroom/groups/group-domain.ts";
import type { Moderation } from "./classroom/moderation/moderation.ts";
import { rosterDomain } from "./classroom/presence/roster-domain.ts";
import { quizDomains } from "./classroom/quiz/quiz-domains.ts";
import type { RoomShedding } from "./classroom/room-shedding.ts";
import { signinDomain } from "./classroom/sign-in/signin-domain.ts";
import { type StageContext, stageDomains } from "./classroom/stage/stage-domains.ts";
import { talkDomains } from "./classroom/talk/talk-domains.ts";
import { toolDomains } from "./classroom/tools/tool-domains.ts";
import type { Db } from "./foundation/store/tables.ts";

export type DomainContext = {
  readonly moderation: Moderation;
  readonly degradation: Sheds;
  readonly shedding: RoomShedding;
  readonly stage: StageContext;
  readonly board: BoardContext;
  readonly db: Db;
  /** Milliseconds since 1970. */
  readonly now: () => number;
};

export function allDomains({ moderation, degradation, shedding, stage, board, db, now }: DomainContext): readonly Domain[] {
  const { check, checkWords, hold } = moderation;
  return [
    // First: it loads what texts are checked by.
    moderation.domain,
    ...talkDomains({ check, hold, degradation, shedding, now }),
    ...quizDomains(checkWords),
    signinDomain() as Domain,
    rosterDomain({ degradation }) as Domain,
    ...stageDomains(stage),
    ...boardDomains(db, board),
    ...toolDomains(),
    groupDomain() as Domain,
  ];
}
