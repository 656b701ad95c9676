/** Shows what a teacher has around the board: slides and boards to open, the pages in a strip, and who draws besides. */

import { BACKGROUNDS, type PageSet, type ShownView } from "@lectern/board";
import { numberOf, pensOf, textOf } from "@lectern/room";
import { Icon } from "@lectern/ui";
import {
  ADD_ICON,
  BACKGROUND_ICON,
  BOARD_ICON,
  GROW_ICON,
  type IconDrawing,
  LEFT_ICON,
  PENS_ICON,
  RIGHT_ICON,
  SHRINK_ICON,
  SLIDES_ICON,
  TEACHER_ICON,
} from "@lectern/ui/icons";
import { useCallback, useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { addTranslations } from "../../i18n.ts";
import type { Room } from "../../room/use-room.ts";
import { type Translate, useTranslation } from "../../texts/use-translation.ts";
import type { BoardDoor } from "../pages/board-door.ts";
import { addPage, changeBackground, givePensToAll, openBoard, openSlides, showPage } from "../pages/page-actions.ts";
import { findPage, pageId } from "../pages/page-location.ts";
import type { PageModels } from "../pages/page-models.ts";
import { BarPopup } from "./bar-popup.tsx";
import { BoardMenu } from "./board-menu.tsx";
import { TEACHER_BOARD_MESSAGES } from "./messages.ts";
import { PageStrip } from "./page-strip.tsx";
import { SlideLibrary } from "./slide-library.tsx";
import "./teacher-board.css";
import { type Act, useActions } from "./use-actions.ts";

addTranslations(TEACHER_BOARD_MESSAGES);

type TeacherBoardProps = {
  readonly room: Room;
  readonly door: BoardDoor;
  readonly sets: readonly PageSet[];
  readonly shown: ShownView;
  readonly models: PageModels;
  readonly lessonId: string;
  /** Everybody may be given a pen at once. */
  readonly isSmall: boolean;
  /** Of the page whose rest can step back; null: it cannot. */
  readonly focused: HTMLElement | null;
  readonly strip: HTMLElement | null;
  readonly tools: HTMLElement | null;
};

export function TeacherBoard({ room, door, sets, shown, models, lessonId, isSmall, focused, strip, tools }: TeacherBoardProps) {
  const { t } = useTranslation();
  const [isLibrary, setIsLibrary] = useState(false);
  const { failure, act } = useActions();
  const place = findPage(sets, shown.page);
  const show = useCallback((page: string | null) => act(() => showPage(room, page)), [act, room]);
  const turn = useCallback(
    (step: number) => {
      const next = place ? place.number + step : 0;
      if (place && next >= 1 && next <= place.set.count) show(pageId(place.set, next));
    },
    [place, show],
  );
  useTurningKeys(turn);
  const openNew = (): void =>
    act(async () => {
      const { answer } = await openBoard(room, "blank");
      await showPage(room, `${answer ? (numberOf(answer, "set") ?? "") : ""}.1`);
    });
  // A second press on the board comes back to it.
  const board = sets.findLast(({ pages }) => pages === "board") ?? null;
  const add = (set: number): void =>
    act(async () => {
      const { answer } = await addPage(room, set);
      const page = answer ? textOf(answer, "page") : null;
      if (page !== null) await showPage(room, page);
    });
  const choose = (material: string): void => {
    setIsLibrary(false);
    const known = sets.find((set) => set.pages === "slides" && set.material === material);
    if (known) return show(pageId(known, 1));
    act(async () => {
      const { answer } = await openSlides(room, material);
      await showPage(room, `${answer ? (numberOf(answer, "set") ?? "") : ""}.1`);
    });
  };
  const bar = (
    <div className="board-bar" role="toolbar" aria-label={t("teacherBoard.bar")}>
      <BarButton
        icon={SLIDES_ICON}
        label={t("teacherBoard.slides")}
        shortcut="L"
        isPressed={isLibrary}
        onPress={() => setIsLibrary(!isLibrary)}
      />
      <BarButton
        icon={BOARD_ICON}
        label={t("teacherBoard.board")}
        shortcut="B"
        isPressed={place?.set.pages === "board"}
        onPress={() => (board ? show(pageId(board, 1)) : openNew())}
      />
      {place ? (
        <>
          <PageButtons number={place.number} count={place.set.count} turn={turn} />
          {place.set.pages === "board" ? <BoardActions {...{ room, act }} set={place.set} onAdd={add} /> : null}
          <BarButton icon={TEACHER_ICON} label={t("teacherBoard.hide")} onPress={() => show(null)} />
        </>
      ) : null}
      {focused ? <FocusButton frame={focused} /> : null}
      {isSmall ? <PensForAll room={room} act={act} /> : null}
      <BoardMenu {...{ room, act, lessonId }} hasPages={sets.length > 0} />
      {failure ? <p role="alert">{failureText(failure, t)}</p> : null}
    </div>
  );
  return (
    <>
      {tools ? createPortal(bar, tools) : null}
      {strip && sets.length > 0
        ? createPortal(<PageStrip {...{ room, door, sets, shown, models, show, act, add }} />, strip)
        : null}
      {isLibrary ? <SlideLibrary lessonId={lessonId} onChoose={choose} onClose={() => setIsLibrary(false)} /> : null}
    </>
  );
}

function failureText(failure: string, t: Translate): string {
  if (failure === "board-full") return t("teacherBoard.full");
  return t(failure === "too-large" ? "teacherBoard.earlierTooLarge" : "teacherBoard.failed");
}

/** As remote controls of presentations send them, wherever the focus is but in a field. */
function useTurningKeys(turn: (step: number) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const step = { PageDown: 1, PageUp: -1 }[event.key];
      const { target } = event;
      if (step === undefined || event.defaultPrevented || event.ctrlKey || event.altKey) return;
      if (target instanceof HTMLElement && target.matches("input, textarea, select, [contenteditable]")) return;
      event.preventDefault();
      turn(step);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [turn]);
}

type BarButtonProps = {
  readonly icon: IconDrawing;
  readonly label: string;
  readonly onPress: () => void;
  readonly isPressed?: boolean;
  readonly isDisabled?: boolean;
  /** The letter that presses it on the whole page. */
  readonly shortcut?: string;
};

function BarButton({ icon, label, onPress, isPressed, isDisabled = false, shortcut }: BarButtonProps) {
  return (
    <button
      type="button"
      className={isPressed ? "bar-button chosen" : "bar-button"}
      disabled={isDisabled}
      title={label}
      aria-keyshortcuts={shortcut}
      onClick={onPress}
      {...(isPressed === undefined ? {} : { "aria-pressed": isPressed })}
    >
      <Icon drawing={icon} />
      <span>{label}</span>
    </button>
  );
}

type PageButtonsProps = { readonly number: number; readonly count: number; readonly turn: (step: number) => void };

function PageButtons({ number, count, turn }: PageButtonsProps) {
  const { t } = useTranslation();
  return (
    <span className="bar-pages">
      <BarButton icon={LEFT_ICON} label={t("teacherBoard.previous")} isDisabled={number <= 1} onPress={() => turn(-1)} />
      <span className="bar-position" role="status">
        {t("teacherBoard.position", { number, count })}
      </span>
      <BarButton icon={RIGHT_ICON} label={t("teacherBoard.next")} isDisabled={number >= count} onPress={() => turn(1)} />
    </span>
  );
}

type BoardActionsProps = {
  readonly room: Room;
  readonly act: Act;
  readonly set: PageSet;
  readonly onAdd: (set: number) => void;
};

function BoardActions({ room, act, set, onAdd }: BoardActionsProps) {
  const { t } = useTranslation();
  const current = set.pages === "board" ? set.background : null;
  return (
    <>
      <span className="bar-add">
        <BarButton icon={ADD_ICON} label={t("teacherBoard.add")} onPress={() => onAdd(set.set)} />
      </span>
      <BarPopup icon={BACKGROUND_ICON} label={t("teacherBoard.background")}>
        {BACKGROUNDS.map((one) => (
          <button
            key={one}
            type="button"
            className="button small"
            data-closes=""
            aria-pressed={one === current}
            onClick={() => act(() => changeBackground(room, set.set, one))}
          >
            {t(`teacherBoard.backgrounds.${one}`)}
          </button>
        ))}
      </BarPopup>
    </>
  );
}

/** The stage and its tools alone: the style sheet of the page hides the rest. */
function FocusButton({ frame }: { readonly frame: HTMLElement }) {
  const { t } = useTranslation();
  const [isFocused, setIsFocused] = useState(false);
  useEffect(() => {
    const page = frame.closest("main");
    page?.toggleAttribute("data-focused", isFocused);
    if (isFocused) scrollTo(0, 0);
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape" && !event.defaultPrevented) setIsFocused(false);
    };
    if (isFocused) document.addEventListener("keydown", onKey);
    return () => {
      document.removeEventListener("keydown", onKey);
      page?.removeAttribute("data-focused");
    };
  }, [frame, isFocused]);
  return (
    <BarButton
      shortcut="F"
      icon={isFocused ? SHRINK_ICON : GROW_ICON}
      label={t(isFocused ? "teacherBoard.leaveFocus" : "teacherBoard.focus")}
      isPressed={isFocused}
      onPress={() => setIsFocused(!isFocused)}
    />
  );
}

function PensForAll({ room, act }: { readonly room: Room; readonly act: Act }) {
  const { t } = useTranslation();
  const { everybody } = pensOf(room);
  return (
    <BarButton
      icon={PENS_ICON}
      label={t("teacherBoard.everybody")}
      isPressed={everybody}
      onPress={() => act(() => givePensToAll(room, !everybody))}
    />
  );
}
