/**
 * Shows the board on a page's stage: shows the page that the teacher shows, large or in the corner beside the camera, and gives people with a pen the
 * tools, which are loaded then. It fills the places of `StageFrame`.
 */
import { hasPen, pensOf, setsOf, shownOf } from "@lectern/room";
import { useCallback, useEffect, useLayoutEffect, useRef, useState, useSyncExternalStore } from "react";
import { createPortal } from "react-dom";
import { loadedLater } from "../components/loaded-later.tsx";
import { addTranslations } from "../i18n.ts";
import type { Room } from "../room/use-room.ts";
import { useTranslation } from "../texts/use-translation.ts";
import { BoardView } from "./board-view.tsx";
import type { BoardCanvas } from "./canvas/board-canvas.ts";
import { glide } from "./glide.ts";
import { LaserDots } from "./laser-dots.tsx";
import { BOARD_MESSAGES } from "./messages.ts";
import { type BoardDoor, loadPage } from "./pages/board-door.ts";
import { ownTag } from "./pages/own-tag.ts";
import { liveFeed, replayFeed } from "./pages/page-feed.ts";
import { findPage, type PageLocation, pageId } from "./pages/page-location.ts";
import { PageModels } from "./pages/page-models.ts";
import { type StageSlots, stageSlots, WITH_BOARD } from "./stage-slots.ts";
import { SwapButton } from "./swap-button.tsx";
import "./board.css";
import type { View } from "./pages/view-box.ts";

addTranslations(BOARD_MESSAGES);

// A viewer who draws nothing loads neither.
const Drawing = loadedLater(() => import("./drawing/drawing.tsx").then(({ Drawing }) => Drawing));
const TeacherBoard = loadedLater(() => import("./teacher/teacher-board.tsx").then(({ TeacherBoard }) => TeacherBoard));

type StageBoardProps = {
  readonly room: Room;
  /** Another one is taken when the links are renewed. */
  readonly door: BoardDoor;
  readonly lessonId: string;
  /** What is beside the board: the camera, or in a small lesson the people. */
  readonly beside?: "camera" | "people";
  /** The page has no tools, such as a television's. */
  readonly isViewOnly?: boolean;
  /** The rest of the page can step back. */
  readonly hasFocusMode?: boolean;
};

export function StageBoard(props: StageBoardProps) {
  const slots = useSyncExternalStore(stageSlots.subscribe, stageSlots.snapshot);
  return slots ? <Filled {...props} slots={slots} /> : null;
}

function Filled({
  room,
  door,
  lessonId,
  beside = "camera",
  isViewOnly = false,
  hasFocusMode = false,
  slots,
}: StageBoardProps & { readonly slots: StageSlots }) {
  const { t } = useTranslation();
  const [isLarge, setIsLarge] = useState(true);
  const sets = setsOf(room);
  const shown = shownOf(room);
  const place = findPage(sets, shown.page);
  const isShown = place !== null;
  const models = useModels(room, door);
  // Who draws is ahead of what the room says of the view.
  const [ownView, setOwnView] = useState<{ readonly page: string; readonly view: View | null } | null>(null);
  const [canvas, setCanvas] = useState<BoardCanvas | null>(null);
  const draws = !isViewOnly && room.drawn === null && hasPen(pensOf(room), room.you);
  const isStaff = draws && room.you?.role === "staff";
  const model = place && models ? models.of(pageId(place.set, place.number)) : null;
  const view = ownView?.page === shown.page ? ownView.view : shown.view;
  useFrameClasses(slots.frame, isShown, isLarge, beside);
  const isFilled = !isShown || model !== null;
  useEffect(() => {
    if (isFilled) stageSlots.known();
  }, [isFilled]);
  // What is opened is what the class is to look at.
  useEffect(() => {
    if (isShown) setIsLarge(true);
  }, [isShown]);
  const changeView = useCallback((page: string, next: View | null) => setOwnView({ page, view: next }), []);
  useFetchAhead(models, place);
  return (
    <>
      {place && model
        ? createPortal(
            <BoardView {...{ place, model, view, door }} onCanvas={setCanvas}>
              {canvas && shown.page !== null ? <LaserDots {...{ room, canvas }} page={shown.page} /> : null}
              {draws && isLarge && canvas ? (
                <Drawing
                  {...{ room, place, model, canvas, view, door, models: models as PageModels, tools: slots.tools }}
                  page={shown.page ?? ""}
                  onView={changeView}
                />
              ) : null}
            </BoardView>,
            slots.board,
          )
        : null}
      {isShown
        ? createPortal(
            <SwapButton
              label={t(isLarge ? (beside === "people" ? "board.showPeople" : "board.showCamera") : "board.showBoard")}
              onSwap={() => setIsLarge(!isLarge)}
              frame={slots.frame}
            />,
            slots.swap,
          )
        : null}
      {isStaff && models ? (
        <TeacherBoard
          {...{ room, door, sets, shown, models, lessonId }}
          isSmall={beside === "people"}
          focused={hasFocusMode ? slots.frame : null}
          strip={slots.strip}
          tools={slots.bar ?? slots.tools}
        />
      ) : null}
    </>
  );
}

/** The models of the room's pages; others when the room is another one. */
function useModels(room: Room, door: BoardDoor): PageModels | null {
  const newestDoor = useRef(door);
  newestDoor.current = door;
  const { onEntry, onSnapshot, place, drawn } = room;
  const [models, setModels] = useState<PageModels | null>(null);
  const isKnown = place() !== null;
  useEffect(() => {
    if (!isKnown) return;
    const parts = { onEntry, onSnapshot, place, drawn };
    const load = (page: string, after: number, signal: AbortSignal) => loadPage(newestDoor.current, page, after, signal);
    const made = new PageModels(drawn ? replayFeed(parts) : liveFeed(parts, load), (id) => id.startsWith(`${ownTag}.`));
    setModels(made);
    return () => {
      setModels(null);
      made.close();
    };
  }, [isKnown, onEntry, onSnapshot, place, drawn]);
  return models;
}

/** The pages beside the one that is shown: the next is mostly one of them. */
function useFetchAhead(models: PageModels | null, place: PageLocation | null): void {
  const key = place ? `${pageId(place.set, place.number)} ${place.set.count}` : null;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key says which page it is
  useEffect(() => {
    if (!place) return;
    const { set, number } = place;
    for (const one of [number + 1, number - 1]) if (one >= 1 && one <= set.count) models?.of(pageId(set, one));
  }, [models, key]);
}

/** The style sheet lays the stage out. What is swapped glides to its place. */
function useFrameClasses(frame: HTMLElement, isShown: boolean, isLarge: boolean, beside: "camera" | "people"): void {
  useLayoutEffect(() => {
    const names = { [WITH_BOARD]: isShown, "board-small": isShown && !isLarge, "beside-people": beside === "people" };
    const change = () => {
      for (const [name, holds] of Object.entries(names)) frame.classList.toggle(name, holds);
    };
    const moved = frame.querySelector<HTMLElement>(":scope > .stage-camera");
    if (moved) glide(moved, change);
    else change();
  }, [frame, isShown, isLarge, beside]);
  useEffect(() => () => frame.classList.remove(WITH_BOARD, "board-small", "beside-people"), [frame]);
}
