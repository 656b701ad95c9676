/** Shows the tiles of the wall in columns, along which arrow keys move. */
import type { KeyboardEvent, Ref } from "react";
import { useTranslation } from "../../texts/use-translation.ts";
import { Tile } from "./tile.tsx";
import { tileMove } from "./tile-moves.ts";
import type { WallData } from "./use-wall.ts";

type TilesProps = {
  readonly ref: Ref<HTMLUListElement>;
  readonly wall: WallData;
  readonly columns: number;
  /** The tile that has the focus, or gets it. */
  readonly at: number;
  /** The candidate who is open; null: none. */
  readonly openId: string | null;
  readonly onFocus: (at: number) => void;
  readonly onMove: (to: number) => void;
  readonly onTurn: (step: 1 | -1) => void;
  readonly onOpen: (attemptId: string) => void;
};

export function Tiles({ ref, wall, columns, at, openId, onFocus, onMove, onTurn, onOpen }: TilesProps) {
  const { t } = useTranslation();
  const { items, kind, isStale, hold } = wall;
  const onKey = (event: KeyboardEvent): void => {
    if (!(event.target instanceof HTMLElement) || !event.target.classList.contains("tile")) return;
    const move = tileMove(event.key, at, columns, items.length);
    if (move === null) return;
    event.preventDefault();
    hold();
    if (move === "next-page") onTurn(1);
    else if (move === "previous-page") onTurn(-1);
    else onMove(move.to);
  };
  return (
    <ul
      className={isStale ? "tiles stale" : "tiles"}
      ref={ref}
      aria-label={t("wall.candidates")}
      style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
      onPointerMove={hold}
      onKeyDown={onKey}
    >
      {items.map((item, index) => (
        <Tile
          key={item.attemptId}
          item={item}
          kind={kind}
          isFirst={index === at}
          isOpen={item.attemptId === openId}
          onFocus={() => onFocus(index)}
          onOpen={() => onOpen(item.attemptId)}
        />
      ))}
    </ul>
  );
}
