/** Lists the domains of what people say in a room. */
import type { Domain } from "../domain.ts";
import { announcementDomain } from "./announcement.ts";
import { bulletCommentDomain } from "./bullet-comments.ts";
import { captionDomain } from "./caption.ts";
import { chatDomain } from "./chat.ts";
import { handDomain } from "./hand.ts";
import { questionDomain } from "./question.ts";
import { reactionDomain } from "./reaction.ts";
import { settingsDomain } from "./settings.ts";
import type { TalkContext } from "./talk-context.ts";

export function talkDomains(context: TalkContext): Domain[] {
  return [
    chatDomain(context) as Domain,
    bulletCommentDomain(context) as Domain,
    questionDomain(context) as Domain,
    reactionDomain(context) as Domain,
    captionDomain() as Domain,
    handDomain() as Domain,
    announcementDomain() as Domain,
    settingsDomain(context) as Domain,
  ];
}
