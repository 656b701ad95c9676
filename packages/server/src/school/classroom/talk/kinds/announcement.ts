/** Provides announcements: lines of staff that stay in sight until they are removed. */

import { type ActionOf, ANNOUNCEMENT } from "@lectern/room";
import { newId } from "../../../../platform/id.ts";
import { Refusal } from "../../../../platform/refusal.ts";
import { talkText } from "../../../foundation/messages/talk-texts.ts";
import { type Domain, oneByOne } from "../../domain.ts";
import { actionSchema } from "../../field-schemas.ts";
import { findKeyed } from "../keyed-entries.ts";
import { staffOnly } from "../may-talk.ts";

type AnnouncementAction = ActionOf<typeof ANNOUNCEMENT>;

export function domain(): Domain<AnnouncementAction> {
  return {
    kind: ANNOUNCEMENT.kind,
    body: actionSchema(ANNOUNCEMENT),
    decide: oneByOne(async (room, { body, person }) => {
      const refused = staffOnly(person);
      if (refused) return refused;
      if (body.action === "post") {
        const ref = newId(room.now);
        const line = { ref, text: body.text };
        await room.emit("room.announcement", { ...line, from: person });
        return { entries: [{ kind: "announcement", to: "all", key: keyOf(ref), body: line }], answer: { ref } };
      }
      const key = keyOf(body.ref);
      const posted = (await findKeyed(room, [key])).get(key);
      if (!posted || posted.gone) return new Refusal("not-found", talkText("no-announcement"));
      return { entries: [{ kind: "announcement", to: "all", key, gone: true, body: { ref: body.ref } }] };
    }),
  };
}

function keyOf(ref: string): string {
  return `announcement/${ref}`;
}
