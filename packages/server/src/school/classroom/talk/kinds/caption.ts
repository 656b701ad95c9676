/** Provides captions in a room: what media workers hear is said, which nobody else may write. */
import { type ActionOf, CAPTION } from "@lectern/room";
import { Refusal } from "../../../../platform/refusal.ts";
import { talkText } from "../../../foundation/messages/talk-texts.ts";
import { type Domain, oneByOne } from "../../domain.ts";
import { actionSchema } from "../../field-schemas.ts";

type CaptionAction = ActionOf<typeof CAPTION>;

export function domain(): Domain<CaptionAction> {
  return {
    kind: CAPTION.kind,
    body: actionSchema(CAPTION),
    decide: oneByOne(async (_room, { body, person }) => {
      // Only the server has no id.
      if (person.id !== "") return new Refusal("refused-by-rule", talkText("captions-by-server"));
      return { entries: [{ kind: CAPTION.kind, to: "all", key: null, body }] };
    }),
  };
}
