/** Shows what the class may do: a popover with a switch for each. Each change holds at once. */

import { SWITCHES, settingsOf } from "@lectern/room";
import { useCloseOutside } from "@lectern/ui";
import { type KeyboardEvent, useRef, useState } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { useTeacherRoom } from "./teacher-room.ts";

const CHAT_CHOICES = ["everybody", "staff", "off"] as const;
/** Seconds between two lines of one person. */
const SLOW_CHOICES = [0, 5, 10, 30, 60, 300] as const;

export function SettingsButton() {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const panel = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || !isOpen) return;
    event.stopPropagation();
    setOpen(false);
    button.current?.focus();
  };
  useCloseOutside(isOpen, [button, panel], () => setOpen(false));
  return (
    <div>
      <button
        ref={button}
        type="button"
        className="button small"
        aria-expanded={isOpen}
        aria-haspopup="dialog"
        onClick={() => setOpen(!isOpen)}
        onKeyDown={onKeyDown}
      >
        {t("room.settings")}
      </button>
      {isOpen ? (
        <div ref={panel} className="popover" role="dialog" aria-label={t("room.settings")} onKeyDown={onKeyDown}>
          <SettingsForm />
        </div>
      ) : null}
    </div>
  );
}

function SettingsForm() {
  const { t } = useTranslation();
  const { room, act } = useTeacherRoom();
  const settings = settingsOf(room.one("settings")?.body);
  return (
    <>
      <label className="choice">
        {t("room.whoWrites")}
        <select value={settings.chat} onChange={(event) => void act("settings", { chat: event.target.value })}>
          {CHAT_CHOICES.map((choice) => (
            <option key={choice} value={choice}>
              {t(`room.chatFor.${choice}`)}
            </option>
          ))}
        </select>
      </label>
      <label className="choice">
        {t("room.slowMode")}
        <select
          value={settings.slowSeconds}
          onChange={(event) => void act("settings", { slowSeconds: Number(event.target.value) })}
        >
          {[...new Set([...SLOW_CHOICES, settings.slowSeconds])].map((seconds) => (
            <option key={seconds} value={seconds}>
              {seconds === 0 ? t("room.slowOff") : t("room.slowSeconds", { seconds })}
            </option>
          ))}
        </select>
      </label>
      {SWITCHES.map((name) => (
        <label key={name} className="switch">
          <input
            type="checkbox"
            checked={settings[name]}
            onChange={(event) => void act("settings", { [name]: event.target.checked })}
          />
          {t(`room.switch.${name}`)}
        </label>
      ))}
    </>
  );
}
