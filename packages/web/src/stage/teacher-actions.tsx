/** Shows what a teacher does with the people who are seen and heard: mute, ask, show large, allow a screen, remove. */

import type { Body, MemberMedia, Stage, StageLayout } from "@lectern/room";
import { Icon, Menu, type MenuItem } from "@lectern/ui";
import { MICROPHONE_OFF_ICON } from "@lectern/ui/icons";
import type { Room } from "../room/use-room.ts";
import { type TextKey, useTranslation } from "../texts/use-translation.ts";

type Action = { readonly text: TextKey; readonly kind: string; readonly body: Body; readonly isDanger?: boolean };

export function PersonActions({
  room,
  media,
  layout,
}: {
  readonly room: Room;
  readonly media: MemberMedia;
  readonly layout: StageLayout;
}) {
  const { t } = useTranslation();
  const items = actionsFor(media, layout).map(
    ({ text, kind, body, isDanger }): MenuItem => ({
      label: t(text),
      run: () => void room.send(kind, body).catch(() => {}),
      isDanger: isDanger === true,
    }),
  );
  return (
    <div className="person-actions">
      <Menu label={t("stage.actionsFor", { name: media.name })} items={items} />
    </div>
  );
}

function actionsFor({ person, microphone, camera, screen }: MemberMedia, { large }: StageLayout): readonly Action[] {
  const mute = (action: "mute" | "ask", what: "microphone" | "camera"): Body => ({ action, person, what });
  const set = (to: string | null): Body => ({ action: "set", large: to });
  return [
    microphone
      ? { text: "stage.mute", kind: "mute", body: mute("mute", "microphone") }
      : { text: "stage.askMicrophone", kind: "mute", body: mute("ask", "microphone") },
    camera
      ? { text: "stage.cameraOffFor", kind: "mute", body: mute("mute", "camera") }
      : { text: "stage.askCamera", kind: "mute", body: mute("ask", "camera") },
    large === person
      ? { text: "stage.makeSmall", kind: "layout", body: set(null) }
      : { text: "stage.makeLarge", kind: "layout", body: set(person) },
    screen === "sharing" || screen === "allowed"
      ? { text: "stage.stopScreen", kind: "layout", body: { action: "stop", person } }
      : { text: "stage.allowScreen", kind: "layout", body: { action: "allow", person } },
    { text: "stage.remove", kind: "moderation", body: { action: "remove", person }, isDanger: true },
  ];
}

/** For the whole lesson. */
export function LessonActions({ room, stage: { layout } }: { readonly room: Room; readonly stage: Stage }) {
  const { t } = useTranslation();
  const act = (kind: string, body: Body) => void room.send(kind, body).catch(() => {});
  return (
    <>
      <button type="button" className="stage-button" onClick={() => act("mute", { action: "mute-all" })}>
        <Icon drawing={MICROPHONE_OFF_ICON} />
        <span>{t("stage.muteAll")}</span>
      </button>
      <label className="stage-choice">
        {t("stage.view")}
        <select value={layout.view} onChange={({ target }) => act("layout", { action: "set", view: target.value })}>
          {(["speaker", "grid", "screen"] as const).map((view) => (
            <option key={view} value={view}>
              {t(`stage.views.${view}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="stage-choice">
        {t("stage.screens")}
        <select value={layout.screens} onChange={({ target }) => act("layout", { action: "set", screens: target.value })}>
          {(["staff", "everybody"] as const).map((who) => (
            <option key={who} value={who}>
              {t(`stage.screensOf.${who}`)}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}
