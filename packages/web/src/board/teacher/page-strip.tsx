/** Shows the pages of all open sets as small pictures, one below the other: a press shows the page to the class. */

import {
  type Background,
  drawBackground,
  drawItems,
  type Item,
  Outlines,
  PAGE_WIDTH,
  type PageSet,
  type ShownView,
} from "@lectern/board";
import { Icon } from "@lectern/ui";
import { ADD_ICON, CLOSE_ICON } from "@lectern/ui/icons";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { Room } from "../../room/use-room.ts";
import { inTurnOnSchedule } from "../../schedule/defer-while-drawing.ts";
import { useTranslation } from "../../texts/use-translation.ts";
import { CommittedItems } from "../canvas/committed-items.ts";
import type { BoardDoor } from "../pages/board-door.ts";
import { closeSet } from "../pages/page-actions.ts";
import { pageId } from "../pages/page-location.ts";
import type { PageModels } from "../pages/page-models.ts";
import type { Act } from "./use-actions.ts";

type PageStripProps = {
  readonly room: Room;
  readonly door: BoardDoor;
  readonly sets: readonly PageSet[];
  readonly shown: ShownView;
  readonly models: PageModels;
  readonly show: (page: string | null) => void;
  readonly act: Act;
  readonly add: (set: number) => void;
};

export function PageStrip({ room, door, sets, shown, models, show, act, add }: PageStripProps) {
  const { t } = useTranslation();
  const list = useRef<HTMLElement>(null);
  useEffect(() => {
    const current = shown.page === null ? null : list.current?.querySelector(`[data-thumbnail="${shown.page}"]`);
    current?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }, [shown.page]);
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 }[event.key];
    const buttons = [...(list.current?.querySelectorAll<HTMLElement>(".thumbnail") ?? [])];
    const index = document.activeElement instanceof HTMLElement ? buttons.indexOf(document.activeElement) : -1;
    if (step === undefined || index < 0) return;
    event.preventDefault();
    buttons.at(Math.min(buttons.length - 1, Math.max(0, index + step)))?.focus();
  };
  return (
    <nav className="page-strip" ref={list} aria-label={t("teacherBoard.pages")} onKeyDown={onKeyDown}>
      {sets.map((set) => {
        const title = set.title === "" ? t("teacherBoard.board") : set.title;
        return (
          <section key={set.set} aria-label={title}>
            <div className="strip-head">
              <h2 title={title}>{title}</h2>
              <button
                type="button"
                className="strip-close"
                aria-label={t("teacherBoard.closeSet", { title })}
                title={t("teacherBoard.closeSet", { title })}
                onClick={() => act(() => closeSet(room, set.set))}
              >
                <Icon drawing={CLOSE_ICON} />
              </button>
            </div>
            <ol>
              {Array.from({ length: set.count }, (_, i) => i + 1).map((number) => (
                <li key={number}>
                  <Thumbnail
                    {...{ set, number, door, models, show }}
                    isShown={shown.page === pageId(set, number)}
                    label={t("teacherBoard.pageOf", { title, number })}
                  />
                </li>
              ))}
            </ol>
            {set.pages === "board" ? (
              <button type="button" className="strip-add" onClick={() => add(set.set)}>
                <Icon drawing={ADD_ICON} /> <span>{t("teacherBoard.add")}</span>
              </button>
            ) : null}
          </section>
        );
      })}
    </nav>
  );
}

type ThumbnailProps = {
  readonly set: PageSet;
  readonly number: number;
  readonly label: string;
  readonly isShown: boolean;
  readonly door: BoardDoor;
  readonly models: PageModels;
  readonly show: (page: string) => void;
};

function Thumbnail({ set, number, label, isShown, door, models, show }: ThumbnailProps) {
  const page = pageId(set, number);
  const [address] = useState(() => (set.pages === "slides" ? door.slide(set.material, number, "small") : null));
  return (
    <button
      type="button"
      className="thumbnail"
      data-thumbnail={page}
      aria-label={label}
      aria-current={isShown}
      style={{ aspectRatio: `${PAGE_WIDTH} / ${set.height}` }}
      onClick={() => show(page)}
    >
      {address === null ? (
        <DrawnPage model={models} page={page} height={set.height} background={set.pages === "board" ? set.background : "blank"} />
      ) : (
        <SlidePicture address={address} />
      )}
      <span className="thumbnail-number" aria-hidden="true">
        {number}
      </span>
    </button>
  );
}

/** A page that is still being made is asked for again. */
function SlidePicture({ address }: { readonly address: string }) {
  const [isMissing, setIsMissing] = useState(false);
  useEffect(() => {
    if (!isMissing) return;
    const timer = setTimeout(() => setIsMissing(false), RETRY_MS);
    return () => clearTimeout(timer);
  }, [isMissing]);
  return isMissing ? null : <img src={address} alt="" loading="lazy" onError={() => setIsMissing(true)} />;
}

const RETRY_MS = 2000;
/** Pixels of a small picture's width: enough for screens with many. */
const WIDTH = 320;
/** A page that is being written on is drawn again so often. */
const EACH_MS = 2000;

type DrawnPageProps = {
  readonly model: PageModels;
  readonly page: string;
  readonly height: number;
  readonly background: Background;
};

function DrawnPage({ model: models, page, height, background }: DrawnPageProps) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const element = canvas.current;
    if (!element) return;
    const model = models.of(page);
    const shown = new CommittedItems();
    let isEmpty = true;
    let endPlan: (() => void) | null = null;
    const draw = (): void => {
      endPlan?.();
      endPlan = null;
      // A page with thousands of strokes is not drawn again for each that is added.
      const items = model.items().filter(isFinished);
      const difference = shown.take(items);
      if (isEmpty || difference.kind === "changed" || difference.kind === "all") drawSmall(element, items, { height, background });
      else if (difference.kind === "added") drawSmall(element, difference.items, null);
      isEmpty = false;
    };
    draw();
    const end = model.onChange(() => {
      endPlan ??= inTurnOnSchedule(draw, EACH_MS);
    });
    return () => {
      end();
      endPlan?.();
    };
  }, [models, page, height, background]);
  return <canvas ref={canvas} width={WIDTH} height={Math.round((WIDTH * height) / PAGE_WIDTH)} />;
}

function isFinished({ content, deleted }: Item): boolean {
  return !deleted && (content.type !== "stroke" || content.ended);
}

/** @param empty what lies below the items; null: they are drawn over what is there */
function drawSmall(
  canvas: HTMLCanvasElement,
  items: readonly Item[],
  empty: { readonly height: number; readonly background: Background } | null,
): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  const scale = canvas.width / PAGE_WIDTH;
  context.setTransform(scale, 0, 0, scale, 0, 0);
  if (empty) drawBackground(context, empty.background, empty.height);
  drawItems<CanvasImageSource>(context, items, { outlines: new Outlines(), image: () => null });
}
