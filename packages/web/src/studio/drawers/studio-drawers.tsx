/** Shows the drawers of the studio: what is needed seldom lies over the lesson, and goes again. */
import type { Lesson } from "@lectern/client";
import { Drawer } from "@lectern/ui";
import { Forwards } from "../../forwards/forwards.tsx";
import { InvitedPeople } from "../../invited/invited-people.tsx";
import { useTranslation } from "../../texts/use-translation.ts";
import { Recordings } from "../recordings/recordings.tsx";
import { CaptionsSwitch } from "./captions-switch.tsx";
import { Invite } from "./invite.tsx";
import { Observers } from "./observers.tsx";

export type DrawerName = "invite" | "parents" | "recordings" | "forwards";

type StudioDrawersProps = { readonly lesson: Lesson; readonly open: DrawerName; readonly onClose: () => void };

export function StudioDrawers({ lesson, open, onClose }: StudioDrawersProps) {
  const { t } = useTranslation();
  const titles: Readonly<Record<DrawerName, string>> = {
    invite: t("bar.invite"),
    parents: t("watchers.title"),
    recordings: t("recordings"),
    forwards: t("bar.forwards"),
  };
  return (
    <Drawer title={titles[open]} closeLabel={t("room.close")} onClose={onClose}>
      <div className="studio-drawer">
        {open === "invite" ? <Invite lesson={lesson} /> : null}
        {open === "invite" ? <InvitedPeople lesson={lesson} /> : null}
        {open === "parents" ? <Observers lesson={lesson} /> : null}
        {open === "recordings" ? <CaptionsSwitch lesson={lesson} /> : null}
        {open === "recordings" ? <Recordings lesson={lesson} /> : null}
        {open === "forwards" ? <Forwards lesson={lesson} /> : null}
      </div>
    </Drawer>
  );
}
