/** Announcements: lines of staff that stay in sight until they are removed. */
import { z } from "zod";
import { ID, newId } from "../../../platform/id.ts";
import { Refusal } from "../../../platform/refusal.ts";
import { talkText } from "../../foundation/messages/talk-texts.ts";
import { type Domain, oneByOne } from "../domain.ts";
import { roomText } from "../room-text.ts";
import { findKeyed } from "./keyed-entries.ts";
import { staffOnly } from "./may-talk.ts";

const MAX_TEXT = 2000;

const announcementDeed = z.discriminatedUnion("action", [
  z.strictObject({ action: z.literal("post"), text: roomText(MAX_TEXT) }),
  z.strictObject({ action: z.literal("remove"), ref: z.string().regex(ID) }),
]);
type AnnouncementDeed = z.output<typeof announcementDeed>;

export function announcementDomain(): Domain<AnnouncementDeed> {
  return {
    kind: "announcement",
    body: announcementDeed,
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
