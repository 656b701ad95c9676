/** Provides the layout of the wall, by the room that it has and the size of tiles that the person has chosen. */
import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { keepValue, keptValue } from "../../session/kept-values.ts";
import { TILE_SIZES, type TileSize, wallLayout } from "./wall-layout.ts";

const KEY = "lectern.wall-tiles";

export function useWallArea() {
  const place = useRef<HTMLDivElement>(null);
  const [size, setSize] = useState(keptSize);
  const [area, setArea] = useState({ width: innerWidth, height: innerHeight });
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const look = (): void => {
      const { left, right } = element.getBoundingClientRect();
      const { paddingLeft, paddingRight } = getComputedStyle(element);
      const width = Math.floor(right - left - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight));
      // What is in sight: the wall begins below the bar, whose height depends on the width alone.
      const height = Math.max(200, innerHeight - (element.offsetTop + PAGES));
      setArea((before) => (before.width === width && before.height === height ? before : { width, height }));
    };
    look();
    const watch = new ResizeObserver(look);
    watch.observe(element);
    addEventListener("resize", look);
    return () => {
      watch.disconnect();
      removeEventListener("resize", look);
    };
  }, []);
  const layout = useMemo(() => wallLayout(area.width, area.height, size), [area, size]);
  return {
    place,
    layout,
    size,
    setSize: (next: TileSize) => {
      setSize(next);
      keepValue("device", KEY, next);
    },
  };
}

/** The row of pages below the tiles, with its space. */
const PAGES = 84;

function keptSize(): TileSize {
  const kept = keptValue("device", KEY);
  return TILE_SIZES.find((one) => one === kept) ?? "middle";
}
