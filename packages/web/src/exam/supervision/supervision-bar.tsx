/** Shows a candidate who sits what supervision needs to say, in one line: whether the picture arrives, what is missing, messages, a talk, and a stopped clock. */
import { Button, Icon } from "@lectern/ui";
import { CLOCK_ICON, MAIL_ICON, WARNING_ICON } from "@lectern/ui/icons";
import { useState, useSyncExternalStore } from "react";
import { addTranslations } from "../../i18n.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import type { SupervisionTerms, SupervisorMessage, SupervisorTalk } from "../attempt/exam-types.ts";
import { WATCHED_MESSAGES } from "./messages.ts";
import { PhoneCode } from "./phone-code.tsx";
import { dotOf, pictureWord } from "./picture-words.ts";
import type { SupervisionSession } from "./supervision-session.ts";
import { type TalkDoor, TalkNote } from "./talk-note.tsx";
import "./watched.css";

addTranslations(WATCHED_MESSAGES);

type SupervisionBarProps = {
  /** Null: nothing is filmed. */
  readonly supervision: SupervisionSession | null;
  readonly terms: SupervisionTerms | null;
  /** Since when the clock stands; null: it runs. */
  readonly pausedAt: number | null;
  readonly messages: readonly SupervisorMessage[];
  /** Null: nobody talks with the candidate, or asks to. */
  readonly talk: SupervisorTalk | null;
  readonly talkDoor: TalkDoor;
  /** The candidate has read a message. */
  readonly onConfirm: (id: string) => void;
};

export function SupervisionBar({ supervision, terms, pausedAt, messages, talk, talkDoor, onConfirm }: SupervisionBarProps) {
  const { t, i18n } = useTranslation();
  const time = new Intl.DateTimeFormat(i18n.language, { timeStyle: "short" });
  return (
    <div className="watched-bar">
      {supervision && terms ? <Pictures supervision={supervision} terms={terms} /> : null}
      <div role="alert">
        {pausedAt === null ? null : (
          <div className="watched-note">
            <Icon drawing={CLOCK_ICON} />
            <p>
              <strong>{t("watched.paused", { time: time.format(pausedAt) })}</strong> {t("watched.pausedHint")}
            </p>
          </div>
        )}
        {talk ? <TalkNote key={talk.id} talk={talk} door={talkDoor} /> : null}
        {messages.map(({ id, text, at }) => (
          <div key={id} className="watched-note message">
            <Icon drawing={MAIL_ICON} />
            <p>
              <small>{t("watched.message", { time: time.format(at) })}</small>
              <span dir="auto">{text}</span>
            </p>
            <Button kind="primary" onClick={() => onConfirm(id)}>
              {t("watched.understood")}
            </Button>
          </div>
        ))}
      </div>
    </div>
  );
}

type PicturesProps = { readonly supervision: SupervisionSession; readonly terms: SupervisionTerms };

/** The dot; what is wanted and is not there, as a fact; and the way to mend it. */
function Pictures({ supervision, terms }: PicturesProps) {
  const { t } = useTranslation();
  const [isPhoneShown, setIsPhoneShown] = useState(false);
  const { camera, screen, phone } = useSyncExternalStore(supervision.listen, supervision.snapshot);
  const words = { camera: pictureWord(camera), screen: pictureWord(screen) };
  const isOff = (kind: "camera" | "screen") => words[kind] === "off" || words[kind] === "stopped";
  const wanted = [...(terms.camera === "none" ? [] : [words.camera]), ...(terms.screen ? [words.screen] : [])];
  const dot = dotOf(wanted);
  const isPhoneMissing = phone?.live === false;
  return (
    <>
      <div className="watched-states">
        {wanted.length > 0 ? (
          <p className="watched-dot" data-state={dot}>
            {t(`watched.state.${dot}`)}
          </p>
        ) : null}
        {phone === null || isPhoneMissing ? null : <PhoneButton isShown={isPhoneShown} onShow={setIsPhoneShown} />}
      </div>
      {terms.camera === "required" && isOff("camera") ? (
        <div className="watched-note" role="status">
          <Icon drawing={WARNING_ICON} />
          <p>
            {t("watched.missing.camera")} {camera.problem ? t(`watched.problem.${camera.problem}`) : null}
          </p>
          <Button onClick={() => void supervision.openCamera()}>{t("watched.openCamera")}</Button>
        </div>
      ) : null}
      {terms.screen && isOff("screen") ? (
        <div className="watched-note" role="status">
          <Icon drawing={WARNING_ICON} />
          <p>{t("watched.missing.screen")}</p>
          <Button onClick={() => void supervision.shareScreen()}>{t("watched.shareScreen")}</Button>
        </div>
      ) : null}
      {isPhoneMissing ? (
        <div className="watched-note" role="status">
          <Icon drawing={WARNING_ICON} />
          <p>{t("watched.missing.phone")}</p>
          <PhoneButton isShown={isPhoneShown} onShow={setIsPhoneShown} />
        </div>
      ) : null}
      {isPhoneShown ? <PhoneCode phone={phone} /> : null}
    </>
  );
}

function PhoneButton({ isShown, onShow }: { readonly isShown: boolean; readonly onShow: (isShown: boolean) => void }) {
  const { t } = useTranslation();
  return (
    <Button kind="quiet" aria-expanded={isShown} onClick={() => onShow(!isShown)}>
      {t("watched.showPhone")}
    </Button>
  );
}
